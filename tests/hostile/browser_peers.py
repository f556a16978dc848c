"""Hostile browsers: each kind connects as one does, does its harm, and leaves its socket to be held open."""

from __future__ import annotations

import contextlib
import functools
import json
import random
import secrets
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Final

import msgspec

from messango.protocol.alpn import HTTP_PROTOCOL
from messango.protocol.codec import encode
from messango.protocol.frames import Join
from messango.transport.identity.certificate import client_context
from tests.hostile.peers import HostilePeer, connect
from tests.web.talk.websocket_floods import HOSTILE_FRAMES, hostile_read
from tests.web.talk.websockets import BINARY, client_frame

#: A peer that has received nothing for this long goes on.
_READ_TIMEOUT_S: Final = 0.3

#: What a peer does over its connection; `host` is the address as a browser names it.
_Harm = Callable[[ssl.SSLSocket, str, random.Random], None]


@functools.cache
def _context() -> ssl.SSLContext:
    context = client_context()
    context.set_alpn_protocols([HTTP_PROTOCOL])
    return context


def connect_browser(port: int, source: str) -> ssl.SSLSocket:
    """Connect and do the handshake as a browser."""
    plain = connect(port, source)
    try:
        return _context().wrap_socket(plain)
    except BaseException:
        plain.close()
        raise


def request(method: str, target: str, host: str, body: bytes = b"", /, **headers: str) -> bytes:
    """Return a request as the room's own page makes it; an empty header is left out."""
    fields = {"host": host, "origin": f"https://{host}", "x_messango": "1", **headers}
    if method == "POST":
        fields.setdefault("content_length", str(len(body)))
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in fields.items() if value]
    return "\r\n".join([f"{method} {target} HTTP/1.1", *lines, "", ""]).encode() + body


def _upgrade(host: str, **headers: str) -> bytes:
    fields = {
        "upgrade": "websocket",
        "connection": "Upgrade",
        "sec_websocket_version": "13",
        "sec_websocket_key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    return request("GET", "/talk", host, **{**fields, **headers})


def _read(sock: ssl.SSLSocket) -> bytes:
    """Return what comes until nothing does for a moment."""
    received = bytearray()
    sock.settimeout(_READ_TIMEOUT_S)
    with contextlib.suppress(OSError):
        while data := sock.recv(65_536):
            received += data
    return bytes(received)


def _peer(harm: _Harm) -> HostilePeer:
    def peer(port: int, source: str, random_: random.Random) -> socket.socket:
        sock = connect_browser(port, source)
        with contextlib.suppress(OSError):
            harm(sock, f"127.0.0.1:{port}", random_)
        return sock

    return peer


def _sends(make: Callable[[str], bytes], times: int = 1) -> HostilePeer:
    """Return a peer that sends this some times, and receives the answers."""

    def harm(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
        for _ in range(times):
            sock.sendall(make(host))
        _read(sock)

    return _peer(harm)


def _talks(make: Callable[[], bytes], times: int = 1) -> HostilePeer:
    """Return a peer that opens a WebSocket and sends this over it."""

    def harm(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
        sock.sendall(_upgrade(host))
        sock.recv(1_024)
        for _ in range(times):
            sock.sendall(make())
        _read(sock)

    return _peer(harm)


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def _slow(sock: ssl.SSLSocket, host: str, random_: random.Random) -> None:
    """Send some of a head, in several pieces, and no more."""
    head = request("GET", "/", host)
    for byte in head[: random_.randrange(1, 30)]:
        sock.sendall(bytes([byte]))


def _unread_stream(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
    """Open an event stream, and read nothing."""
    sock.sendall(request("GET", "/events", host))


def _foreign_stream(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
    """Post frames to a stream of somebody else."""
    body = b'{"type":"say","id":"1","text":"intruder"}\n'
    for _ in range(10):
        sock.sendall(request("POST", "/frames", host, body, x_messango_stream=secrets.token_urlsafe(16)))
        sock.recv(4_096)


def _guessed_tickets(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
    for _ in range(10):
        sock.sendall(request("GET", f"/files/{secrets.token_urlsafe(16)}/a", host))
        sock.recv(4_096)


def _keep_alive(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
    """Load the page, and leave the connection open."""
    sock.sendall(request("GET", "/", host, accept_encoding="gzip"))
    sock.recv(65_536)


def _wrong_key(name: str) -> Callable[[], bytes]:
    return lambda: client_frame(encode(Join(1, name, key=secrets.token_urlsafe(16))).rstrip())


def _endless_pings(sock: ssl.SSLSocket, host: str, _random: random.Random) -> None:
    sock.sendall(_upgrade(host) + client_frame(b"x" * 125, 0x9) * 2_000)
    _read(sock)


class _Guests:
    """Peers that have the key of the link, as any guest has."""

    def __init__(self, key: str, file: str) -> None:
        self._key = key
        self._file = file

    def kinds(self) -> dict[str, HostilePeer]:
        """Return them; they part at once, since each takes a seat."""
        return {"joined by browser, and cut": self._joined, "a download, stopped halfway": self._download}

    def _joined(self, port: int, source: str, random_: random.Random) -> socket.socket:
        sock = connect_browser(port, source)
        with contextlib.suppress(OSError):
            self._join(sock, f"127.0.0.1:{port}", random_)
            _reset(sock)
        return sock

    def _download(self, port: int, source: str, random_: random.Random) -> socket.socket:
        talk = connect_browser(port, source)
        host = f"127.0.0.1:{port}"
        with contextlib.suppress(OSError), contextlib.closing(connect_browser(port, source)) as sock:
            if session := self._join(talk, host, random_):
                body = json.dumps({"session": session, "file": self._file}).encode()
                sock.sendall(request("POST", "/tickets", host, body))
                answer = _read(sock).rpartition(b"\r\n\r\n")[2]
                if answer.startswith(b'{"ticket"'):
                    ticket = msgspec.json.decode(answer)["ticket"]
                    sock.sendall(request("GET", f"/files/{ticket}/big", host))
                    sock.recv(1_000)
            talk.sendall(client_frame(b'{"type":"leave"}'))
            _reset(sock)
        _reset(talk)
        return talk

    def _join(self, sock: ssl.SSLSocket, host: str, random_: random.Random) -> str:
        """Join; return the session, nothing if there was no seat."""
        name = f"Mallory {random_.randrange(10_000)}"
        sock.sendall(_upgrade(host) + client_frame(encode(Join(1, name, key=self._key)).rstrip()))
        start = b'"session":"'
        answer = _read(sock)
        return answer.partition(start)[2].partition(b'"')[0].decode() if start in answer else ""


def browser_kinds(key: str, file: str) -> dict[str, HostilePeer]:
    """Return the kinds for a room with this guest key, in which this file is shared."""
    return {**_STRANGERS, **_Guests(key, file).kinds()}


_JSON: Final = "application/json"
_LONG: Final = "9" * 15

_STRANGERS: Final[dict[str, HostilePeer]] = {
    "browser, silent": _peer(lambda *_: None),
    "GET": _sends(lambda host: request("GET", "/", host)),
    "HEAD": _sends(lambda host: request("HEAD", "/", host)),
    "many requests": _sends(lambda host: request("GET", "/", host), 300),
    "half a request": _sends(lambda host: request("GET", "/", host)[:-2]),
    "slow headers": _peer(_slow),
    "endless headers": _sends(lambda _: b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 5_000),
    "endless target": _sends(lambda host: request("GET", "/" + "a" * 20_000, host)),
    "a body too large": _sends(lambda host: request("POST", "/frames", host, b"x", content_length=_LONG)),
    "a body that never comes": _sends(
        lambda host: request("POST", "/tickets", host, b"{", content_length="100")
    ),
    "POST without our header": _sends(lambda host: request("POST", "/frames", host, b"{}", x_messango="")),
    "foreign Host": _sends(lambda host: request("GET", "/", host, host="evil.example")),
    "foreign Origin": _sends(
        lambda host: request("POST", "/frames", host, b"{}", origin="https://evil.example")
    ),
    "chunked": _sends(
        lambda host: (
            request("POST", "/frames", host, transfer_encoding="chunked", content_length="")
            + b"0\r\n\r\nGET /events HTTP/1.1\r\n\r\n"
        )
    ),
    "two lengths": _sends(
        lambda host: request("POST", "/frames", host, b"GET / HTTP/1.1\r\n\r\n", transfer_encoding="chunked")
    ),
    "bare line feeds": _sends(lambda host: request("GET", "/", host).replace(b"\r\n", b"\n")),
    "folded headers": _sends(lambda host: request("GET", "/", host, a="b\r\n c")),
    "HTTP/2": _sends(lambda _: b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    "no HTTP": _sends(lambda _: secrets.token_bytes(500)),
    "upgrade with a wrong key": _sends(lambda host: _upgrade(host, sec_websocket_key="x")),
    "upgrade without an origin": _sends(lambda host: _upgrade(host, origin="")),
    "upgrade of another version": _sends(lambda host: _upgrade(host, sec_websocket_version="8")),
    "WebSocket that never joins": _sends(_upgrade),
    "join with a wrong key": _talks(_wrong_key("Mallory"), 3),
    "WebSocket, endless pings": _peer(_endless_pings),
    "WebSocket, not masked": _talks(lambda: client_frame(b"{}", mask=b"")),
    "WebSocket, binary": _talks(lambda: client_frame(b"x", BINARY)),
    "WebSocket, compressed": _talks(lambda: b"\xc1\x80\0\0\0\0"),
    "WebSocket, too long": _talks(lambda: client_frame(b" " * 70_000)),
    "WebSocket, JSON lines": _talks(lambda: encode(Join(1, "x")) * 10),
    **{f"WebSocket, {kind}": _talks(functools.partial(hostile_read, kind), 2) for kind in HOSTILE_FRAMES},
    "event stream, never read": _peer(_unread_stream),
    "event stream of others": _peer(_foreign_stream),
    "event stream, and more": _sends(lambda host: request("GET", "/events", host) * 2),
    "tickets, guessed": _peer(_guessed_tickets),
    "ticket without a session": _sends(
        lambda host: request("POST", "/tickets", host, b'{"session":"x","file":"y"}')
    ),
    "upload without a session": _sends(
        lambda host: request(
            "POST", "/uploads/x", host, b"x" * 1_000, x_messango_session="x", x_messango_offset="0"
        )
    ),
    "upload of no JSON": _sends(
        lambda host: request("POST", "/uploads", host, b"[" * 4_000, content_type=_JSON)
    ),
    "cancel without a session": _sends(
        lambda host: request("POST", "/uploads/x/cancel", host, b'{"session":"x"}')
    ),
    "keep-alive": _peer(_keep_alive),
}
