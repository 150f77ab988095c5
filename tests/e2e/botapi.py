#!/usr/bin/env python3
"""botapi.py - the Bot API of the tests keeps the rules that it is there to check."""
import sys

from lib.daemon import Checks
from lib.telegram import Telegram

checks = Checks()


def test_first(tg):
    mia = tg.control("user", first_name="Mia")["id"]
    tg.control("send", user=mia, text="/start")
    got = tg.call("getUpdates", timeout=5)["result"]
    checks.equal([u["message"]["text"] for u in got], ["/start"], "an update")
    keys = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
    tg.call("sendMessage", chat_id=mia, text="hello", reply_markup=keys)
    checks.check(tg.wait(chat=mia, bot_messages=1), "a message")
    pressed = tg.control("press", chat=mia, text="A")
    checks.check(tg.call("answerCallbackQuery", callback_query_id=pressed["query_id"])["ok"],
                 "answered")
    checks.equal(tg.control("violations"), [], "as documented")


def main():
    with Telegram() as tg:
        test_first(tg)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
