"""tls.py - what stands between the program and a server: TLS with certificates of all kinds, and
a proxy. Each is a thread of its own and carries bytes to a port of this machine.

    certs = Certificates(folder)
    front = Front(port, certs.good)            https://localhost:{front.port}/
    front.mode = "refuse"                      from the next connection on
    proxy = Proxy(user="u", password="p")
"""
import base64
import os
import socket
import ssl
import subprocess
import threading

CHUNK = 65536


def carry(a, b):
    """Bytes both ways, until either ends. The sockets are closed."""
    def one_way(src, dst):
        try:
            while data := src.recv(CHUNK):
                dst.sendall(data)
        except (OSError, ValueError):
            pass
        for s in (src, dst):
            try:
                s.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    back = threading.Thread(target=one_way, args=(b, a), daemon=True)
    back.start()
    one_way(a, b)
    back.join()
    a.close()
    b.close()


class Certificates:
    """Made by openssl: pairs (certificate, key) signed by ca, except self_signed."""

    def __init__(self, folder):
        self.folder = folder
        self.ca, self.ca_key = self.authority()
        self.good = self.signed("good", "DNS:localhost,IP:127.0.0.1")
        self.expired = self.signed("expired", "DNS:localhost,IP:127.0.0.1", days=-1)
        self.wrong_host = self.signed("wrong", "DNS:elsewhere.example")
        self.self_signed = self.own("self")

    def path(self, name):
        return os.path.join(self.folder, name)

    def openssl(self, *args):
        subprocess.run(["openssl", *args], check=True, capture_output=True)

    KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")

    def authority(self):
        cert, key = self.path("ca.pem"), self.path("ca.key")
        self.openssl("req", "-x509", *self.KEY, "-keyout", key, "-out", cert, "-days", "2",
                     "-subj", "/CN=An authority of tests")
        return cert, key

    def own(self, name):
        cert, key = self.path(name + ".pem"), self.path(name + ".key")
        self.openssl("req", "-x509", *self.KEY, "-keyout", key, "-out", cert, "-days", "2",
                     "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost")
        return cert, key

    def signed(self, name, names, days=2):
        cert, key = self.path(name + ".pem"), self.path(name + ".key")
        request, more = self.path(name + ".csr"), self.path(name + ".ext")
        with open(more, "w") as f:
            f.write("subjectAltName=" + names)
        self.openssl("req", *self.KEY, "-keyout", key, "-out", request, "-subj", "/CN=" + name)
        self.openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.ca_key,
                     "-CAcreateserial", "-days", str(days), "-extfile", more, "-out", cert)
        return cert, key


class Listener:
    """serve(socket) in a thread for each connection."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.taken = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                s, _ = self.socket.accept()
            except OSError:
                return
            self.taken += 1
            threading.Thread(target=self.serve, args=(s,), daemon=True).start()

    def close(self):
        self.socket.close()


class Front(Listener):
    """mode: "tls" with certificate, or what goes wrong: "refuse" closes at once, "reset" with an
    RST, "silent" never says a word, "garbage" says what is no TLS, "old" offers TLS 1.1."""

    def __init__(self, to, certificate, mode="tls"):
        self.to, self.certificate, self.mode = to, certificate, mode
        super().__init__()

    def context(self):
        c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        c.load_cert_chain(*self.certificate)
        return c

    def serve(self, s):
        try:
            if self.mode == "tls":
                carry(self.context().wrap_socket(s, server_side=True),
                      socket.create_connection(("127.0.0.1", self.to)))
            elif self.mode == "silent":
                while s.recv(CHUNK):
                    pass
            elif self.mode == "garbage":
                s.sendall(b"220 mail.example.org ready\r\n")
                s.recv(CHUNK)
            elif self.mode == "reset":
                s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        except (OSError, ssl.SSLError):
            pass
        s.close()


class Proxy(Listener):
    """CONNECT alone, to this machine alone whatever name is asked for. seen: the heads."""

    def __init__(self, user=None, password=None):
        self.wanted = None
        if user is not None:
            self.wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self.seen = []
        super().__init__()

    def serve(self, s):
        head = b""
        while b"\r\n\r\n" not in head:
            data = s.recv(CHUNK)
            if not data:
                return s.close()
            head += data
        head = head.decode("latin-1")
        self.seen.append(head)
        method, place, _ = head.split("\r\n")[0].split(" ")
        if self.wanted is not None and f"Proxy-Authorization: {self.wanted}\r\n" not in head:
            s.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\n"
                      b"Proxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
            return s.close()
        if method != "CONNECT":
            s.sendall(b"HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n")
            return s.close()
        try:
            to = socket.create_connection(("127.0.0.1", int(place.rsplit(":", 1)[1])))
        except OSError:
            s.sendall(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
            return s.close()
        s.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        carry(s, to)
