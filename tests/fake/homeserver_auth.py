"""homeserver_auth.py - sessions: password and token login, refresh, and OAuth 2.0.

A refreshed pair replaces the old one when it is used for the first time; until then the old
refresh token can be used again (its answer may have been lost), which gives another pair.
"""
import re
import secrets

from homeserver_schema import DEVICE_GRANT, Wrong

API_SCOPE = "urn:matrix:client:api:*"
DEVICE_SCOPE = re.compile(r"urn:matrix:client:device:([A-Za-z0-9\-._~]{10,})\Z")


class MatrixError(Exception):
    def __init__(self, status, errcode, error="", headers=None, **fields):
        super().__init__(f"{status} {errcode} {error}")
        self.status = status
        self.headers = headers
        self.body = {"errcode": errcode, "error": error or errcode, **fields}


class OAuthError(Exception):
    def __init__(self, error, status=400):
        super().__init__(error)
        self.status = status
        self.body = {"error": error}


class Session:
    """One device that is logged in."""

    def __init__(self, user, device, client=None):
        self.user, self.device = user, device
        self.client = client      # of OAuth; None: the older API
        self.access = self.refresh = None
        self.expires_at = None
        self.next = None          # the pair that was given out and not used yet
        self.ended = None         # soft, hard
        self.scope = None


class Accounts:
    def __init__(self, world, config):
        self.world, self.config = world, config
        self.sessions = []
        self.devices = {}         # user: {device: display name}
        self.login_tokens = {}    # token: user
        self.secrets = set()      # every token ever given out
        self.clients = {}         # client_id: metadata
        self.grants = {}          # device_code: dict

    def secret(self, kind):
        token = f"{kind}_{secrets.token_urlsafe(24)}"
        self.secrets.add(token)
        return token

    # --- tokens

    def pair(self, session, lifetime, refreshable=True):
        """(access token, refresh token, expires_at)"""
        return (self.secret("mat"), self.secret("mar") if refreshable else None,
                self.world.now() + lifetime if lifetime else None)

    def lifetime(self, session):
        return self.config["oauth_lifetime_s" if session.client else "access_lifetime_s"]

    def start(self, user, device, name=None, refreshable=False, client=None):
        for s in self.sessions:
            if s.user is user and s.device == device:
                s.ended = "hard"
        session = Session(user, device, client)
        lifetime = self.lifetime(session) if refreshable else None
        session.access, session.refresh, session.expires_at = self.pair(
            session, lifetime, refreshable)
        self.sessions.append(session)
        self.devices.setdefault(user.id, {}).setdefault(device, name)
        return session

    def promote(self, session):
        session.access, session.refresh, session.expires_at = session.next
        session.next = None

    def authenticate(self, token):
        """The session of an access token. Raises MatrixError."""
        for s in self.sessions:
            if s.next is not None and s.next[0] == token:
                self.promote(s)
            if s.access == token:
                return self.usable(s)
        raise MatrixError(401, "M_UNKNOWN_TOKEN", "Unknown access token", soft_logout=False)

    def usable(self, s):
        if s.user.state == "deactivated" or s.ended == "hard":
            raise MatrixError(401, "M_UNKNOWN_TOKEN", "Logged out", soft_logout=False)
        if s.ended == "soft":
            raise MatrixError(401, "M_UNKNOWN_TOKEN", "Logged out", soft_logout=True)
        if s.expires_at is not None and self.world.now() >= s.expires_at:
            raise MatrixError(401, "M_UNKNOWN_TOKEN", "Access token has expired", soft_logout=True)
        return s

    def refresh(self, token, client=None):
        """A new pair for the session of a refresh token; None: unknown."""
        for s in self.sessions:
            if s.next is not None and s.next[1] == token:
                self.promote(s)
            if s.refresh != token or s.ended or s.user.state == "deactivated":
                continue
            if (s.client or None) != client:
                raise Wrong("a refresh token of the other login API, or of another client")
            s.next = self.pair(s, self.lifetime(s))
            return s
        return None

    # --- the older API

    def do_login_flows(self, call):
        if not self.config["login_flows"]:
            raise MatrixError(404, "M_UNRECOGNIZED")
        return {"flows": [{"type": t} for t in self.config["login_flows"]]}

    def do_login(self, call):
        body = call.body
        if body["type"] not in self.config["login_flows"]:
            raise Wrong(f"login type {body['type']} was not offered")
        user = self.login_user(body)
        if user.state == "deactivated":
            raise MatrixError(403, "M_USER_DEACTIVATED")
        device = body.get("device_id") or "GENERATED" + secrets.token_hex(3).upper()
        refreshable = bool(body.get("refresh_token")) and self.config["refresh_tokens"]
        s = self.start(user, device, body.get("initial_device_display_name"), refreshable)
        answer = {"user_id": user.id, "access_token": s.access, "device_id": device,
                  "home_server": self.world.name}
        if refreshable:
            answer["refresh_token"] = s.refresh
            answer["expires_in_ms"] = int(self.lifetime(s) * 1000)
        return answer

    def login_user(self, body):
        if body["type"] == "m.login.token":
            user = self.login_tokens.pop(body["token"], None)
        else:
            name = body["identifier"]["user"]
            user_id = name if name.startswith("@") else f"@{name}:{self.world.name}"
            user = self.world.users.get(user_id)
            if user is not None and (user.password is None or user.password != body["password"]):
                user = None
        if user is None:
            raise MatrixError(403, "M_FORBIDDEN", "Invalid username, password or token")
        return user

    def do_refresh(self, call):
        s = self.refresh(call.body["refresh_token"])
        if s is None:
            raise MatrixError(401, "M_UNKNOWN_TOKEN", "Unknown refresh token",
                              soft_logout=self.config["refresh_soft_logout"])
        return {"access_token": s.next[0], "refresh_token": s.next[1],
                "expires_in_ms": int(self.lifetime(s) * 1000)}

    def do_logout(self, call):
        if call.session.client:
            raise Wrong("an OAuth session is ended with /revoke")
        call.session.ended = "hard"
        self.devices[call.session.user.id].pop(call.session.device, None)
        return {}

    def do_whoami(self, call):
        answer = {"user_id": call.session.user.id, "is_guest": False}
        if self.config["whoami_device"]:
            answer["device_id"] = call.session.device
        return answer

    # --- OAuth 2.0

    def metadata(self, call):
        if not self.config["oauth"]:
            raise MatrixError(404, "M_UNRECOGNIZED", "Legacy authentication is in use")
        base = call.base
        return {
            "issuer": base + "/", "authorization_endpoint": base + "/oauth/authorize",
            "token_endpoint": base + "/oauth/token", "revocation_endpoint": base + "/oauth/revoke",
            "registration_endpoint": base + "/oauth/register",
            "device_authorization_endpoint": base + "/oauth/device",
            "response_types_supported": ["code"], "response_modes_supported": ["query", "fragment"],
            "grant_types_supported": ["authorization_code", "refresh_token", DEVICE_GRANT],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
        }

    do_auth_metadata = do_oauth_metadata = metadata

    def do_oauth_register(self, call):
        body = call.body
        if "authorization_code" in body["grant_types"] and not body.get("redirect_uris"):
            raise Wrong("a client with authorization_code and no redirect_uris")
        client = f"client{len(self.clients) + 1}"
        self.clients[client] = body
        return 201, {"client_id": client, "client_id_issued_at": int(self.world.now()), **body}

    def client(self, name, grant):
        if name not in self.clients:
            raise OAuthError("invalid_client", 401)
        if grant not in self.clients[name]["grant_types"]:
            raise OAuthError("unauthorized_client")
        return name

    def do_oauth_device(self, call):
        client = self.client(call.body["client_id"], DEVICE_GRANT)
        scopes = call.body["scope"].split(" ")
        devices = [m[1] for m in map(DEVICE_SCOPE.match, scopes) if m]
        if API_SCOPE not in scopes or len(devices) != 1 or len(scopes) != 2:
            raise Wrong("scope is not the API and one device of 10 or more unreserved characters")
        code = self.secret("code")
        user_code = secrets.token_hex(4).upper()
        interval = self.config["oauth_interval_s"]
        self.grants[code] = {
            "client": client, "device": devices[0], "scope": call.body["scope"], "asked": None,
            "user_code": user_code, "interval": 5 if interval is None else interval,
            "answer": "authorization_pending", "user": None,
            "ends": self.world.now() + self.config["oauth_expires_s"]}
        answer = {"device_code": code, "user_code": user_code,
                  "verification_uri": call.base + "/oauth/link",
                  "verification_uri_complete": f"{call.base}/oauth/link?code={user_code}",
                  "expires_in": int(self.config["oauth_expires_s"])}
        if interval is not None:
            answer["interval"] = interval
        return answer

    def do_oauth_token(self, call):
        if call.body["grant_type"] == "refresh_token":
            client = self.client(call.body["client_id"], "refresh_token")
            s = self.refresh(call.body["refresh_token"], client)
            if s is None:
                raise OAuthError("invalid_grant")
            return self.token_answer(s, s.next[0], s.next[1])
        grant = self.grants.get(call.body["device_code"])
        if grant is None or grant["client"] != call.body["client_id"]:
            raise OAuthError("invalid_grant")
        self.poll(grant, call)
        s = self.start(grant["user"], grant["device"], None, True, grant["client"])
        s.scope = grant["scope"]
        del self.grants[call.body["device_code"]]
        return self.token_answer(s, s.access, s.refresh)

    def poll(self, grant, call):
        """Returns when the user has agreed."""
        now = self.world.now()
        if now >= grant["ends"]:
            raise OAuthError("expired_token")
        early = grant["asked"] is not None and now - grant["asked"] < grant["interval"] * 0.95
        grant["asked"] = now
        if early:
            call.violate(f"polled again before the interval of {grant['interval']} s")
        if early or grant["answer"] == "slow_down":
            if grant["answer"] == "slow_down":
                grant["answer"] = "authorization_pending"
            grant["interval"] += 5
            raise OAuthError("slow_down")
        if grant["answer"] != "approved":
            raise OAuthError(grant["answer"])

    def token_answer(self, s, access, refresh):
        return {"access_token": access, "token_type": "Bearer", "refresh_token": refresh,
                "expires_in": int(self.lifetime(s)), "scope": s.scope}

    def do_oauth_revoke(self, call):
        token = call.body["token"]
        for s in self.sessions:
            if token in (s.access, s.refresh) or s.next and token in s.next[:2]:
                s.ended = "hard"
                self.devices[s.user.id].pop(s.device, None)
        return {}
