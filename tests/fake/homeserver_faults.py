"""homeserver_faults.py - which requests go wrong, and how.

A fault waits for requests of its endpoint ("*": any), skips the first few, and strikes a number
of times. effect says whether the request does its work all the same.
"""
import json

from homeserver_http import Response, broken_gzip, retry_headers
from homeserver_schema import NAMES

HTML = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
# Verb: its arguments with their defaults, and whether the work is done.
VERBS = {
    "drop": ({"where": "before", "reset": False}, None),
    "lose": ({"reset": False}, True),
    "hang": ({"where": "before"}, None),
    "body": ({"kind": "empty", "body": None}, None),
    "status": ({"status": 502, "errcode": None, "error": None, "fields": None}, False),
    "limit": ({"form": "seconds", "seconds": 1}, False),
    "drip": ({"bytes": 1, "pause_ms": 1000}, True),
    "bomb": ({"mb": 100, "gzip": True}, False),
    "delay": ({"ms": 1000}, True),
    "run": ({"commands": None, "when": "before"}, True),
}
WHERE = ("before", "mid_headers", "headers", "body")
BODIES = ("empty", "html", "truncated", "gzip_broken", "text")
FORMS = ("seconds", "date", "ms", "both", "none")


def make(endpoint, verb, times=1, skip=0, room=None, effect=None, **args):
    """A fault. Raises ValueError."""
    if verb not in VERBS:
        raise ValueError(f"verb is not one of {tuple(VERBS)}")
    if endpoint != "*" and endpoint not in NAMES:
        raise ValueError(f"no endpoint {endpoint}")
    defaults, does = VERBS[verb]
    unknown = set(args) - set(defaults)
    if unknown:
        raise ValueError(f"{verb} has no {', '.join(unknown)}")
    fault = {"endpoint": endpoint, "verb": verb, "times": times, "skip": skip, "room": room,
             **defaults, **args}
    for name, values in (("where", WHERE), ("kind", BODIES), ("form", FORMS)):
        if name in fault and fault[name] not in values:
            raise ValueError(f"{name} is not one of {values}")
    if does is None:
        # What is cut off must be there first.
        does = fault.get("where", "before") != "before" or fault.get("kind") in (
            "truncated", "gzip_broken")
    if verb == "lose":
        fault["verb"], fault["where"] = "drop", "before"
    fault["effect"] = does if effect is None else effect
    return fault


class Faults:
    def __init__(self):
        self.waiting = []

    def take(self, endpoint, room):
        """The fault that strikes this request; None. room: its ids, of the path."""
        for fault in self.waiting:
            if fault["endpoint"] not in ("*", endpoint):
                continue
            if fault["room"] is not None and fault["room"] != room:
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                continue
            if fault["times"] > 0:
                fault["times"] -= 1
                if fault["times"] == 0:
                    self.waiting.remove(fault)
            return fault
        return None


def response(fault, good):
    """What is answered instead of good (None: the work was not done)."""
    verb = fault["verb"]
    if verb == "status":
        if fault["errcode"] is None:
            return Response(fault["status"], HTML, kind="text/html")
        body = {"errcode": fault["errcode"], "error": fault["error"] or fault["errcode"],
                **(fault["fields"] or {})}
        return Response(fault["status"], json.dumps(body).encode())
    if verb == "limit":
        return limited(fault["form"], fault["seconds"])
    if verb == "body":
        return odd_body(fault, good)
    return good or Response(200, b"{}")


def limited(form, seconds):
    headers, fields = retry_headers(form, seconds)
    body = {"errcode": "M_LIMIT_EXCEEDED", "error": "Too Many Requests", **fields}
    return Response(429, json.dumps(body).encode(), headers)


def odd_body(fault, good):
    kind = fault["kind"]
    body = good.body if good else b"{}"
    if kind == "empty":
        return Response(200)
    if kind == "html":
        return Response(200, HTML, kind="text/html")
    if kind == "truncated":
        return Response(200, body[:len(body) // 2])
    if kind == "gzip_broken":
        return Response(200, broken_gzip(body), {"Content-Encoding": "gzip"})
    return Response(200, (fault["body"] or "").encode())
