"""peer_ptb.py - a bot on python-telegram-bot that answers every text with one and the same message.

    python3 peer_ptb.py API_URL TOKEN REPLY_FILE N

At most N messages are worked on at a time.
"""
import json
import sys

from telegram import InlineKeyboardMarkup, LinkPreviewOptions, MessageEntity
from telegram.ext import Application, MessageHandler, filters


def main():
    api_url, token, path, n = sys.argv[1:]
    with open(path, encoding="utf-8") as f:
        reply = json.load(f)
    more = {"entities": [MessageEntity.de_json(e, None) for e in reply.get("entities", [])],
            "link_preview_options": LinkPreviewOptions(is_disabled=True)}
    if "reply_markup" in reply:
        more["reply_markup"] = InlineKeyboardMarkup.de_json(reply["reply_markup"], None)

    async def answer(update, context):
        await context.bot.send_message(update.effective_chat.id, reply["text"], **more)

    app = Application.builder().token(token).base_url(f"{api_url}/bot").concurrent_updates(
        int(n)).build()
    app.add_handler(MessageHandler(filters.TEXT, answer))
    app.run_polling()


if __name__ == "__main__":
    main()
