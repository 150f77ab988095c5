"""botapi_text.py - text as Telegram counts it: UTF-16 units, entities, HTML.

An entity is a dict as in the Bot API. Checks add sentences to a list; an empty list is good.
"""
import html
import re

MAX_UNITS = 4096
MAX_BYTES = 32768
MAX_CAPTION = 1024
MAX_ENTITIES = 100

NEEDS = {"text_link": "url", "text_mention": "user", "custom_emoji": "custom_emoji_id",
         "date_time": "unix_time"}
ENTITY_TYPES = frozenset((
    "mention hashtag cashtag bot_command url email phone_number bold italic underline "
    "strikethrough spoiler blockquote expandable_blockquote code pre text_link text_mention "
    "custom_emoji date_time").split())
QUOTES = ("blockquote", "expandable_blockquote")

# What clients find by themselves in the text of a user.
FOUND = re.compile(
    r"(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?(?![\w/]))"
    r"|(?P<email>[\w.+-]+@[\w-]+\.[\w.-]*\w)"
    r"|(?P<mention>(?<![\w@])@[A-Za-z][A-Za-z0-9_]{2,31}\b)"
    r"|(?P<url>https?://[^\s<>]+[^\s<>.,;:!?)])"
    r"|(?P<hashtag>(?<![\w#])#[^\W\d]\w*)")


def units(text):
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def is_utf8(text):
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def low_halves(text):
    """The unit positions that lie between the two halves of one character."""
    if text.isascii():
        return frozenset()
    inside, at = set(), 0
    for c in text:
        if c > "\uffff":
            inside.add(at + 1)
            at += 1
        at += 1
    return inside


def cut(text, offset, length):
    """What an entity covers."""
    return text.encode("utf-16-le")[2 * offset:2 * (offset + length)].decode("utf-16-le")


def find_entities(text):
    return [{"type": m.lastgroup, "offset": units(text[:m.start()]), "length": units(m.group())}
            for m in FOUND.finditer(text)]


def check_entities(text, entities, where, bad):
    if len(entities) > MAX_ENTITIES:
        bad.append(f"{where}: {len(entities)} entities, at most {MAX_ENTITIES}")
    size, halves = units(text), low_halves(text)
    for i, e in enumerate(entities):
        at = f"{where}[{i}]"
        kind, start, end = e["type"], e["offset"], e["offset"] + e["length"]
        if kind not in ENTITY_TYPES:
            bad.append(f"{at}: unknown type {kind!r}")
        if start < 0 or e["length"] < 1 or end > size:
            bad.append(f"{at}: {start}..{end} is not within the text (0..{size})")
        elif start in halves or end in halves:
            bad.append(f"{at}: {start}..{end} splits a surrogate pair")
        if NEEDS.get(kind, "type") not in e:
            bad.append(f"{at}: {kind} without {NEEDS[kind]}")
        for need_kind, need in NEEDS.items():
            if need in e and kind != need_kind:
                bad.append(f"{at}: {need} in {kind}")
        if "date_time_format" in e and kind != "date_time":
            bad.append(f"{at}: date_time_format in {kind}")
        if "language" in e and kind != "pre":
            bad.append(f"{at}: language in {kind}")
    check_nesting(entities, where, bad)


def check_nesting(entities, where, bad):
    """Two that share characters: one holds the other, code and pre hold nothing."""
    for i, a in enumerate(entities):
        a1, a2 = a["offset"], a["offset"] + a["length"]
        for j in range(i + 1, len(entities)):
            b = entities[j]
            b1, b2 = b["offset"], b["offset"] + b["length"]
            if a2 <= b1 or b2 <= a1:
                continue
            if not (a1 <= b1 and b2 <= a2 or b1 <= a1 and a2 <= b2):
                bad.append(f"{where}[{i}] and [{j}] cross")
            elif a["type"] in ("code", "pre") or b["type"] in ("code", "pre"):
                bad.append(f"{where}[{i}] and [{j}]: code and pre hold nothing else")
            elif a["type"] in QUOTES and b["type"] in QUOTES:
                bad.append(f"{where}[{i}] and [{j}]: a quote in a quote")


def trim(text, entities):
    """Without the white space at both ends, the entities moved along."""
    left = len(text) - len(text.lstrip())
    out = text.strip()
    if out == text:
        return text, entities
    shift, size, kept = units(text[:left]), units(out), []
    for e in entities:
        start = max(0, e["offset"] - shift)
        end = min(size, e["offset"] + e["length"] - shift)
        if end > start:
            kept.append(dict(e, offset=start, length=end - start))
    return out, kept


class HtmlError(Exception):
    """Its text is what follows "can't parse entities: "."""


TAGS = {"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline",
        "ins": "underline", "s": "strikethrough", "strike": "strikethrough",
        "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler", "a": "text_link",
        "code": "code", "pre": "pre", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
        "tg-time": "date_time"}
TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s+[\w-]+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'))?)*)"
                 r"\s*>")
ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'))?")
CHARACTER = re.compile(r"&(lt|gt|amp|quot|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")


def parse_html(source):
    """(text, entities). Raises HtmlError."""
    text, entities, stack, at = "", [], [], 0
    while at < len(source):
        if source[at] != "<":
            end = source.find("<", at)
            end = len(source) if end < 0 else end
            text += CHARACTER.sub(lambda m: html.unescape(m.group()), source[at:end])
            at = end
            continue
        where = len(source[:at].encode())
        m = TAG.match(source, at)
        if m is None:
            raise HtmlError(f"Unsupported start tag \"\" at byte offset {where}")
        name, at = m.group(2).lower(), m.end()
        if name not in TAGS:
            raise HtmlError(f"Unsupported start tag \"{name}\" at byte offset {where}")
        if not m.group(1):
            values = {k: html.unescape(a or b) for k, a, b in ATTRIBUTE.findall(m.group(3))}
            stack.append((name, units(text), values))
        elif not stack:
            raise HtmlError(f"Unexpected end tag at byte offset {where}")
        elif stack[-1][0] != name:
            raise HtmlError(f"Unmatched end tag at byte offset {where}, expected "
                            f"\"</{stack[-1][0]}>\", found \"</{name}>\"")
        else:
            _, start, values = stack.pop()
            e = html_entity(name, start, units(text) - start, values)
            if e and e["length"]:
                entities.append(e)
    if stack:
        raise HtmlError("Can't find end tag corresponding to start tag "
                        f"\"{stack[-1][0]}\"")
    return text, sorted(entities, key=lambda e: (e["offset"], -e["length"]))


def html_entity(name, offset, length, values):
    e = {"type": TAGS[name], "offset": offset, "length": length}
    if name == "a":
        if not values.get("href"):
            return None
        e["url"] = values["href"]
    elif name == "blockquote" and "expandable" in values:
        e["type"] = "expandable_blockquote"
    elif name == "tg-emoji":
        e["custom_emoji_id"] = values.get("emoji-id", "")
    elif name == "tg-time":
        e["unix_time"] = int(values.get("unix", "0") or 0)
    return e
