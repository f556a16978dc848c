"""What a room may send without end: each flood yields pieces of some frames, for as long as it is asked."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Final

from messango.protocol.codec import encode_all
from messango.protocol.frames import (
    EarlierMessages,
    Frame,
    Joined,
    Left,
    Message,
    Ping,
    Pong,
    Problem,
    Renamed,
    TypingNotice,
)
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_TEXT_CHARACTERS

Flood = Callable[[], Iterator[bytes]]

_FRAMES_A_PIECE: Final = 200

#: Four bytes a character in Python, because of the last one.
LONG_TEXT: Final = "word " * (MAX_TEXT_CHARACTERS // 5 - 1) + "\U0001f389"


def message(seq: int, text: str = "hello", member: str = "m2") -> Message:
    """Return a message of somebody's."""
    return Message(seq, str(seq), member, 0.0, "Mallory", text)


def _repeat(*makers: Callable[[int], Frame]) -> Flood:
    def flood() -> Iterator[bytes]:
        for start in itertools.count(1, _FRAMES_A_PIECE):
            numbers = range(start, start + _FRAMES_A_PIECE)
            yield encode_all(make(number) for number in numbers for make in makers)

    return flood


def _repeat_bytes(data: bytes) -> Flood:
    return lambda: itertools.repeat(data)


def _padded(frame_start: bytes) -> bytes:
    """Return a frame of 65,535 bytes and its newline, most of them in a field that nobody reads."""
    head = frame_start + b',"padding":"'
    return head + b"x" * (MAX_FRAME_BYTES - len(head) - 3) + b'"}\n'


def _padded_messages() -> Iterator[bytes]:
    for seq in itertools.count(1):
        fields = b'"id":"%d","member":"m2","time":0,"name":"Mallory","text":"hello"' % seq
        yield _padded(b'{"type":"message","seq":%d,%s' % (seq, fields))


#: Those that no honest room sends: the visitor ends the session by itself.
FORBIDDEN: Final[dict[str, Flood]] = {
    "joined": _repeat(lambda number: Joined(f"guest {number}")),
    "joined, unencrypted": _repeat(lambda number: Joined(f"guest {number}", encrypted=False)),
    "joined, and others left": _repeat(
        lambda number: Joined(f"guest {number}"), lambda number: Left(f"nobody {number}", "left")
    ),
    "joined and left": _repeat(
        lambda number: Joined(f"guest {number}"), lambda number: Left(f"guest {number}", "connection-broke")
    ),
    "left": _repeat(lambda number: Left(f"nobody {number}", "connection-broke")),
    "renamed": _repeat(lambda number: Renamed(f"name {number}", f"name {number - 1}")),
    "typing": _repeat(lambda number: TypingNotice(f"nobody {number}")),
    "problem": _repeat(lambda number: Problem("fault", f"Reason {number}.", "x" * 200)),
    "problem with an id": _repeat(lambda number: Problem("fault", "Reason.", "Hint.", str(number))),
    "answers that nobody asked for": _repeat(
        lambda number: EarlierMessages(str(number), [message(1, "x" * 100)], more=True, latest=number)
    ),
    "ping": _repeat(lambda _: Ping()),
    "pong": _repeat(lambda _: Pong()),
    "unknown kinds": _repeat_bytes(b'{"type":"weather"}\n' * _FRAMES_A_PIECE),
}

#: Those that are no frames: something in between may have broken the connection, so the visitor reconnects.
BROKEN: Final[dict[str, Flood]] = {
    "one endless line": _repeat_bytes(b"x" * 10_000),
    "welcomes without fields": _repeat_bytes(b'{"type":"welcome"}\n'),
    "half a character": _repeat_bytes(b"\xc3"),
    "deep": _repeat_bytes(b'{"type":"ping","x":' + b"[" * 30_000 + b"\n"),
    "a name of 64 KB": _repeat_bytes(b'{"type":"joined","name":"' + b"n" * 65_000 + b'"}\n'),
    "a text of 64 KB": _repeat_bytes(encode_all([message(1, "x" * 65_000)])),
}

#: A busy room may send them, so the visitor reads as fast as they are shown, and leaves when asked to.
ALLOWED: Final[dict[str, Flood]] = {
    "messages": _repeat(lambda number: message(number)),
    "long messages": _repeat(lambda number: message(number, LONG_TEXT)),
    "messages of 65,535 bytes": _padded_messages,
    "messages in our name": _repeat(lambda number: message(number, member="m1")),
}
