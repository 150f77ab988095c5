"""homeserver_content.py - what the content of an event that the bot sends may look like.

check_content() says what is wrong with a content by itself; check_relation() what is wrong with
what it refers to, which needs the room. The rules are those of the modules Instant Messaging,
Rich replies, Threading, Event replacements, Event annotations and User and room mentions; where
the specification says SHOULD, the double says must.
"""
import html.entities
import html.parser
import json
import re

from homeserver_schema import (ANY, BOOL, COUNT, EVENT, FULL, MXC, MXC_OR_NOTHING, OBJECT, STR,
                               USER, check, enum)

CONTENT_MAX = 65536
NESTING_MAX = 100
TAGS = set("del h1 h2 h3 h4 h5 h6 blockquote p a ul ol sup sub li b i u strong em s code hr br div "
           "table thead tbody tr th td caption pre span img details summary".split())
VOID = {"hr", "br", "img"}
PARENTS = {"li": {"ul", "ol"}, "tr": {"table", "thead", "tbody"}, "td": {"tr"}, "th": {"tr"},
           "thead": {"table"}, "tbody": {"table"}, "caption": {"table"}, "summary": {"details"}}
COLOUR = re.compile(r"#[0-9A-Fa-f]{6}\Z")
NUMBER = re.compile(r"\d{1,6}\Z")
LINK = re.compile(r"(?:(?:https?|ftp)://[^\s/?#]|mailto:[^\s@]+@[^\s@]|magnet:\?)\S*\Z")
ATTRIBUTES = {
    "span": {"data-mx-bg-color": COLOUR, "data-mx-color": COLOUR, "data-mx-spoiler": None,
             "data-mx-maths": None},
    "a": {"target": None, "href": LINK},
    "img": {"width": NUMBER, "height": NUMBER, "alt": None, "title": None,
            "src": re.compile(r"mxc://[^/\s]+/[A-Za-z0-9_-]+\Z")},
    "ol": {"start": re.compile(r"-?\d{1,6}\Z")},
    "code": {"class": re.compile(r"language-\S+( language-\S+)*\Z")},
    "div": {"data-mx-maths": None},
}


class Markup(html.parser.HTMLParser):
    """Collects what is wrong with a formatted_body."""

    def __init__(self, text):
        super().__init__(convert_charrefs=False)
        self.open, self.wrong = [], []
        self.feed(text)
        self.close()
        if text.rfind("<") > text.rfind(">"):
            self.wrong.append("ends inside of a tag")
        if self.open:
            self.wrong.append(f"leaves <{self.open[-1]}> open")

    def handle_starttag(self, tag, attrs):
        if tag not in TAGS:
            self.wrong.append(f"has the tag <{tag}>")
        parents = PARENTS.get(tag)
        if parents and (not self.open or self.open[-1] not in parents):
            self.wrong.append(f"has <{tag}> in <{self.open[-1] if self.open else 'nothing'}>")
        names = [name for name, _ in attrs]
        if len(set(names)) != len(names):
            self.wrong.append(f"has an attribute twice in <{tag}>")
        for name, value in attrs:
            self.attribute(tag, name, value)
        if tag not in VOID:
            self.open.append(tag)
            if len(self.open) == NESTING_MAX + 1:
                self.wrong.append("is nested deeper than 100")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.wrong.append(f"has <{tag}/>")
            self.open.pop()

    def attribute(self, tag, name, value):
        rules = ATTRIBUTES.get(tag, {})
        if name not in rules:
            self.wrong.append(f"has the attribute {name} in <{tag}>")
        elif rules[name] is not None and not rules[name].match(value or ""):
            self.wrong.append(f"has {name}={value!r} in <{tag}>")

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.wrong.append(f"has a stray </{tag}>")
        else:
            self.open.pop()

    def handle_data(self, data):
        for c in "<&":
            if c in data:
                self.wrong.append(f"has {c} unescaped")
        if any(ord(c) < 32 and c not in "\n\t\r" for c in data):
            self.wrong.append("has a control character")

    def handle_entityref(self, name):
        if name not in html.entities.html5 and name + ";" not in html.entities.html5:
            self.wrong.append(f"has the unknown &{name};")

    def handle_charref(self, name):
        pass

    def handle_comment(self, data):
        self.wrong.append("has a comment")

    def handle_decl(self, decl):
        self.wrong.append("has a declaration")

    def unknown_decl(self, data):
        self.wrong.append("has a declaration")

    def handle_pi(self, data):
        self.wrong.append("has an instruction")


def check_html(text):
    return [f"formatted_body {w}" for w in Markup(text).wrong]


# --- schemas

MENTIONS = {"user_ids?": [USER], "room?": (
    lambda v: None if v is True else "is not true")}
INFO = {"mimetype?": FULL, "size?": COUNT}
THUMBED = {**INFO, "thumbnail_url?": MXC, "thumbnail_info?": OBJECT, "thumbnail_file?": OBJECT}
PICTURE = {**THUMBED, "w?": COUNT, "h?": COUNT}
TEXT = {"msgtype": STR, "body": FULL, "format?": enum("org.matrix.custom.html"),
        "formatted_body?": FULL}
FILE = {**TEXT, "url": MXC, "filename?": FULL, "info?": THUMBED}
MESSAGE = {
    "m.text": TEXT,
    "m.notice": TEXT,
    "m.emote": TEXT,
    "m.file": FILE,
    "m.image": {**FILE, "info?": PICTURE},
    "m.audio": {**FILE, "info?": {**INFO, "duration?": COUNT}},
    "m.video": {**FILE, "info?": {**PICTURE, "duration?": COUNT}},
    "m.location": {"msgtype": STR, "body": FULL, "info?": THUMBED,
                   "geo_uri": lambda v: None if str(v).startswith("geo:") else "is no geo URI"},
}
AUTOMATED = "org.matrix.msc1767.automated"  # MSC3955, a draft
IN_REPLY_TO = {"event_id": EVENT}
RELATION = {
    None: {"m.in_reply_to": IN_REPLY_TO},
    "m.thread": {"rel_type": STR, "event_id": EVENT, "m.in_reply_to": IN_REPLY_TO,
                 "is_falling_back?": BOOL},
    "m.replace": {"rel_type": STR, "event_id": EVENT},
}
ANNOTATION = {"rel_type": enum("m.annotation"), "event_id": EVENT, "key": FULL}
STATE = {
    "m.room.name": {"name": STR},
    "m.room.topic": {"topic": STR, "m.topic?": OBJECT},
    "m.room.avatar": {"url?": MXC_OR_NOTHING, "info?": PICTURE},
    "m.room.pinned_events": {"pinned": [EVENT]},
    "m.room.member": {"membership": enum("join", "invite", "leave", "ban"),
                      "displayname?": STR, "avatar_url?": MXC_OR_NOTHING, "reason?": STR,
                      "is_direct?": BOOL},
    "m.room.power_levels": {"*": ANY},
    "m.room.server_acl": {"allow?": [STR], "deny?": [STR], "allow_ip_literals?": BOOL},
}


def check_message(content, inner=False):
    """A message; inner: the m.new_content of an edit."""
    if not isinstance(content, dict):
        return ["content is no object"]
    schema = MESSAGE.get(content.get("msgtype")) if isinstance(
        content.get("msgtype"), str) else None
    if schema is None:
        return [f"content.msgtype is not one of {tuple(MESSAGE)}"]
    schema = {**schema, "m.mentions": MENTIONS, AUTOMATED + "?": BOOL}
    relates = content.get("m.relates_to")
    if not inner and "m.relates_to" in content:
        schema["m.relates_to"] = OBJECT
        if isinstance(relates, dict) and relates.get("rel_type") == "m.replace":
            schema["m.new_content"] = OBJECT
    wrong = check(schema, content, "m.new_content" if inner else "content")
    if wrong:
        return wrong
    if ("format" in content) != ("formatted_body" in content):
        wrong.append("format and formatted_body are not given together")
    users = content["m.mentions"].get("user_ids", [])
    if len(set(users)) != len(users):
        wrong.append("m.mentions names somebody twice")
    if "\0" in content["body"]:
        wrong.append("body has a NUL")
    wrong += check_html(content.get("formatted_body", ""))
    if inner or relates is None:
        return wrong
    return wrong + check_relates(content, relates)


def check_relates(content, relates):
    kind = relates.get("rel_type")
    if not (kind is None or isinstance(kind, str)) or kind not in RELATION:
        return ["m.relates_to.rel_type is not one of m.thread and m.replace"]
    wrong = check(RELATION[kind], relates, "m.relates_to")
    if "m.in_reply_to" in relates and content["body"].startswith("> <"):
        wrong.append("body has the old reply fallback")
    if kind == "m.replace":
        wrong += check_message(content["m.new_content"], inner=True)
    return wrong


def check_content(kind, content):
    """What is wrong with the content of an event of this type that is sent with /send."""
    if kind == "m.room.message":
        return check_message(content)
    if kind == "m.reaction":
        return check({"m.relates_to": ANNOTATION}, content, "content")
    if kind == "m.room.encrypted":
        return ["m.room.encrypted from a device without keys"]
    if kind == "m.room.redaction":
        return ["a redaction is sent with /redact"]
    return [f"event type {kind} is not one that a bot sends"]


def check_state(kind, content):
    if kind not in STATE:
        return [f"state {kind} is not one that a bot sets"]
    return check(STATE[kind], content, "content")


def canonical_size(content):
    return len(json.dumps(content, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
               .encode("utf-8", "surrogatepass"))


# --- relations

def relation(event):
    """(rel_type, event_id) of an event, each None if it has none."""
    relates = event.content.get("m.relates_to") if isinstance(event.content, dict) else None
    if not isinstance(relates, dict):
        return None, None
    return relates.get("rel_type"), relates.get("event_id")


def check_relation(room, user, kind, content):
    """What is wrong with the events that content refers to."""
    relates = content.get("m.relates_to")
    if relates is None:
        return []
    wrong = []
    reply = relates.get("m.in_reply_to", {}).get("event_id")
    replied = room.by_id.get(reply)
    if reply is not None and replied is None:
        wrong.append(f"m.in_reply_to: no event {reply} in this room")
    target = relates.get("event_id")
    if target is None:
        return wrong
    event = room.by_id.get(target)
    if event is None:
        return wrong + [f"m.relates_to: no event {target} in this room"]
    rel_type = relates.get("rel_type")
    if rel_type == "m.thread":
        if relation(event)[0] is not None:
            wrong.append("a thread begins at an event that has a relation itself")
        if replied is not None and reply != target and relation(replied) != ("m.thread", target):
            wrong.append("the reply in a thread goes to an event outside of it")
    elif rel_type == "m.replace":
        wrong += check_edit(event, user, kind)
    return wrong


def check_edit(event, user, kind):
    rules = [
        (event.sender == user, "edits an event of somebody else"),
        (event.kind == kind, "edits an event of another type"),
        (event.state_key is None, "edits a state event"),
        (relation(event)[0] != "m.replace", "edits an edit"),
        (event.redacted_by is None, "edits a redacted event"),
    ]
    return [what for good, what in rules if not good]
