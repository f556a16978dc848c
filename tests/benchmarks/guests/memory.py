"""What guests take of the server's memory and threads, and what a visit to the page costs it."""

from __future__ import annotations

import contextlib
import re
import statistics
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from messango.protocol.frames import Message, Say
from tests.benchmarks.contestants import Tree
from tests.benchmarks.files.usage import status_mb, threads
from tests.benchmarks.guests.room import OpenRoom, open_room
from tests.support.guests import EventStreamGuest, WebSocketGuest
from tests.support.http_client import HttpClient
from tests.support.raw_client import RawClient

_GUESTS: Final = 20

#: How many each of them says, and what.
_MESSAGES: Final = 5
_TEXT: Final = "x" * 100

#: After the last one has joined or spoken, until memory is looked at.
_SETTLE_S: Final = 0.5

_VISITS: Final = 20
_FILES: Final = re.compile(r'"(/page/[^"]+)"')

_Member: TypeAlias = RawClient | WebSocketGuest | EventStreamGuest
_KINDS: Final[Mapping[str, type[_Member]]] = {
    "native": RawClient,
    "WebSocket": WebSocketGuest,
    "event stream": EventStreamGuest,
}


def guest_memory(tree: Tree) -> dict[str, float]:
    """Return the memory and the threads of one further member of each kind, silent and after talk."""
    figures = {}
    for name, kind in _KINDS.items():
        with open_room(tree) as room, _members(room, kind, 1):
            before_mb, before_threads = _memory_mb(room), threads(room.pid)
            with _members(room, kind, _GUESTS) as members:
                figures[f"{name}, KB"] = (_memory_mb(room) - before_mb) / _GUESTS * 1_000
                figures[f"{name}, threads"] = (threads(room.pid) - before_threads) / _GUESTS
                _talk(members)
                figures[f"{name}, after talking, KB"] = (_memory_mb(room) - before_mb) / _GUESTS * 1_000
    return figures


@contextlib.contextmanager
def _members(room: OpenRoom, kind: type[_Member], count: int) -> Iterator[Sequence[_Member]]:
    """Let so many join, one after the other."""
    with contextlib.ExitStack() as stack:
        members: list[_Member] = []
        for number in range(count):
            member: _Member = kind(room.port)
            stack.callback(member.close)
            _join(member, f"{count} {number}", room.key)
            members.append(member)
        yield members


def _join(member: _Member, name: str, key: str) -> None:
    if isinstance(member, RawClient):
        member.join(name)
    else:
        member.join(name, key)


def _talk(members: Sequence[_Member]) -> None:
    """Let all say a few things, and get what all have said."""
    for number in range(_MESSAGES):
        for member in members:
            member.send(Say(str(number), _TEXT))
    for member in members:
        for _ in range(_MESSAGES * len(members)):
            member.await_frame(Message)


def _memory_mb(room: OpenRoom) -> float:
    threading.Event().wait(_SETTLE_S)
    return status_mb(room.pid, "VmRSS")


def page_visits(tree: Tree) -> dict[str, float]:
    """Return what a visit to the page costs. At the first one the server loads what it needs for browsers."""
    with open_room(tree) as room:
        before_mb = status_mb(room.pid, "VmRSS")
        first_ms, size, requests = _visit(room)
        first_mb = status_mb(room.pid, "VmRSS")
        later_ms = statistics.median(_visit(room)[0] for _ in range(_VISITS))
        later_mb = status_mb(room.pid, "VmRSS")
    return {
        "the first visit, ms": first_ms,
        "the first visit, memory, KB": (first_mb - before_mb) * 1_000,
        "a later visit, ms": later_ms,
        "a later visit, memory, KB": (later_mb - first_mb) / _VISITS * 1_000,
        "requests": requests,
        "bytes": size,
    }


def _visit(room: OpenRoom) -> tuple[float, int, int]:
    """Get the page and all its files over a new connection; return the ms, the bytes and the requests."""
    begun_s = time.perf_counter()
    with HttpClient(room.port) as http:
        index = http.get("/", accept_encoding="gzip")
        paths = dict.fromkeys(_FILES.findall(index.text))
        bodies = [index.body, *(http.get(path, accept_encoding="gzip").body for path in paths)]
    return (time.perf_counter() - begun_s) * 1_000, sum(map(len, bodies)), len(bodies)
