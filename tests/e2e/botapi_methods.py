#!/usr/bin/env python3
"""botapi_methods.py - the Bot API of the tests takes what is documented and nothing else, and its
methods do and say what the real ones do.

Rows are (what is sent, what must be said).
"""
import base64
import json
import os
import sys

from lib.daemon import ROOT, Checks
from lib.telegram import Refused, Telegram, description, keys

sys.path.insert(0, os.path.join(ROOT, "tests/fake"))
from botapi_schema import METHODS
from botapi_text import HtmlError, parse_html


PIZZA = "\U0001f355"
MODIFIED = ("Bad Request: message is not modified: specified new message content and reply "
            "markup are exactly the same as a current content and reply markup of the message")
OLD = ("Bad Request: query is too old and response timeout expired or query ID is invalid")
checks = Checks()


def test_schema(tg):
    mia = tg.user("Mia")
    tg.control("send", user=mia, text="x")
    e = {"type": "bold", "offset": 0, "length": 1}

    def message(**more):
        return "sendMessage", {"chat_id": mia, "text": "hello", **more}

    def entities(*list, text="hello"):
        return message(text=text, entities=[{**e, **x} for x in list])

    def button(**b):
        return message(reply_markup={"inline_keyboard": [[{"text": "A", **b}]]})

    bad = [
        (message(foo=1), "unknown parameter foo"),
        (message(text=1), "text: Integer is not String"),
        (message(text=None), "text: null is not String"),
        (message(chat_id="12"), "chat_id: '12' is neither"),
        (message(chat_id=True), "chat_id: True is neither"),
        (message(chat_id=1.0), "chat_id: 1.0 is neither"),
        (("sendMessage", {"text": "x"}), "chat_id is missing"),
        (message(message_thread_id="1"), "message_thread_id: String is not Integer"),
        (message(message_thread_id=True), "message_thread_id: Boolean is not Integer"),
        (message(disable_notification=1), "disable_notification: Integer is not Boolean"),
        (message(link_preview_options={"disabled": True}), "unknown parameter link_preview_optio"),
        (message(link_preview_options="{}"), "String is not a LinkPreviewOptions"),
        (message(link_preview_options={"is_disabled": True, "url": "x"}), "a url, but disabled"),
        (message(parse_mode="MarkdownV2"), "parse_mode 'MarkdownV2'"),
        (message(parse_mode="HTML", entities=[]), "exclude each other"),
        (message(text=""), "message text is empty"),
        (message(text=" \n "), "message text is empty"),
        (message(text="x" * 4097), "message is too long"),
        (message(text=PIZZA * 2048 + "x"), "message is too long"),
        (message(text="a\0b"), "a NUL character"),
        (message(text="x" + " " * 32768), "text is too long"),
        (entities({"type": "loud"}), "unknown type 'loud'"),
        (entities({"length": 0}), "0..0 is not within"),
        (entities({"offset": -1}), "-1..0 is not within"),
        (entities({"length": 6}), "0..6 is not within"),
        (entities({"offset": 1}, text=PIZZA), "splits a surrogate pair"),
        (entities({}, text=PIZZA), "splits a surrogate pair"),
        (entities({"type": "text_link"}), "text_link without url"),
        (entities({"url": "http://x"}), "url in bold"),
        (entities({"type": "date_time"}), "date_time without unix_time"),
        (entities({"length": 3}, {"offset": 2, "length": 3, "type": "italic"}), "cross"),
        (entities({"type": "code", "length": 3}, {}), "code and pre hold nothing"),
        (entities({"type": "blockquote", "length": 3},
                  {"type": "expandable_blockquote"}), "a quote in a quote"),
        (entities(*[{}] * 101), "101 entities, at most 100"),
        (message(entities=[{"type": "bold", "offset": 0}]), "entities[0].length is missing"),
        (message(entities=[dict(e, foo=1)]), "unknown parameter entities[0].foo"),
        (button(), "exactly one action, not 0"),
        (button(callback_data="a", url="http://x"), "exactly one action, not 2"),
        (button(callback_data=""), "0 bytes, not 1..64"),
        (button(callback_data="x" * 65), "65 bytes, not 1..64"),
        (button(callback_data="é" * 33), "66 bytes, not 1..64"),
        (button(callback_data="a", style="red"), "style 'red'"),
        (button(callback_data="a", colour="red"), "unknown parameter"),
        (button(callback_data="a", text=" "), "no text"),
        (button(url="javascript:x"), "is not an HTTP"),
        (button(copy_text={"text": "x" * 257}), "257 UTF-16 units, not 1..256"),
        (message(reply_markup={"inline_keyboard": [[]]}), "0 buttons in a row"),
        (message(reply_markup=keys(*[[("A", "a")]] * 101)), "more than 100 buttons"),
        (message(reply_markup={"inline_keyboard": {}}), "Object is not an Array"),
        (message(reply_markup={"buttons": []}), "is none of"),
        (message(reply_markup={"remove_keyboard": False}), "False is not True"),
        (message(reply_markup={"keyboard": [["A"]], "input_field_placeholder": "x" * 65}),
         "65 UTF-16 units"),
        (message(reply_parameters={}), "one of message_id"),
        (message(reply_parameters={"message_id": 1, "quote_position": 1}), "without a quote"),
        (("getUpdates", {"allowed_updates": "message"}), "String is not an Array"),
        (("getUpdates", {"allowed_updates": ["messages"]}), "unknown 'messages'"),
        (("getUpdates", {"offset": 2 ** 31}), "more than 32 bits"),
        (("getUpdates", {"limit": "100"}), "limit: String is not Integer"),
        (("setWebhook", {"url": "https://a.b", "secret_token": "a b"}), "secret_token: "),
        (("setWebhook", {"url": "https://a.b", "max_connections": 0}), "not 1..100"),
        (("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}), "201 UTF-16"),
        (("answerCallbackQuery", {"callback_query_id": 1}), "Integer is not String"),
        (("sendChatAction", {"chat_id": mia, "action": "type"}), "wrong parameter action"),
        (("editMessageText", {"chat_id": mia, "text": "x"}), "either chat_id and message_id"),
        (("editMessageText", {"chat_id": mia, "message_id": 1, "text": "x",
                              "reply_markup": {"force_reply": True}}), "unknown parameter"),
        (("deleteMessages", {"chat_id": mia, "message_ids": []}), "0 message_ids"),
        (("deleteMessages", {"chat_id": mia, "message_ids": [1, 1]}), "one twice"),
        (("createForumTopic", {"chat_id": mia, "name": "x" * 129}), "129 UTF-16 units"),
        (("createForumTopic", {"chat_id": mia, "name": "x", "icon_color": 1}), "icon_color"),
        (("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}),
         "BOT_COMMAND_INVALID"),
        (("setMyCommands", {"commands": [{"command": "a", "description": ""}]}), "0 UTF-16"),
        (("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 2}), "twice"),
        (("setMyCommands", {"commands": [{"command": f"c{i}", "description": "x"}
                                         for i in range(101)]}), "at most 100"),
        (("setMyCommands", {"commands": [], "scope": {"type": "all"}}), "unknown type 'all'"),
        (("setMyCommands", {"commands": [], "scope": {"type": "chat"}}), "scope chat: fields"),
        (("setMyCommands", {"commands": [], "language_code": "eng"}), "not a two-letter code"),
        (("setMyName", {"name": "x" * 65}), "not 0..64"),
        (("setMyDescription", {"description": "x" * 513}), "not 0..512"),
        (("setMyShortDescription", {"short_description": "x" * 121}), "not 0..120"),
        (("setMessageReaction", {"chat_id": mia, "message_id": 1, "reaction": [
            {"type": "emoji", "emoji": "x"}]}), "REACTION_INVALID"),
        (("sendDocument", {"chat_id": mia, "document": "x", "caption": "x" * 1025}),
         "message caption is too long"),
    ]
    for (method, params), want in bad:
        answer = tg.call(method, **params)
        got = tg.violations()
        checks.check(answer.get("error_code") == 400 and len(got) == 1 and want in got[0],
                     f"{method} {json.dumps(params)[:90]}: {want}", got, answer)
    checks.equal(tg.call(*message(text="")[:1], chat_id=mia, text="")["description"],
                 "Bad Request: message text is empty", "in the words of the real server")
    tg.violations()

    good = [
        message(text="x" * 4096), message(text=PIZZA * 2048), message(text="  x  "),
        entities({"length": 2}, text=PIZZA),
        entities({"length": 5}, {"type": "italic", "offset": 1, "length": 2}),
        entities({"type": "date_time", "unix_time": 1900000000, "date_time_format": "wDT"}),
        entities({"type": "pre", "language": "c", "length": 5}),
        entities({"type": "text_link", "url": "https://a.b"}),
        button(callback_data="x" * 64, style="danger"), button(copy_text={"text": "x" * 256}),
        button(url="https://a.b/c"), button(switch_inline_query=""),
        message(reply_markup={"keyboard": [["A", {"text": "B", "request_contact": True}]],
                              "resize_keyboard": True}),
        message(reply_markup={"remove_keyboard": True}),
        message(reply_markup={"force_reply": True, "input_field_placeholder": "Name"}),
        message(reply_parameters={"message_id": 99, "allow_sending_without_reply": True}),
        message(link_preview_options={"url": "https://a.b", "prefer_small_media": True}),
        message(protect_content=True, disable_notification=False),
        ("setMyCommands", {"commands": [{"command": "help", "description": "Help"}],
                           "scope": {"type": "all_private_chats"}, "language_code": "de"}),
        ("sendChatAction", {"chat_id": mia, "action": "typing"}),
    ]
    for method, params in good:
        answer = tg.call(method, **params)
        checks.check(answer["ok"], f"{method} {json.dumps(params)[:90]}", answer, tg.violations())
    checks.equal(tg.violations(), [], "nothing wrong with these")
    checks.equal(len(METHODS), 31, "methods")


def test_html():
    rows = [
        ("a <b>b &lt;&amp;&#33;</b>", "a b <&!", [("bold", 2, 5)]),
        (f"{PIZZA}<i>x</i>", f"{PIZZA}x", [("italic", 2, 1)]),
        ("<a href=\"http://x/?a&amp;b\">l</a>", "l", [("text_link", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<b><i>x</i>y</b>", "xy", [("bold", 0, 2), ("italic", 0, 1)]),
        ("<b></b>x", "x", []),
        ("<p>x</p>", None, "Unsupported start tag \"p\" at byte offset 0"),
        ("x < y", None, "Unsupported start tag \"\" at byte offset 2"),
        ("é<b>x", None, "Can't find end tag corresponding to start tag \"b\""),
        ("é<b>x</i>", None,
         "Unmatched end tag at byte offset 6, expected \"</b>\", found \"</i>\""),
        ("x</b>", None, "Unexpected end tag at byte offset 1"),
    ]
    for source, text, want in rows:
        try:
            got_text, found = parse_html(source)
            got = [(e["type"], e["offset"], e["length"]) for e in found]
        except HtmlError as e:
            got_text, got = None, str(e)
        checks.equal((got_text, got), (text, want), source)


def test_errors(tg):
    mia, leo, ann = tg.user("Mia"), tg.user("Leo"), tg.user("Ann")
    for u in (mia, leo, ann):
        tg.control("send", user=u, text="hi")
    silent = tg.user("Silent")
    group = tg.control("chat", type="group")["id"]
    sup = tg.control("chat", type="supergroup", username="advisors", is_forum=True,
                     bot="administrator")["id"]
    plain = tg.control("chat", type="supergroup")["id"]
    channel = tg.control("chat", type="channel")["id"]
    tg.control("block", user=leo)
    tg.control("deactivate", user=ann)
    sent = tg.call("sendMessage", chat_id=mia, text="hello", reply_markup=keys([("A", "a")]))
    id = sent["result"]["message_id"]
    topic = tg.call("createForumTopic", chat_id=sup, name="Case 1")["result"]["message_thread_id"]
    big = keys(*[[("A" * 100, "x" * 64)] for _ in range(60)])

    def say(chat, **more):
        return "sendMessage", {"chat_id": chat, "text": "x", **more}

    def change(**more):
        return "editMessageText", {"chat_id": mia, "message_id": id, **more}

    rows = [
        (say(0), 400, "Bad Request: chat_id is empty"),
        (say(""), 400, "Bad Request: chat_id is empty"),
        (say(4242), 400, "Bad Request: chat not found"),
        (say("@nobody"), 400, "Bad Request: chat not found"),
        (say(silent), 403, "Forbidden: bot can't initiate conversation with a user"),
        (say(leo), 403, "Forbidden: bot was blocked by the user"),
        (say(ann), 403, "Forbidden: user is deactivated"),
        (say(channel), 400, "Bad Request: need administrator rights in the channel chat"),
        (say(mia, message_thread_id=5), 400, "Bad Request: message thread not found"),
        (say(sup, message_thread_id=1), 400, "Bad Request: message thread not found"),
        (say(mia, reply_parameters={"message_id": 99}), 400,
         "Bad Request: message to be replied not found"),
        (say(mia, reply_markup=big), 400, "Bad Request: reply markup is too long"),
        (say(mia, text="<p>", parse_mode="HTML"), 400,
         "Bad Request: can't parse entities: Unsupported start tag \"p\" at byte offset 0"),
        (change(text="hello", reply_markup=keys([("A", "a")])), 400, MODIFIED),
        (("editMessageReplyMarkup", {"chat_id": mia, "message_id": id,
                                     "reply_markup": keys([("A", "a")])}), 400, MODIFIED),
        (change(text="x", message_id=77), 400, "Bad Request: message to edit not found"),
        (change(text="x", message_id=1), 400, "Bad Request: message can't be edited"),
        (("deleteMessage", {"chat_id": mia, "message_id": 77}), 400,
         "Bad Request: message to delete not found"),
        (("copyMessage", {"chat_id": sup, "from_chat_id": mia, "message_id": 77}), 400,
         "Bad Request: message to copy not found"),
        (("copyMessage", {"chat_id": mia, "from_chat_id": sup, "message_id": topic}), 400,
         "Bad Request: message can't be copied"),
        (("answerCallbackQuery", {"callback_query_id": "1"}), 400, OLD),
        (("createForumTopic", {"chat_id": group, "name": "x"}), 400,
         "Bad Request: the chat is not a forum"),
        (("closeForumTopic", {"chat_id": sup, "message_thread_id": 99}), 400,
         "Bad Request: message thread not found"),
        (("leaveChat", {"chat_id": mia}), 400,
         "Bad Request: chat member status can't be changed in private chats"),
        (("setMessageReaction", {"chat_id": mia, "message_id": 99}), 400,
         "Bad Request: message to react not found"),
        (("getChatMember", {"chat_id": mia, "user_id": 5}), 400,
         "Bad Request: invalid user_id specified"),
        (("sendDocument", {"chat_id": mia, "document": "nothing"}), 400,
         "Bad Request: wrong file identifier/HTTP URL specified"),
        (("sendDocument", {"chat_id": mia, "document": "attach://x"}), 400,
         "Bad Request: there is no document in the request"),
    ]
    for (method, params), code, text in rows:
        status, answer = tg.bot.post(f"/bot{tg.token}/{method}", params)
        checks.equal((status, answer.get("error_code"), description(answer)), (code, code, text),
                     f"{method} {json.dumps(params)[:70]}")

    for chat, kind in ((group, "group chat"), (plain, "supergroup chat")):
        tg.control("member", chat=chat, status="kicked", user=mia)
        checks.equal(description(tg.call(*say(chat)[:1], **say(chat)[1])),
                     f"Forbidden: bot was kicked from the {kind}", kind)
        tg.control("member", chat=chat, status="left", user=mia)
        checks.equal(description(tg.call("sendMessage", chat_id=chat, text="x")),
                     f"Forbidden: bot is not a member of the {kind}", kind)
        tg.control("member", chat=chat, status="member", user=mia)
        checks.check(tg.call("sendMessage", chat_id=chat, text="x")["ok"], "back again")
    new = tg.control("migrate", chat=group, user=mia)["chat"]
    answer = tg.call("sendMessage", chat_id=group, text="x")
    checks.equal((description(answer), answer["parameters"]),
                 ("Bad Request: group chat was upgraded to a supergroup chat",
                  {"migrate_to_chat_id": new}), "migrated")
    checks.check(tg.call("sendMessage", chat_id=new, text="x")["ok"], "the new one is there")
    tg.control("unblock", user=leo)
    checks.check(tg.call("sendMessage", chat_id=leo, text="x")["ok"], "unblocked")
    checks.check(tg.call("sendMessage", chat_id="@Advisors", text="x")["ok"], "by its name")
    tg.control("topic_delete", chat=sup, thread=topic)
    checks.equal(description(tg.call("sendMessage", chat_id=sup, text="x",
                                     message_thread_id=topic)),
                 "Bad Request: message thread not found", "a deleted topic")
    tg.control("clock", freeze=True)
    tg.control("clock", advance=2 * 86400 + 1)
    checks.equal(description(tg.call("deleteMessage", chat_id=mia, message_id=id)),
                 "Bad Request: message can't be deleted", "after two days")
    checks.equal(tg.violations(), [], "none of this is a violation")
    tg.control("clock", freeze=False)
    tg.drain()


def test_messages(tg):
    tg.control("clock", freeze=True)
    mia = tg.user("Mia")
    hers = tg.control("send", user=mia, text="one")["message_id"]
    sent = tg.call("sendMessage", chat_id=mia, text="  hello there ", entities=[
        {"type": "bold", "offset": 2, "length": 5}], reply_markup=keys([("A", "a"), ("B", "b")]),
        reply_parameters={"message_id": hers})["result"]
    checks.equal((sent["text"], sent["entities"]),
                 ("hello there", [{"type": "bold", "offset": 0, "length": 5}]), "trimmed")
    checks.equal((sent["message_id"], sent["reply_to_message"]["message_id"],
                  sent["from"]["is_bot"], sent["chat"]["first_name"]),
                 (hers + 1, hers, True, "Mia"), "a message")
    tg.control("clock", advance=1)
    edited = tg.call("editMessageText", chat_id=mia, message_id=sent["message_id"],
                     text="bye")["result"]
    checks.check("reply_markup" not in edited and edited["edit_date"] > sent["date"], "edited")
    tg.call("editMessageReplyMarkup", chat_id=mia, message_id=sent["message_id"],
            reply_markup=keys([("C", "c")]))
    [first, line] = tg.control("transcript", chat=mia)
    checks.equal((first["bot"], first["text"], line["bot"], line["text"], line["reply_to"]),
                 (False, "one", True, "bye", hers), "transcript")
    checks.equal([e["text"] for e in line["edits"]], ["hello there", "bye"], "its edits")
    checks.equal(line["keyboard"], keys([("C", "c")]), "its keyboard")
    checks.check(tg.call("deleteMessage", chat_id=mia, message_id=sent["message_id"])["ok"],
                 "deleted")
    ids = [tg.call("sendMessage", chat_id=mia, text=f"x{i}")["result"]["message_id"]
           for i in range(3)]
    checks.check(tg.call("deleteMessages", chat_id=mia, message_ids=ids[:2] + [999])["ok"],
                 "several, one of them not there")
    checks.equal([m["deleted"] for m in tg.control("transcript", chat=mia)],
                 [False, True, True, True, False], "deleted")
    got = tg.control("edit", chat=mia, message_id=hers, text="two")["update_id"]
    update = tg.call("getUpdates")["result"][-1]
    checks.equal((update["update_id"], update["edited_message"]["text"]), (got, "two"),
                 "a user edits")
    tg.call("setMessageReaction", chat_id=mia, message_id=hers,
            reaction=[{"type": "emoji", "emoji": "👍"}])
    checks.check("👍" in str(tg.control("transcript", chat=mia)[0]["reactions"]), "reaction")
    tg.call("sendChatAction", chat_id=mia, action="typing")
    checks.equal([(a["chat"], a["action"]) for a in tg.control("actions")], [(mia, "typing")],
                 "action")
    html = tg.call("sendMessage", chat_id=mia, text="<b>x</b>", parse_mode="HTML")["result"]
    checks.equal(html["entities"], [{"type": "bold", "offset": 0, "length": 1}], "HTML")
    tg.control("clock", freeze=False)
    tg.drain()


def test_callbacks(tg):
    tg.control("clock", freeze=True)
    mia, leo = tg.user("Mia"), tg.user("Leo")
    tg.control("send", user=mia, text="x")
    id = tg.call("sendMessage", chat_id=mia, text="pick",
                 reply_markup=keys([("A", "a")], [("B", "b")]))["result"]["message_id"]
    pressed = tg.control("press", chat=mia, text="B")
    query = tg.call("getUpdates", offset=-1)["result"][0]["callback_query"]
    checks.equal((query["id"], query["data"], query["message"]["message_id"], query["from"]["id"]),
                 (pressed["query_id"], "b", id, mia), "a press")
    checks.check(tg.call("answerCallbackQuery", callback_query_id=query["id"], text="ok",
                         show_alert=True)["ok"], "answered")
    checks.equal(description(tg.call("answerCallbackQuery", callback_query_id=query["id"])), OLD,
                 "not twice")
    a = tg.control("queries")[query["id"]]["answer"]
    checks.equal((a["text"], a["show_alert"]), ("ok", True), "what was shown")
    late = tg.control("press", chat=mia, message_id=id, data="a", user=leo)["query_id"]
    tg.control("clock", advance=16)
    checks.equal(description(tg.call("answerCallbackQuery", callback_query_id=late)), OLD,
                 "too late")
    try:
        tg.control("press", chat=mia, text="C")
        checks.check(False, "a button that is not there")
    except Refused as e:
        checks.check("no button 'C' among" in str(e), "a button that is not there", e)
    tg.control("press", chat=mia, message_id=id, data="forged", user=leo, forge=True)
    query = tg.call("getUpdates", offset=-1)["result"][0]["callback_query"]
    checks.equal((query["data"], query["from"]["id"]), ("forged", leo), "forged data")
    tg.control("press", chat=mia, message_id=id, data="a", inaccessible=True)
    message = tg.call("getUpdates", offset=-1)["result"][0]["callback_query"]["message"]
    checks.equal((message["date"], "text" in message), (0, False), "an inaccessible message")
    tg.control("clock", freeze=False)
    tg.drain()


def test_document(tg):
    mia = tg.user("Mia")
    tg.control("send", user=mia, text="x")
    data = b"BEGIN:VCALENDAR\r\n--X\r\n\0\xff\r\nEND:VCALENDAR\r\n"

    def send(file, extra="", name="document"):
        body = (f"--BB\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n{mia}\r\n{extra}"
                f"--BB\r\nContent-Disposition: form-data; name=\"{name}\"; "
                "filename=\"termin \\\"1\\\".ics\"\r\nContent-Type: text/calendar\r\n\r\n"
                ).encode() + file + b"\r\n--BB--\r\n"
        answer = tg.raw(f"POST /bot{tg.token}/sendDocument HTTP/1.1\nHost: x\n"
                     f"Content-Type: multipart/form-data; boundary=BB\n"
                     f"Content-Length: {len(body)}", body)
        return json.loads(answer.partition(b"\r\n\r\n")[2])

    part = "--BB\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
    sent = send(data, part % ("disable_content_type_detection", "true") +
                part % ("caption", "Termin"))["result"]
    d = sent["document"]
    checks.equal((d["file_name"], d["mime_type"], d["file_size"], sent["caption"]),
                 ('termin "1".ics', "text/calendar", len(data), "Termin"), "a document")
    kept = tg.control("file", id=d["file_id"])
    checks.equal((kept["name"], base64.b64decode(kept["base64"])), ('termin "1".ics', data),
                 "every byte")
    again = tg.call("sendDocument", chat_id=mia, document=d["file_id"])["result"]
    checks.equal(again["document"]["file_id"], d["file_id"], "again by its id")
    checks.equal(description(send(b"")), "Bad Request: file must be non-empty", "empty")
    attached = send(data, part % ("document", "attach://f1"), "f1")
    checks.check(attached["ok"], "attached", attached)
    checks.equal(tg.violations(), [], "as documented")
    checks.check(not send(data, part % ("disable_content_type_detection", "yes"))["ok"] and
                 "is not Boolean" in tg.violations()[0], "a part of the wrong type")
    copy = tg.call("copyMessage", chat_id=mia, from_chat_id=mia, message_id=sent["message_id"])
    line = tg.control("transcript", chat=mia)[-1]
    checks.equal((copy["result"]["message_id"], line["caption"], line["document"]["file_id"]),
                 (line["message_id"], "Termin", d["file_id"]), "copied")
    params = tg.control("requests", method="sendDocument")[0]["params"]
    checks.equal(params["document"]["type"], "text/calendar", "in the log, without its bytes")
    tg.drain()


def test_bot(tg):
    commands = [{"command": "help", "description": "Help"}]
    checks.equal(tg.call("getMyCommands")["result"], [], "no commands")
    tg.call("setMyCommands", commands=commands)
    tg.call("setMyCommands", commands=[], language_code="de")
    checks.equal(tg.call("getMyCommands")["result"], commands, "commands")
    checks.equal(tg.call("getMyCommands", language_code="de")["result"], [], "by language")
    scope = {"type": "all_group_chats"}
    checks.equal(tg.call("getMyCommands", scope=scope)["result"], [], "by scope")
    checks.equal(len(tg.control("commands")), 2, "both kept")
    tg.call("deleteMyCommands")
    checks.equal(tg.call("getMyCommands")["result"], [], "deleted")
    checks.equal(description(tg.call("setMyCommands", commands=[], scope={
        "type": "chat_administrators", "chat_id": -5})), "Bad Request: chat not found", "scope")
    for what, key in (("Name", "name"), ("Description", "description"),
                      ("ShortDescription", "short_description")):
        checks.check(tg.call(f"setMy{what}", **{key: "Bot", "language_code": "de"})["ok"], what)
        checks.equal(tg.call(f"getMy{what}", language_code="de")["result"], {key: "Bot"}, what)
    tg.call("setMyName", name="Other")
    checks.equal(tg.call("getMe")["result"]["first_name"], "Other", "its name")
    tg.control("config", can_read_all_group_messages=True, username="other_bot")
    me = tg.call("getMe")["result"]
    checks.equal((me["can_read_all_group_messages"], me["username"]), (True, "other_bot"), "config")
    tg.control("config", can_read_all_group_messages=False, username="credbot_bot")
    checks.check(tg.call("close")["result"], "close")


def test_groups(tg):
    """T-8: who hears what, topics, members."""
    mia = tg.user("Mia")
    group = tg.control("chat", type="supergroup")["id"]
    mine = tg.call("sendMessage", chat_id=group, text="x")["result"]["message_id"]
    rows = [
        (dict(text="hello"), False), (dict(text="/help"), True),
        (dict(text="/help@credbot_bot"), True), (dict(text="/help@CREDBOT_BOT"), True), (dict(text="/help@other_bot"), False),
        (dict(text="hey @credbot_bot"), True), (dict(text="hey @other"), False),
        (dict(text="a", reply_to=mine), True), (dict(media={"voice": {}}), False),
        (dict(media={"photo": None}, caption=f"{PIZZA} @credbot_bot"), True),
    ]
    for what, heard in rows:
        got = tg.control("send", chat=group, user=mia, **what)["update_id"]
        checks.equal(got is not None, heard, f"privacy: {what}")
    u = tg.control("send", chat=group, user=mia, text=f"{PIZZA} /start@credbot_bot x")
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal((message["message_id"], message["entities"]), (u["message_id"], [
        {"type": "bot_command", "offset": 3, "length": 18}]), "offsets in UTF-16 units")

    forum = tg.control("chat", type="supergroup", is_forum=True, bot="administrator")["id"]
    checks.check(tg.control("send", chat=forum, user=mia, text="x")["update_id"],
                 "an admin hears all")
    topic = tg.call("createForumTopic", chat_id=forum, name=" Case ", icon_color=9367192)["result"]
    checks.equal((topic["name"], topic["icon_color"]), ("Case", 9367192), "a topic")
    thread = topic["message_thread_id"]
    sent = tg.call("sendMessage", chat_id=forum, text="x", message_thread_id=thread)["result"]
    checks.equal((sent["message_thread_id"], sent["is_topic_message"], sent["chat"]["is_forum"]),
                 (thread, True, True), "in the topic")
    checks.equal(sent["reply_to_message"]["forum_topic_created"]["name"], "Case",
                 "what answers nothing answers the topic")
    general = tg.control("send", chat=forum, user=mia, text="a")["message_id"]
    tg.control("send", chat=forum, user=mia, text="b", reply_to=general)
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal((message["message_thread_id"], "is_topic_message" in message), (general, False),
                 "an answer in General has a thread id")
    checks.equal(description(tg.call("sendMessage", chat_id=forum, text="x",
                                     message_thread_id=general)),
                 "Bad Request: message thread not found", "that is of no use")
    tg.control("send", chat=forum, user=mia, text="answer", thread=thread)
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal((message["message_thread_id"], message["is_topic_message"]), (thread, True),
                 "an answer there")
    checks.equal([m["text"] for m in tg.control("transcript", chat=forum, thread=thread)],
                 [None, "x", "answer"], "its transcript")
    checks.check(tg.call("closeForumTopic", chat_id=forum, message_thread_id=thread)["ok"],
                 "closed")
    checks.equal(description(tg.call("closeForumTopic", chat_id=forum, message_thread_id=thread)),
                 "Bad Request: TOPIC_NOT_MODIFIED", "once")
    theirs = tg.control("topic", chat=forum, user=mia, name="T")["message_thread_id"]
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal((message["forum_topic_created"]["name"], message["message_id"]), ("T", theirs),
                 "a user opens one")
    tg.control("topic_close", chat=forum, thread=theirs, user=mia)
    tg.control("member", chat=forum, status="member", user=mia)
    checks.equal(description(tg.call("sendMessage", chat_id=forum, text="x",
                                     message_thread_id=theirs)), "Bad Request: TOPIC_CLOSED",
                 "closed for members")
    checks.equal(description(tg.call("createForumTopic", chat_id=forum, name="x")),
                 "Bad Request: not enough rights to create a topic", "rights")
    change = tg.call("getUpdates", offset=-1)["result"][0]["my_chat_member"]
    checks.equal((change["old_chat_member"]["status"], change["new_chat_member"]["status"]),
                 ("administrator", "member"), "member change")
    member = tg.call("getChatMember", chat_id=forum, user_id=mia)["result"]
    checks.equal((member["status"], member["user"]["first_name"]), ("member", "Mia"), "a member")
    checks.equal(tg.call("getChat", chat_id=forum)["result"]["type"], "supergroup", "getChat")
    checks.check(tg.call("leaveChat", chat_id=forum)["ok"], "leaves")
    checks.equal(tg.call("getChatMember", chat_id=forum,
                         user_id=int(tg.token.split(":")[0]))["result"]["status"], "left", "left")
    tg.control("member", chat=forum, status="member", user=mia)
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal(message["new_chat_members"][0]["is_bot"], True, "added again")
    basic = tg.control("chat", type="group")["id"]
    new = tg.control("migrate", chat=basic, user=mia)["chat"]
    got = [u["message"] for u in tg.call("getUpdates", offset=-2)["result"]]
    checks.equal((got[0]["migrate_to_chat_id"], got[1]["migrate_from_chat_id"]), (new, basic),
                 "migration is announced")
    channel = tg.control("chat", type="channel", bot="administrator")["id"]
    tg.control("send", chat=channel, user=mia, text="news")
    checks.check("channel_post" in tg.call("getUpdates", offset=-1)["result"][0], "a channel")
    tg.control("send", user=mia, media={"contact": {"phone_number": "+1"}})
    message = tg.call("getUpdates", offset=-1)["result"][0]["message"]
    checks.equal(message["contact"], {"phone_number": "+1", "first_name": "Mia"}, "a contact")
    for kind in ("voice", "photo", "document", "sticker", "location", "video", "audio"):
        tg.control("send", user=mia, media={kind: {}})
        checks.check(kind in tg.call("getUpdates", offset=-1)["result"][0]["message"], kind)
    blocked = tg.control("block", user=mia)["update_id"]
    update = tg.call("getUpdates", offset=-1)["result"][0]
    checks.equal((update["update_id"], update["my_chat_member"]["new_chat_member"]["status"]),
                 (blocked, "kicked"), "blocked")
    checks.equal(tg.violations(), [], "as documented")
    tg.drain()


TESTS = (test_schema, test_errors, test_messages, test_callbacks, test_document, test_bot,
         test_groups)


def main():
    test_html()
    for test in TESTS:
        with Telegram() as tg:
            test(tg)
    return checks.end()


if __name__ == "__main__":
    sys.exit(main())
