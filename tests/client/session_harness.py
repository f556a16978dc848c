"""A client's session without a connection."""

from __future__ import annotations

from typing import cast

from messango.client.events import Event, HistoryEnded, RoomJoined
from messango.client.requests.outbox import Outbox
from messango.client.requests.questions import Questions
from messango.client.session import Session
from messango.client.trust.known_rooms import KnownRooms
from messango.client.trust.trust_check import TrustCheck
from messango.protocol.frames import RoomInfo, Say, ServerFrame, Welcome
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from tests.support.raw_server import ROOM_INFO


class StubConnection:
    """An encrypted connection to a room with this fingerprint."""

    fingerprint = "ab" * 32
    encrypted = True


class SessionHarness:
    """A session with its outbox."""

    def __init__(self) -> None:
        self.outbox, self.questions = Outbox(), Questions()
        self.session = Session(
            self.outbox,
            self.questions,
            TrustCheck(KnownRooms.load(), room_id=None, pinned_fingerprint=None),
        )
        self.attach()

    def attach(self, address: Address = Address("192.0.2.1")) -> None:  # noqa: B008 (immutable)
        """Connect or reconnect."""
        connection = cast("Connection", StubConnection())
        self.session.attach(address, connection)

    def handle(self, *received: ServerFrame) -> list[Event]:
        """Return the events of these frames, without the end of the history."""
        return [event for event in self.handle_all(*received) if not isinstance(event, HistoryEnded)]

    def handle_all(self, *received: ServerFrame) -> list[Event]:
        """Return the events of these frames."""
        return [event for frame in received for event in self.session.handle_frame(frame)]

    def welcome(
        self,
        *,
        latest: int = 0,
        session: str = "s1",
        oldest: int | None = None,
        room: RoomInfo = ROOM_INFO,
    ) -> RoomJoined:
        """Join: return the event of a welcome; `ann` with the id `m1` is this client."""
        oldest = min(1, latest) if oldest is None else oldest
        event, *_ = self.handle(Welcome(room, "ann", "m1", session, ["ann"], latest, oldest))
        assert isinstance(event, RoomJoined)
        return event

    def say(self, text: str, reply_to: int | None = None) -> str:
        """Queue a message, and count it as sent; return its id."""
        message_id = self.outbox.add(Say(self.outbox.new_id(), text, reply_to))
        self.outbox.next_batch()
        return message_id
