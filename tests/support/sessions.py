"""A real client in a room, and its events one after the other."""

from __future__ import annotations

import time
from collections.abc import Callable
from types import TracebackType
from typing import TypeVar

from messango.client.connection.room_locator import Rediscover
from messango.client.events import Event, SessionEnded
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.protocol.password import Password
from messango.transport.addresses import Address
from tests.support.raw_client import TIMEOUT_S

E = TypeVar("E", bound=Event)


class ClientSession:
    """Starts a client and waits for its end. A context manager."""

    #: Called when the client leaves: a `RawServer` must close its connections, real rooms do so anyway.
    on_leave: Callable[[], None] = staticmethod(lambda: None)

    def __init__(
        self,
        port: int,
        name: str = "ann",
        *,
        fingerprint: str | None = None,
        room_id: str | None = None,
        is_proved: bool = True,
        rediscover: Rediscover | None = None,
        password: str | None = None,
        prompt_for_password: bool = False,
    ) -> None:
        self.client = RoomClient(
            [Address("127.0.0.1", port)],
            name,
            known_rooms=KnownRooms.load(),
            fingerprint=fingerprint,
            room_id=room_id,
            proved_at=Address("127.0.0.1", port) if is_proved else None,
            rediscover=rediscover,
            password=None if password is None else Password(password),
            prompt_for_password=prompt_for_password,
        )
        #: The events that `await_event` skipped, oldest first.
        self.skipped: list[Event] = []

    def __enter__(self) -> ClientSession:
        self.client.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.client.leave()
        self.on_leave()
        assert self.client.join_thread(TIMEOUT_S)

    def await_event(self, kind: type[E], matches: Callable[[E], bool] = lambda _: True) -> E:
        """Return the next event of this type that `matches`; fails if the session ends before."""
        deadline_s = time.monotonic() + TIMEOUT_S
        while True:
            event = self.client.events.get(timeout=max(0.0, deadline_s - time.monotonic()))
            if isinstance(event, kind) and matches(event):
                return event
            assert not isinstance(event, SessionEnded), event
            self.skipped.append(event)
