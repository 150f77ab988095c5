"""botapi_schema.py - what each method takes, as the Bot API documents it (version 10.4).

A line of a table is "name:Type", with "!" when it must be there. Types: String, Integer,
Float, Boolean, True, ChatId (a number, or "@name"), InputFile, the name of another object,
[Type] for an array, A|B for a choice. What a table cannot say is checked by functions below.
"""
import json
import re

from botapi_text import MAX_BYTES, MAX_CAPTION, MAX_UNITS, check_entities, is_utf8, units

OBJECTS = {
    "MessageEntity": "type:String! offset:Integer! length:Integer! url:String user:User "
                     "language:String custom_emoji_id:String unix_time:Integer "
                     "date_time_format:String",
    "User": "id:Integer! is_bot:Boolean! first_name:String! last_name:String username:String "
            "language_code:String is_premium:True added_to_attachment_menu:True",
    "ReplyParameters": "message_id:Integer chat_id:ChatId ephemeral_message_id:Integer "
                       "allow_sending_without_reply:Boolean quote:String "
                       "quote_parse_mode:String quote_entities:[MessageEntity] "
                       "quote_position:Integer checklist_task_id:Integer poll_option_id:String",
    "LinkPreviewOptions": "is_disabled:Boolean url:String prefer_small_media:Boolean "
                          "prefer_large_media:Boolean show_above_text:Boolean",
    "InlineKeyboardMarkup": "inline_keyboard:[[InlineKeyboardButton]]!",
    "InlineKeyboardButton": "text:String! icon_custom_emoji_id:String style:String url:String "
                            "callback_data:String web_app:WebAppInfo login_url:LoginUrl "
                            "switch_inline_query:String switch_inline_query_current_chat:String "
                            "switch_inline_query_chosen_chat:SwitchInlineQueryChosenChat "
                            "copy_text:CopyTextButton callback_game:CallbackGame pay:Boolean",
    "WebAppInfo": "url:String!",
    "LoginUrl": "url:String! forward_text:String bot_username:String "
                "request_write_access:Boolean",
    "SwitchInlineQueryChosenChat": "query:String allow_user_chats:Boolean "
                                   "allow_bot_chats:Boolean allow_group_chats:Boolean "
                                   "allow_channel_chats:Boolean",
    "CopyTextButton": "text:String!",
    "CallbackGame": "",
    "ReplyKeyboardMarkup": "keyboard:[[KeyboardButton|String]]! is_persistent:Boolean "
                           "resize_keyboard:Boolean one_time_keyboard:Boolean "
                           "input_field_placeholder:String selective:Boolean",
    "KeyboardButton": "text:String! icon_custom_emoji_id:String style:String "
                      "request_contact:Boolean request_location:Boolean web_app:WebAppInfo "
                      "request_poll:KeyboardButtonPollType",
    "KeyboardButtonPollType": "type:String",
    "ReplyKeyboardRemove": "remove_keyboard:True! selective:Boolean",
    "ForceReply": "force_reply:True! input_field_placeholder:String selective:Boolean",
    "BotCommand": "command:String! description:String! is_ephemeral:Boolean",
    "BotCommandScope": "type:String! chat_id:ChatId user_id:Integer",
    "ReactionType": "type:String! emoji:String custom_emoji_id:String",
    "EphemeralMessageParameters": "user_id:Integer!",
    "SuggestedPostParameters": "price:SuggestedPostPrice send_date:Integer",
    "SuggestedPostPrice": "currency:String! amount:Integer!",
}

MARKUP = "InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
SENDING = ("business_connection_id:String chat_id:ChatId! message_thread_id:Integer "
           "direct_messages_topic_id:Integer disable_notification:Boolean "
           "protect_content:Boolean allow_paid_broadcast:Boolean message_effect_id:String "
           "suggested_post_parameters:SuggestedPostParameters "
           f"reply_parameters:ReplyParameters reply_markup:{MARKUP} ")
EPHEMERAL = "ephemeral_message_parameters:EphemeralMessageParameters "
CAPTION = ("caption:String parse_mode:String caption_entities:[MessageEntity] "
           "show_caption_above_media:Boolean ")
EDITING = ("business_connection_id:String chat_id:ChatId message_id:Integer "
           "inline_message_id:String reply_markup:InlineKeyboardMarkup ")

METHODS = {
    "getMe": "",
    "logOut": "",
    "close": "",
    "getUpdates": "offset:Integer limit:Integer timeout:Integer allowed_updates:[String]",
    "setWebhook": "url:String! certificate:InputFile ip_address:String max_connections:Integer "
                  "allowed_updates:[String] drop_pending_updates:Boolean secret_token:String",
    "deleteWebhook": "drop_pending_updates:Boolean",
    "getWebhookInfo": "",
    "sendMessage": SENDING + EPHEMERAL + "text:String! parse_mode:String "
                   "entities:[MessageEntity] link_preview_options:LinkPreviewOptions",
    "sendDocument": SENDING + EPHEMERAL + CAPTION.replace("show_caption_above_media:Boolean", "") +
                    "document:InputFile|String! thumbnail:InputFile|String "
                    "disable_content_type_detection:Boolean",
    "copyMessage": SENDING + CAPTION + "from_chat_id:ChatId! message_id:Integer! "
                   "video_start_timestamp:Integer",
    "editMessageText": EDITING + "text:String! parse_mode:String entities:[MessageEntity] "
                       "link_preview_options:LinkPreviewOptions",
    "editMessageReplyMarkup": EDITING,
    "deleteMessage": "chat_id:ChatId! message_id:Integer!",
    "deleteMessages": "chat_id:ChatId! message_ids:[Integer]!",
    "answerCallbackQuery": "callback_query_id:String! text:String show_alert:Boolean "
                           "url:String cache_time:Integer",
    "sendChatAction": "business_connection_id:String chat_id:ChatId! message_thread_id:Integer "
                      "action:String!",
    "setMessageReaction": "chat_id:ChatId! message_id:Integer! reaction:[ReactionType] "
                          "is_big:Boolean",
    "createForumTopic": "chat_id:ChatId! name:String! icon_color:Integer "
                        "icon_custom_emoji_id:String",
    "closeForumTopic": "chat_id:ChatId! message_thread_id:Integer!",
    "setMyCommands": "commands:[BotCommand]! scope:BotCommandScope language_code:String",
    "getMyCommands": "scope:BotCommandScope language_code:String",
    "deleteMyCommands": "scope:BotCommandScope language_code:String",
    "setMyName": "name:String language_code:String",
    "getMyName": "language_code:String",
    "setMyDescription": "description:String language_code:String",
    "getMyDescription": "language_code:String",
    "setMyShortDescription": "short_description:String language_code:String",
    "getMyShortDescription": "language_code:String",
    "leaveChat": "chat_id:ChatId!",
    "getChat": "chat_id:ChatId!",
    "getChatMember": "chat_id:ChatId! user_id:Integer!",
}
NAMES = {name.lower(): name for name in METHODS}

UPDATE_TYPES = frozenset((
    "message edited_message channel_post edited_channel_post business_connection "
    "business_message edited_business_message deleted_business_messages guest_message "
    "message_reaction message_reaction_count inline_query chosen_inline_result callback_query "
    "shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member "
    "chat_member chat_join_request chat_boost removed_chat_boost managed_bot subscription "
    "widget_query stopped_message_generation").split())

SCOPES = {"default": (), "all_private_chats": (), "all_group_chats": (),
          "all_chat_administrators": (), "chat": ("chat_id",),
          "chat_administrators": ("chat_id",), "chat_member": ("chat_id", "user_id")}
ACTIONS = frozenset((
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document "
    "choose_sticker find_location record_video_note upload_video_note").split())
REACTIONS = frozenset("👍 👎 ❤ 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
                      "❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 "
                      "🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷".split())
ICON_COLORS = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)
BUTTON_PLAIN = ("text", "icon_custom_emoji_id", "style")
STYLES = ("danger", "success", "primary")


class File:
    """An uploaded part: name, type (both as given) and data."""

    def __init__(self, name, type, data):
        self.name, self.type, self.data = name, type, data


def _type(text):
    """The tree of a type: a name, ("array", type) or ("any", [types])."""
    parts, depth, last = [], 0, 0
    for i, c in enumerate(text):
        depth += (c == "[") - (c == "]")
        if c == "|" and depth == 0:
            parts.append(text[last:i])
            last = i + 1
    parts.append(text[last:])
    if len(parts) > 1:
        return ("any", [_type(p) for p in parts])
    if text.startswith("["):
        return ("array", _type(text[1:-1]))
    return text


def _table(text):
    rows = {}
    for field in text.split():
        name, kind = field.split(":", 1)
        rows[name] = (_type(kind.rstrip("!")), kind.endswith("!"))
    return rows


OBJECTS = {name: _table(text) for name, text in OBJECTS.items()}
METHODS = {name: _table(text) for name, text in METHODS.items()}
MARKUP_KEYS = {"InlineKeyboardMarkup": "inline_keyboard", "ReplyKeyboardMarkup": "keyboard",
               "ReplyKeyboardRemove": "remove_keyboard", "ForceReply": "force_reply"}


def _kind(v):
    if isinstance(v, bool):
        return "Boolean"
    return {str: "String", int: "Integer", float: "Float", list: "Array", dict: "Object",
            type(None): "null", File: "InputFile"}.get(type(v), "?")


def check(value, kind, where, bad):
    """Does value have this type? Adds to bad what is wrong."""
    if isinstance(kind, tuple):
        if kind[0] == "any":
            check_any(value, kind[1], where, bad)
        elif not isinstance(value, list):
            bad.append(f"{where}: {_kind(value)} is not an Array")
        else:
            for i, v in enumerate(value):
                check(v, kind[1], f"{where}[{i}]", bad)
    elif kind in OBJECTS:
        if not isinstance(value, dict):
            bad.append(f"{where}: {_kind(value)} is not a {kind}")
        else:
            check_fields(value, OBJECTS[kind], where, bad)
    elif kind == "ChatId":
        good = _kind(value) == "Integer" or (
            isinstance(value, str) and (not value or re.fullmatch(r"@\w+", value)))
        if not good:
            bad.append(f"{where}: {value!r} is neither a number nor \"@name\"")
    elif kind == "Float":
        if _kind(value) not in ("Float", "Integer"):
            bad.append(f"{where}: {_kind(value)} is not a Float")
    elif kind == "True":
        if value is not True:
            bad.append(f"{where}: {value!r} is not True")
    elif _kind(value) != kind:
        bad.append(f"{where}: {_kind(value)} is not {kind}")
    elif kind == "String" and not is_utf8(value):
        bad.append(f"{where}: strings must be encoded in UTF-8")
    elif kind == "Integer" and not -2 ** 63 <= value < 2 ** 63:
        bad.append(f"{where}: {value} has more than 64 bits")


def check_any(value, kinds, where, bad):
    first = None
    for kind in kinds:
        key = MARKUP_KEYS.get(kind)
        if key and not (isinstance(value, dict) and key in value):
            continue
        found = []
        check(value, kind, where, found)
        if not found:
            return
        first = first or found
    bad.extend(first or [f"{where}: {_kind(value)} is none of {', '.join(map(str, kinds))}"])


def check_fields(values, table, where, bad):
    prefix = where + "." if where else ""
    for name, value in values.items():
        if name not in table:
            bad.append(f"unknown parameter {prefix}{name}")
        else:
            check(value, table[name][0], prefix + name, bad)
    for name, (_, needed) in table.items():
        if needed and name not in values:
            bad.append(f"{prefix}{name} is missing")


def from_text(value, kind):
    """What a parameter of a query, form or part means; itself when it means nothing."""
    kinds = kind[1] if isinstance(kind, tuple) and kind[0] == "any" else [kind]
    if kind in ("Integer", "ChatId") and re.fullmatch(r"-?\d{1,19}", value):
        return int(value)
    if kind in ("Boolean", "True") and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    if any(isinstance(k, tuple) or k in OBJECTS for k in kinds):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def check_call(name, params, bad):
    """All rules for a call. Afterwards params can be used without looking at types."""
    check_fields(params, METHODS[name], "", bad)
    if bad:
        return
    extra = EXTRA.get(name)
    if extra:
        extra(params, bad)
    if "reply_markup" in params:
        check_markup(params["reply_markup"], bad)
    if "reply_parameters" in params:
        check_reply(params["reply_parameters"], bad)
    language = params.get("language_code", "")
    if not re.fullmatch(r"([a-z]{2})?", language):
        bad.append(f"language_code: {language!r} is not a two-letter code")


def _size(text, least, most, where, bad, count=units):
    n = count(text)
    if not least <= n <= most:
        what = "bytes" if count is octets else "UTF-16 units"
        bad.append(f"{where}: {n} {what}, not {least}..{most}")


def octets(text):
    return len(text.encode())


def check_text(p, field, entities, most, bad):
    text, least = p.get(field), 1 if field == "text" else 0
    if p.get("parse_mode"):
        if entities in p:
            bad.append(f"parse_mode and {entities} exclude each other")
        if p["parse_mode"].lower() != "html":
            bad.append(f"parse_mode {p['parse_mode']!r} is not one that we use")
        return  # measured when it is parsed
    if text is None:
        if p.get(entities):
            bad.append(f"{entities} without {field}")
        return
    if len(text.encode()) > MAX_BYTES:
        bad.append("text is too long")
        return
    n = units(text.strip())
    if n < least:
        bad.append("message text is empty")
    elif n > most:
        bad.append("message is too long" if field == "text" else "message caption is too long")
    if "\0" in text:
        bad.append(f"{field}: a NUL character")
    check_entities(text, p.get(entities, []), entities, bad)


def check_message(p, bad):
    check_text(p, "text", "entities", MAX_UNITS, bad)
    options = p.get("link_preview_options", {})
    if options.get("prefer_small_media") and options.get("prefer_large_media"):
        bad.append("link_preview_options: small and large")
    if options.get("is_disabled") and "url" in options:
        bad.append("link_preview_options: a url, but disabled")


def check_caption(p, bad):
    check_text(p, "caption", "caption_entities", MAX_CAPTION, bad)


def check_edit(p, bad):
    here = "chat_id" in p and "message_id" in p
    if here == ("inline_message_id" in p):
        bad.append("either chat_id and message_id, or inline_message_id")


def check_edit_text(p, bad):
    check_edit(p, bad)
    check_message(p, bad)


def check_reply(r, bad):
    if ("message_id" in r) == ("ephemeral_message_id" in r):
        bad.append("reply_parameters: one of message_id, ephemeral_message_id")
    if r.get("message_id", 1) <= 0:
        bad.append("reply_parameters.message_id is not positive")
    if "quote" not in r and ("quote_position" in r or "quote_entities" in r):
        bad.append("reply_parameters: a position without a quote")
    if "quote" in r:
        _size(r["quote"], 1, 1024, "reply_parameters.quote", bad)
        check_entities(r["quote"], r.get("quote_entities", []), "quote_entities", bad)


def check_markup(m, bad):
    if "inline_keyboard" in m:
        rows = m["inline_keyboard"]
        if sum(map(len, rows)) > 100:
            bad.append("reply_markup: more than 100 buttons")
        for y, row in enumerate(rows):
            if not 1 <= len(row) <= 8:
                bad.append(f"inline_keyboard[{y}]: {len(row)} buttons in a row, not 1..8")
            for x, button in enumerate(row):
                check_button(button, f"inline_keyboard[{y}][{x}]", bad)
    elif "keyboard" in m:
        if not m["keyboard"] or not all(m["keyboard"]):
            bad.append("keyboard: empty, or an empty row")
        for y, row in enumerate(m["keyboard"]):
            for x, button in enumerate(row):
                check_key(button, f"keyboard[{y}][{x}]", bad)
    if "input_field_placeholder" in m:
        _size(m["input_field_placeholder"], 1, 64, "input_field_placeholder", bad)


def check_button(b, where, bad):
    actions = [k for k in b if k not in BUTTON_PLAIN]
    if len(actions) != 1:
        bad.append(f"{where}: exactly one action, not {len(actions)} {actions}")
    if not b["text"].strip():
        bad.append(f"{where}: no text")
    if "callback_data" in b:
        _size(b["callback_data"], 1, 64, f"{where}.callback_data", bad, octets)
    if "copy_text" in b:
        _size(b["copy_text"]["text"], 1, 256, f"{where}.copy_text", bad)
    if "url" in b and not re.match(r"(https?|tg)://\S", b["url"]):
        bad.append(f"{where}: {b['url']!r} is not an HTTP or tg:// address")
    check_style(b, where, bad)


def check_key(b, where, bad):
    if isinstance(b, str):
        b = {"text": b}
    if not b["text"].strip():
        bad.append(f"{where}: no text")
    if len([k for k in b if k not in BUTTON_PLAIN]) > 1:
        bad.append(f"{where}: more than one action")
    check_style(b, where, bad)


def check_style(b, where, bad):
    if "style" in b and b["style"] not in STYLES:
        bad.append(f"{where}: style {b['style']!r}")


def check_commands(p, bad):
    if len(p["commands"]) > 100:
        bad.append(f"{len(p['commands'])} commands, at most 100")
    seen = set()
    for i, c in enumerate(p["commands"]):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", c["command"]):
            bad.append(f"commands[{i}]: BOT_COMMAND_INVALID {c['command']!r}")
        if c["command"] in seen:
            bad.append(f"commands[{i}]: {c['command']!r} twice")
        seen.add(c["command"])
        _size(c["description"], 1, 256, f"commands[{i}].description", bad)
    check_scope(p, bad)


def check_scope(p, bad):
    scope = p.get("scope", {"type": "default"})
    needed = SCOPES.get(scope["type"])
    if needed is None:
        bad.append(f"scope: unknown type {scope['type']!r}")
    elif set(scope) != {"type", *needed}:
        bad.append(f"scope {scope['type']}: fields {sorted(scope)}")


def check_updates(p, bad):
    for name in p.get("allowed_updates", []):
        if name not in UPDATE_TYPES:
            bad.append(f"allowed_updates: unknown {name!r}")
    if not -2 ** 31 <= p.get("offset", 0) < 2 ** 31:
        bad.append(f"offset: {p['offset']} has more than 32 bits")


def check_webhook(p, bad):
    check_updates(p, bad)
    if "secret_token" in p and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", p["secret_token"]):
        bad.append("secret_token: 1..256 of A-Z a-z 0-9 _ -")
    if not 1 <= p.get("max_connections", 40) <= 100:
        bad.append("max_connections: not 1..100")
    if "certificate" in p and len(p["certificate"].data) > 3 << 20:
        bad.append("certificate: more than 3 MiB")


def check_answer(p, bad):
    if "text" in p:
        _size(p["text"], 0, 200, "text", bad)


def check_action(p, bad):
    if p["action"] not in ACTIONS:
        bad.append("wrong parameter action in request")


def check_ids(p, bad):
    if not 1 <= len(p["message_ids"]) <= 100:
        bad.append(f"{len(p['message_ids'])} message_ids, not 1..100")
    if len(set(p["message_ids"])) != len(p["message_ids"]):
        bad.append("message_ids: one twice")


def check_topic(p, bad):
    _size(p["name"].strip(), 1, 128, "name", bad)
    if p.get("icon_color", ICON_COLORS[0]) not in ICON_COLORS:
        bad.append(f"icon_color: {p['icon_color']}")


def check_reaction(p, bad):
    if len(p.get("reaction", [])) > 1:
        bad.append("a bot can set one reaction")
    for r in p.get("reaction", []):
        if r["type"] != "emoji" or r.get("emoji") not in REACTIONS:
            bad.append(f"REACTION_INVALID {r}")


def _at_most(field, most):
    return lambda p, bad: _size(p.get(field, ""), 0, most, field, bad)


EXTRA = {
    "getUpdates": check_updates, "setWebhook": check_webhook, "sendMessage": check_message,
    "sendDocument": check_caption, "copyMessage": check_caption,
    "editMessageText": check_edit_text, "editMessageReplyMarkup": check_edit,
    "deleteMessages": check_ids, "answerCallbackQuery": check_answer,
    "sendChatAction": check_action, "setMessageReaction": check_reaction,
    "createForumTopic": check_topic, "setMyCommands": check_commands,
    "getMyCommands": check_scope, "deleteMyCommands": check_scope,
    "setMyName": _at_most("name", 64), "setMyDescription": _at_most("description", 512),
    "setMyShortDescription": _at_most("short_description", 120),
}
