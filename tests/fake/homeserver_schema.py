"""homeserver_schema.py - what each request of the Client-Server API may look like.

ENDPOINTS has a row for each request that the double knows: its short name, method, path, whether
a token belongs to it, its query parameters and its body. A schema is a function (value -> what
is wrong with it, or None), a list [schema of each item] or a dict; a dict key that ends with "?"
may be missing, "*" is for all other keys, and any key not named is wrong.
"""
import json
import re

from homeserver_http import percent_decode

VERSION = "/_matrix/client/v3"
ENCODED = re.compile(r"(?:[A-Za-z0-9\-._~]|%[0-9A-Fa-f]{2})*\Z")
QUERY = re.compile(r"(?:[A-Za-z0-9\-._~!$'()*,;:@/?]|%[0-9A-Fa-f]{2})*\Z")
SERVER = re.compile(r"(?:[A-Za-z0-9\-.]{1,230}|\[[0-9A-Fa-f:.]{2,45}\])(?::\d{1,5})?\Z")
INT_MAX = 2 ** 53 - 1


class Wrong(Exception):
    """The request is not as documented: 400, and a violation."""

    def __init__(self, what, errcode="M_BAD_JSON"):
        super().__init__(what)
        self.errcode = errcode


def STR(v):
    return None if isinstance(v, str) else "is no string"


def FULL(v):
    return None if isinstance(v, str) and v else "is no string, or an empty one"


def BOOL(v):
    return None if isinstance(v, bool) else "is no boolean"


def INT(v):
    good = isinstance(v, int) and not isinstance(v, bool) and abs(v) <= INT_MAX
    return None if good else "is no integer"


def COUNT(v):
    return INT(v) or (None if v >= 0 else "is negative")


def ANY(v):
    return None


def OBJECT(v):
    return None if isinstance(v, dict) else "is no object"


def enum(*values):
    return lambda v: None if v in values and isinstance(v, str) else f"is not one of {values}"


def both(schema, rule):
    """As schema says, and rule(value) finds nothing wrong."""
    def check_both(v):
        return next(iter(check(schema, v, "it")), None) or rule(v)
    return check_both


def sized(v, sigil):
    if not isinstance(v, str):
        return "is no string"
    if not v.startswith(sigil) or len(v) < 2:
        return f"is no id that begins with {sigil}"
    if len(v.encode("utf-8", "replace")) > 255 or "\0" in v:
        return "is longer than 255 bytes, or has a NUL"
    return None


def USER(v):
    wrong = sized(v, "@")
    if wrong:
        return wrong
    _, colon, server = v.partition(":")
    return None if colon and SERVER.match(server) else "is no user id"


def ROOM(v):
    # Since room version 12 without a domain: nothing more can be said.
    return sized(v, "!")


def ALIAS_OR_ROOM(v):
    return sized(v, "#") if isinstance(v, str) and v.startswith("#") else ROOM(v)


def EVENT(v):
    return sized(v, "$")


def NAME(v):
    return None if isinstance(v, str) and SERVER.match(v) else "is no server name"


def MEDIA(v):
    return None if re.match(r"[A-Za-z0-9_-]+\Z", v) else "is no media id"


def MXC(v):
    good = isinstance(v, str) and re.match(r"mxc://([^/]+)/([A-Za-z0-9_-]+)\Z", v)
    return None if good and SERVER.match(good[1]) else "is no mxc URI"


def MXC_OR_NOTHING(v):
    return None if v == "" else MXC(v)


def URI(v):
    good = isinstance(v, str) and re.match(r"https?://[^\s/]+(/\S*)?\Z", v)
    return None if good else "is no http URI"


def DEVICE(v):
    return None if isinstance(v, str) and re.match(r"[A-Za-z0-9\-._~]{1,255}\Z", v) else \
        "is no device id of unreserved characters"


def check(schema, value, where="body"):
    """What is wrong, a list of sentences."""
    if isinstance(schema, list):
        if not isinstance(value, list):
            return [f"{where} is no list"]
        return [w for i, v in enumerate(value) for w in check(schema[0], v, f"{where}[{i}]")]
    if isinstance(schema, dict):
        if not isinstance(value, dict):
            return [f"{where} is no object"]
        return check_object(schema, value, where)
    wrong = schema(value)
    return [f"{where} {wrong}"] if wrong else []


def check_object(schema, value, where):
    wrong = []
    for key, inner in schema.items():
        name = key.rstrip("?")
        if name == "*":
            continue
        if name in value:
            wrong += check(inner, value[name], f"{where}.{name}")
        elif not key.endswith("?"):
            wrong.append(f"{where}.{name} is missing")
    for name in value:
        if name not in schema and name + "?" not in schema:
            if "*" in schema:
                wrong += check(schema["*"], value[name], f"{where}.{name}")
            else:
                wrong.append(f"{where}.{name} is unknown")
    return wrong


# --- bodies

EVENT_FILTER = {"limit?": COUNT, "not_senders?": [USER], "not_types?": [STR], "senders?": [USER],
                "types?": [STR]}
ROOM_EVENT_FILTER = {**EVENT_FILTER, "contains_url?": BOOL, "include_redundant_members?": BOOL,
                     "lazy_load_members?": BOOL, "not_rooms?": [ROOM], "rooms?": [ROOM],
                     "unread_thread_notifications?": BOOL}
FILTER = {"account_data?": EVENT_FILTER, "event_fields?": [STR],
          "event_format?": enum("client", "federation"), "presence?": EVENT_FILTER,
          "room?": {"account_data?": ROOM_EVENT_FILTER, "ephemeral?": ROOM_EVENT_FILTER,
                    "include_leave?": BOOL, "not_rooms?": [ROOM], "rooms?": [ROOM],
                    "state?": ROOM_EVENT_FILTER, "timeline?": ROOM_EVENT_FILTER}}

LOGIN_COMMON = {"device_id?": DEVICE, "initial_device_display_name?": STR, "refresh_token?": BOOL}
LOGIN = {
    "m.login.password": {"type": STR, "password": STR, **LOGIN_COMMON,
                         "identifier": {"type": enum("m.id.user"), "user": FULL}},
    "m.login.token": {"type": STR, "token": FULL, **LOGIN_COMMON},
}


def LOGIN_BODY(v):
    if not isinstance(v, dict):
        return "is no object"
    schema = LOGIN.get(v.get("type")) if isinstance(v.get("type"), str) else None
    if schema is None:
        return f"type is not one of {tuple(LOGIN)}"
    return "; ".join(check(schema, v)) or None


MEMBERSHIP_BODY = {"reason?": STR}
RECEIPT_TYPE = enum("m.read", "m.read.private", "m.fully_read")
ACCOUNT_DATA = {
    "m.direct": {"*": [ROOM]},
    "m.ignored_user_list": {"ignored_users": {"*": {}}},
}
NOTHING = {}  # no body at all, or {}
BYTES = "bytes"

# --- query parameters: functions of the text


def Q_INT(v):
    return None if re.match(r"\d{1,15}\Z", v) else "is no number"


def Q_BOOL(v):
    return None if v in ("true", "false") else "is not true or false"


def Q_FILTER(v):
    if not v.startswith("{"):
        return None
    return "; ".join(check(FILTER, parse_json(v.encode(), "filter"), "filter")) or None


def Q_ROOM_FILTER(v):
    return "; ".join(check(ROOM_EVENT_FILTER, parse_json(v.encode(), "filter"), "filter")) or None


SYNC = {"filter": Q_FILTER, "since": FULL, "full_state": Q_BOOL, "timeout": Q_INT,
        "set_presence": enum("offline", "online", "unavailable"), "use_state_after": Q_BOOL}
PAGE = {"dir!": enum("b", "f"), "from": FULL, "to": FULL, "limit": Q_INT, "filter": Q_ROOM_FILTER}

PARAMS = {"roomId": ROOM, "roomIdOrAlias": ALIAS_OR_ROOM, "roomAlias": lambda v: sized(v, "#"),
          "eventId": EVENT, "userId": USER, "serverName": NAME, "mediaId": MEDIA,
          "receiptType": RECEIPT_TYPE, "stateKey": STR, "clientId": FULL}

# --- OAuth 2.0: forms and the registration of a client

DEVICE_GRANT = "urn:ietf:params:oauth:grant-type:device_code"
REGISTRATION = {
    "client_uri": URI, "client_name?": FULL, "logo_uri?": URI, "tos_uri?": URI, "policy_uri?": URI,
    "application_type?": enum("web", "native"), "token_endpoint_auth_method": enum("none"),
    "grant_types": [enum("authorization_code", "refresh_token", DEVICE_GRANT)],
    "response_types?": [enum("code")], "redirect_uris?": [STR], "contacts?": [STR],
    "software_id?": STR, "software_version?": STR,
}
F_DEVICE = {"client_id": FULL, "scope": FULL}
F_REVOKE = {"client_id?": FULL, "token": FULL,
            "token_type_hint?": enum("access_token", "refresh_token")}
F_TOKEN = {
    DEVICE_GRANT: {"grant_type": STR, "device_code": FULL, "client_id": FULL},
    "refresh_token": {"grant_type": STR, "refresh_token": FULL, "client_id": FULL,
                      "scope?": STR},
}


class Form:
    """A body of type application/x-www-form-urlencoded."""

    def __init__(self, schema):
        self.schema = schema


def TOKEN_FORM(v):
    schema = F_TOKEN.get(v.get("grant_type"))
    if schema is None:
        return f"grant_type is not one of {tuple(F_TOKEN)}"
    return "; ".join(check(schema, v, "form")) or None


class Endpoint:
    def __init__(self, name, method, path, auth, query, body):
        self.name, self.method, self.path, self.auth = name, method, path, auth
        self.query, self.body = query, body
        self.segments = path.split("/")


def rows():
    C1, M = "/_matrix/client/v1", "/_matrix/media/v3"
    room = VERSION + "/rooms/{roomId}"
    user = VERSION + "/user/{userId}"
    profile = VERSION + "/profile/{userId}"
    # auth: yes; no (a token there is a violation); maybe; forbidden (nobody may send this).
    return [
        ("well_known", "GET", "/.well-known/matrix/client", "no", {}, None),
        ("versions", "GET", "/_matrix/client/versions", "maybe", {}, None),
        ("login_flows", "GET", VERSION + "/login", "no", {}, None),
        ("login", "POST", VERSION + "/login", "no", {}, LOGIN_BODY),
        ("logout", "POST", VERSION + "/logout", "yes", {}, NOTHING),
        ("refresh", "POST", VERSION + "/refresh", "no", {}, {"refresh_token": FULL}),
        ("whoami", "GET", VERSION + "/account/whoami", "yes", {}, None),
        ("auth_metadata", "GET", C1 + "/auth_metadata", "no", {}, None),
        ("oauth_metadata", "GET", "/.well-known/oauth-authorization-server", "no", {}, None),
        ("oauth_register", "POST", "/oauth/register", "no", {}, REGISTRATION),
        ("oauth_device", "POST", "/oauth/device", "no", {}, Form(F_DEVICE)),
        ("oauth_token", "POST", "/oauth/token", "no", {}, Form(TOKEN_FORM)),
        ("oauth_revoke", "POST", "/oauth/revoke", "no", {}, Form(F_REVOKE)),
        ("filter_put", "POST", user + "/filter", "yes", {}, FILTER),
        ("filter_get", "GET", user + "/filter/{filterId}", "yes", {}, None),
        ("sync", "GET", VERSION + "/sync", "yes", SYNC, None),
        ("messages", "GET", room + "/messages", "yes", PAGE, None),
        ("join", "POST", VERSION + "/join/{roomIdOrAlias}", "yes", {"via*": NAME},
         MEMBERSHIP_BODY),
        ("join_room", "POST", room + "/join", "yes", {}, MEMBERSHIP_BODY),
        ("leave", "POST", room + "/leave", "yes", {}, MEMBERSHIP_BODY),
        ("forget", "POST", room + "/forget", "yes", {}, NOTHING),
        ("send", "PUT", room + "/send/{eventType}/{txnId}", "yes", {}, OBJECT),
        ("redact", "PUT", room + "/redact/{eventId}/{txnId}", "yes", {}, MEMBERSHIP_BODY),
        ("state_put", "PUT", room + "/state/{eventType}/{stateKey}", "yes", {}, OBJECT),
        ("state_put", "PUT", room + "/state/{eventType}", "yes", {}, OBJECT),
        ("state_get", "GET", room + "/state/{eventType}/{stateKey}", "yes", {}, None),
        ("state_get", "GET", room + "/state/{eventType}", "yes", {}, None),
        ("state", "GET", room + "/state", "yes", {}, None),
        ("event", "GET", room + "/event/{eventId}", "yes", {}, None),
        ("joined_members", "GET", room + "/joined_members", "yes", {}, None),
        ("joined_rooms", "GET", VERSION + "/joined_rooms", "yes", {}, None),
        ("alias", "GET", VERSION + "/directory/room/{roomAlias}", "maybe", {}, None),
        ("typing", "PUT", room + "/typing/{userId}", "yes", {},
         {"typing": BOOL, "timeout?": COUNT}),
        ("receipt", "POST", room + "/receipt/{receiptType}/{eventId}", "yes", {},
         {"thread_id?": FULL}),
        ("read_markers", "POST", room + "/read_markers", "yes", {},
         {"m.fully_read?": EVENT, "m.read?": EVENT, "m.read.private?": EVENT}),
        ("profile", "GET", profile, "maybe", {}, None),
        ("displayname", "GET", profile + "/displayname", "maybe", {}, None),
        ("displayname_put", "PUT", profile + "/displayname", "yes", {}, {"displayname": STR}),
        ("avatar", "GET", profile + "/avatar_url", "maybe", {}, None),
        ("avatar_put", "PUT", profile + "/avatar_url", "yes", {},
         {"avatar_url": MXC_OR_NOTHING}),
        ("account_data", "GET", user + "/account_data/{type}", "yes", {}, None),
        ("account_data_put", "PUT", user + "/account_data/{type}", "yes", {}, OBJECT),
        ("upload", "POST", M + "/upload", "yes", {"filename": FULL}, BYTES),
        ("media_config", "GET", C1 + "/media/config", "yes", {}, None),
        ("download", "GET", C1 + "/media/download/{serverName}/{mediaId}", "yes",
         {"timeout_ms": Q_INT}, None),
        ("download", "GET", C1 + "/media/download/{serverName}/{mediaId}/{fileName}", "yes",
         {"timeout_ms": Q_INT}, None),
        ("capabilities", "GET", VERSION + "/capabilities", "yes", {}, None),
        ("pushrules", "GET", VERSION + "/pushrules/", "yes", {}, None),
        ("keys_query", "POST", VERSION + "/keys/query", "yes", {},
         {"device_keys": OBJECT, "timeout?": COUNT}),
        # Not of the Client-Server API; looked at by an operator's tools alone.
        ("version", "GET", "/_matrix/federation/v1/version", "maybe", {}, None),
        ("ratelimit", "GET", "/_synapse/admin/v1/users/{userId}/override_ratelimit", "yes", {},
         None),
        ("keys_upload", "POST", VERSION + "/keys/upload", "forbidden", {}, OBJECT),
    ]


ENDPOINTS = [Endpoint(*row) for row in rows()]
NAMES = {e.name for e in ENDPOINTS}
TEMPLATES = {e.name: e.path for e in reversed(ENDPOINTS)}


def find(method, path):
    """(endpoint, raw parameters), or (None, whether another method would have been right)."""
    segments = path.split("/")
    other = False
    for e in ENDPOINTS:
        if len(e.segments) != len(segments):
            continue
        raw = {}
        for want, got in zip(e.segments, segments):
            if want.startswith("{"):
                if got == "" and want != "{stateKey}":
                    break
                raw[want[1:-1]] = got
            elif want != got:
                break
        else:
            if e.method == method:
                return e, raw
            other = True
    return None, other


def path_params(raw):
    params = {}
    for name, text in raw.items():
        if not ENCODED.match(text):
            raise Wrong(f"{name} is not percent-encoded in the path: {text}", "M_INVALID_PARAM")
        value = percent_decode(text)
        if value is None:
            raise Wrong(f"{name} is not UTF-8: {text}", "M_INVALID_PARAM")
        wrong = PARAMS.get(name, FULL)(value) if name in PARAMS or name != "stateKey" else None
        if wrong:
            raise Wrong(f"{name} {wrong}: {value}", "M_INVALID_PARAM")
        params[name] = value
    return params


def query_params(table, text):
    """{name: value}; parameters whose name ends with * in the table may repeat: a list."""
    got = {}
    known = {name.rstrip("*!"): (name, rule) for name, rule in table.items()}
    for part in text.split("&") if text else []:
        name, equals, value = part.partition("=")
        if not equals or not QUERY.match(value) or not QUERY.match(name):
            raise Wrong(f"the query is not percent-encoded at {name}", "M_INVALID_PARAM")
        name, value = percent_decode(name), percent_decode(value)
        if name == "access_token":
            raise Wrong("a token in the query", "M_INVALID_PARAM")
        if name not in known:
            raise Wrong(f"query parameter {name} is unknown", "M_INVALID_PARAM")
        mark, rule = known[name]
        wrong = "is not UTF-8" if value is None else rule(value)
        if wrong:
            raise Wrong(f"query parameter {name} {wrong}", "M_INVALID_PARAM")
        if mark.endswith("*"):
            got.setdefault(name, []).append(value)
        elif name in got:
            raise Wrong(f"query parameter {name} is given twice", "M_INVALID_PARAM")
        else:
            got[name] = value
    for name in table:
        if name.endswith("!") and name[:-1] not in got:
            raise Wrong(f"query parameter {name[:-1]} is missing", "M_MISSING_PARAM")
    return got


def parse_json(data, where="body"):
    """Stricter than JSON itself: what no canonical form exists for is wrong."""
    def pairs(items):
        if len(dict(items)) != len(items):
            raise Wrong(f"{where} has a key twice", "M_NOT_JSON")
        return dict(items)

    def number(text):
        raise Wrong(f"{where} has the number {text}, no integer")

    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=number,
                           parse_constant=number)
    except (ValueError, RecursionError):
        raise Wrong(f"{where} is no JSON in UTF-8", "M_NOT_JSON") from None
    scan(value, where)
    return value


def scan(value, where):
    if isinstance(value, str):
        if any(0xD800 <= ord(c) < 0xE000 for c in value):
            raise Wrong(f"{where} has half a surrogate pair")
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) > INT_MAX:
            raise Wrong(f"{where} has a number beyond 2^53")
    elif isinstance(value, list):
        for v in value:
            scan(v, where)
    elif isinstance(value, dict):
        for k, v in value.items():
            scan(k, where)
            scan(v, where)


def request_body(endpoint, request):
    """The parsed body. Raises Wrong."""
    kind = (request.header("content-type") or "").split(";")[0].strip().lower()
    schema = endpoint.body
    if request.header("content-encoding"):
        raise Wrong("a request with Content-Encoding")
    if schema is None:
        if request.body:
            raise Wrong(f"{request.method} with a body")
        return None
    if schema == BYTES:
        if not kind:
            raise Wrong("an upload without Content-Type")
        return request.body
    if isinstance(schema, Form):
        if kind != "application/x-www-form-urlencoded":
            raise Wrong(f"a form of type {kind}")
        form = query_params({n: ANY for n in form_fields(schema)}, request.body.decode("latin-1")
                            .replace("+", "%20"))
        return checked(schema.schema, form, "form")
    if schema is NOTHING and not request.body:
        return {}
    if kind != "application/json":
        raise Wrong(f"a body of type {kind or 'none'}, not application/json", "M_NOT_JSON")
    return checked(schema, parse_json(request.body))


def form_fields(form):
    if isinstance(form.schema, dict):
        return [n.rstrip("?") for n in form.schema]
    return {n.rstrip("?") for s in F_TOKEN.values() for n in s}


def checked(schema, value, where="body"):
    wrong = check(schema, value, where)
    if wrong:
        raise Wrong("; ".join(wrong))
    return value
