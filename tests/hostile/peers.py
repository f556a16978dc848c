"""Hostile peers: each kind connects, does its harm, and leaves its socket to be held open."""

from __future__ import annotations

import contextlib
import functools
import random
import socket
import ssl
import struct
import sys
from collections.abc import Callable
from typing import Final

from messango.protocol.codec import encode
from messango.protocol.frames import Join, Say
from messango.protocol.limits import MAX_FRAME_BYTES

_CONNECT_TIMEOUT_S: Final = 60.0
#: A peer that has received nothing for this long goes on.
_READ_TIMEOUT_S: Final = 0.3

#: Linux uses all of 127.0.0.0/8 for itself, so one machine can look like many.
MANY_ADDRESSES: Final = sys.platform.startswith("linux")

HostilePeer = Callable[[int, str, random.Random], socket.socket]


def address_of(number: int) -> str:
    """Return the loopback address of the machine with this number; never 127.0.0.1."""
    return f"127.0.{1 + number // 250 % 250}.{1 + number % 250}" if MANY_ADDRESSES else "127.0.0.1"


def connect(port: int, source: str) -> socket.socket:
    """Connect to the room from this address."""
    bound = (source, 0) if MANY_ADDRESSES else None
    return socket.create_connection(("127.0.0.1", port), timeout=_CONNECT_TIMEOUT_S, source_address=bound)


@functools.cache
def _context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


@functools.cache
def _hello() -> bytes:
    """Return the first bytes of a TLS handshake."""
    outgoing = ssl.MemoryBIO()
    tls = _context().wrap_bio(ssl.MemoryBIO(), outgoing)
    with contextlib.suppress(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


def connect_tls(port: int, source: str) -> ssl.SSLSocket:
    """Connect and do the handshake."""
    plain = connect(port, source)
    try:
        return _context().wrap_socket(plain)
    except BaseException:
        plain.close()
        raise


def _sends(data: bytes) -> HostilePeer:
    """Return a peer that connects with TLS, sends this, and receives the answer."""

    def peer(port: int, source: str, _random: random.Random) -> socket.socket:
        sock = connect_tls(port, source)
        with contextlib.suppress(OSError):
            sock.sendall(data)
            sock.settimeout(_READ_TIMEOUT_S)
            while sock.recv(65_536):
                pass
        return sock

    return peer


def silent(port: int, source: str, _random: random.Random) -> socket.socket:
    """Connect and send nothing."""
    return connect(port, source)


def half_handshake(port: int, source: str, random_: random.Random) -> socket.socket:
    """Start a handshake, and stop in the middle of a record."""
    sock = connect(port, source)
    with contextlib.suppress(OSError):
        sock.sendall(_hello()[: random_.randrange(1, len(_hello()))])
    return sock


def handshake_only(port: int, source: str, _random: random.Random) -> socket.socket:
    """Do the handshake and send nothing."""
    return connect_tls(port, source)


def reset(port: int, source: str, _random: random.Random) -> socket.socket:
    """Reset the connection at once."""
    sock = connect(port, source)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    return sock


def noise(port: int, source: str, random_: random.Random) -> socket.socket:
    """Send random bytes without TLS; some start as TLS does."""
    sock = connect(port, source)
    with contextlib.suppress(OSError):
        sock.sendall(random_.choice((b"", b"\x16\x03\x01")) + random_.randbytes(random_.randrange(1, 600)))
    return sock


def http(port: int, source: str, _random: random.Random) -> socket.socket:
    """Send an HTTP request."""
    sock = connect(port, source)
    with contextlib.suppress(OSError):
        sock.sendall(b"GET / HTTP/1.1\r\nHost: room\r\n\r\n")
        while sock.recv(4_096):
            pass
    return sock


def joined_and_cut(port: int, source: str, random_: random.Random) -> socket.socket:
    """Join, and reset the connection at once."""
    sock = connect_tls(port, source)
    with contextlib.suppress(OSError):
        sock.sendall(encode(Join(1, f"Mallory {random_.randrange(10_000)}")))
        sock.recv(65_536)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    return sock


_NAMES: Final = (
    "\x1b[2Jroot",
    "a\nHost: all is well",
    "\u202eesrever",
    "\x00",
    "n" * 60_000,
    " \u3164 ",
    "\u2028",
)

KINDS: Final[dict[str, HostilePeer]] = {
    "silent": silent,
    "half a handshake": half_handshake,
    "handshake only": handshake_only,
    "reset": reset,
    "noise": noise,
    "HTTP": http,
    "joined and cut": joined_and_cut,
    "too long a frame": _sends(b"x" * (2 * MAX_FRAME_BYTES)),
    "tiny frames": _sends(b'{"type":"ping"}\n' * 5_000),
    "no frames": _sends(b"\n" * 5_000),
    "deep JSON": _sends(b"[" * 50_000 + b"\n"),
    "deeper fields": _sends(b'{"type":"join","protocol":1,"name":' + b'{"a":' * 9_000 + b"\n"),
    "wrong types": _sends(
        b'{"type":"join","protocol":"1","name":7}\n{"type":7}\n{"type":"join","protocol":1e999,"name":""}\n'
        b'{"type":"join","protocol":1,"name":"x","since":-1}\n{"type":"join","protocol":NaN,"name":"x"}\n'
    ),
    "huge numbers": _sends(b'{"type":"join","protocol":1,"name":"x","since":' + b"9" * 4_000 + b"}\n"),
    "half characters": _sends(b'{"type":"join","protocol":1,"name":"\\ud800"}\n'),
    "no UTF-8": _sends(b'{"type":"join","protocol":1,"name":"\xff\xed\xa0\x80"}\n'),
    "send before joining": _sends(encode(Say("1", "hello")) * 20),
    **{f"the name {name[:8]!r}": _sends(encode(Join(1, name))) for name in _NAMES},
}
