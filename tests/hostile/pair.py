"""Two members of a room, to check that it still works."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from types import TracebackType

from messango.protocol.frames import Leave, Message, Say
from messango.room.host.host_events import JoinAttemptRefused, RoomEvent
from messango.server.server import Server
from tests.support.raw_client import RawClient


class MemberPair:
    """Ann sends and Ben receives; a guest joins. A context manager."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._numbers: Iterator[int] = itertools.count(1)
        with contextlib.ExitStack() as stack:
            self._ann = stack.enter_context(RawClient(server.port))
            self.ben = stack.enter_context(RawClient(server.port))
            self._ann.join("Ann")
            self.ben.join("Ben")
            self._stack = stack.pop_all()

    def __enter__(self) -> MemberPair:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def check_room_works(self) -> None:
        """Fail unless messages arrive and a guest can join and leave."""
        text = f"still here {next(self._numbers)}"
        self._ann.send(Say(text, text))
        while self.ben.await_frame(Message).text != text:
            pass
        with RawClient(self.server.port) as client:
            client.join("Guest")
            client.send(Leave())
            client.await_end()

    def host_events(self) -> list[RoomEvent]:
        """Return the host's events since the last call."""
        return [self.server.events.get_nowait() for _ in range(self.server.events.qsize())]

    def refusals(self) -> list[JoinAttemptRefused]:
        """Return the refusals among them."""
        return [event for event in self.host_events() if isinstance(event, JoinAttemptRefused)]
