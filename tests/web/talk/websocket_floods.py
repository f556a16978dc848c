"""Floods of WebSocket frames that cost their reader far more than their bytes."""

from __future__ import annotations

from typing import Final

from messango.protocol.codec import encode
from messango.protocol.frames import Ping
from messango.web.talk.websocket_reader import MAX_FRAGMENTS
from tests.web.talk.websockets import PING, PONG, client_frame, fragments

#: What the room's thread reads at once.
READ_BYTES: Final = 65_536

HOSTILE_FRAMES: Final = {
    "empty messages": client_frame(b""),
    "pings": client_frame(b"", PING),
    "pongs": client_frame(b"", PONG),
    "empty fragments": fragments(*[b""] * 9_999),
    "short messages": client_frame(b"{}"),
    "short frames": client_frame(encode(Ping())[:-1]),
    "control frames between": client_frame(b"{", final=False) + client_frame(b"", PING) * 9_999,
    "messages of fragments": fragments(b"{", *[b""] * (MAX_FRAGMENTS - 2), b"}"),
}


def hostile_read(name: str) -> bytes:
    """Return one read that is full of these frames."""
    frames = HOSTILE_FRAMES[name]
    return (frames * (READ_BYTES // len(frames) + 1))[:READ_BYTES]
