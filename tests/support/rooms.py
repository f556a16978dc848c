"""Real rooms on loopback, and their events for the host."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from messango.protocol.limits import DEFAULT_FILE_BYTES
from messango.protocol.password import Password
from messango.room.host.host_events import RoomEvent
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.raw_client import TIMEOUT_S

E = TypeVar("E", bound=RoomEvent)


@contextmanager
def open_room(
    name: str = "Tea",
    *,
    seats: int = 5,
    rate_limit: float = 0,
    port: int | None = 0,
    password: str | None = None,
    allow_plaintext: bool = False,
    files: int | None = DEFAULT_FILE_BYTES,
    web: bool = False,
) -> Iterator[Server]:
    """Open a room on a free port of 127.0.0.1, and close it at the end."""
    options = ServerOptions(
        name,
        host="127.0.0.1",
        port=port,
        seats=seats,
        rate_limit=rate_limit,
        password=None if password is None else Password(password),
        allow_plaintext=allow_plaintext,
        files=files,
        web=web,
    )
    server = Server(options)
    server.open()
    try:
        yield server
    finally:
        server.close()


def await_host_event(server: Server, kind: type[E], matches: Callable[[E], bool] = lambda _: True) -> E:
    """Return the next matching event for the host; others are skipped."""
    deadline_s = time.monotonic() + TIMEOUT_S
    while True:
        event = server.events.get(timeout=max(0.0, deadline_s - time.monotonic()))
        if isinstance(event, kind) and matches(event):
            return event
