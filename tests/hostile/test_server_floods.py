"""A room that floods its visitor: memory stays bounded, and leaving takes a moment."""

from __future__ import annotations

import time
from typing import Final

import pytest

from messango.client.backlog import MAX_EVENTS
from messango.client.events import (
    Connecting,
    Disconnected,
    HistoryEnded,
    MessageReceived,
    RoomJoined,
    SessionEnded,
)
from messango.errors import RemoteProtocolError
from tests.hostile.floods import ALLOWED, BROKEN, FORBIDDEN, Flood
from tests.hostile.hostile_server import HostileServer, send_all
from tests.hostile.measure import Usage
from tests.support.raw_server import RawPeer
from tests.support.samples import sampled
from tests.support.sessions import ClientSession

#: The server and its visitor are in this process; the first has an outbox of 8 MB.
MAX_GROWTH_MB: Final = 80.0

#: Two seconds for the goodbye, and what a busy machine adds.
LEAVES_WITHIN_S: Final = 6.0


def flooding(flood: Flood) -> HostileServer:
    """Return a room that welcomes, and then sends the flood."""

    def script(peer: RawPeer) -> None:
        peer.welcome()
        send_all(peer, flood())

    return HostileServer(script)


@pytest.mark.parametrize("kind", sampled(FORBIDDEN, "joined", "renamed", "problem"))
def test_a_flood_that_no_room_has_ends_the_session(kind: str) -> None:
    """With one clear sentence, for good: the room would do it again."""
    before = Usage.of()
    with flooding(FORBIDDEN[kind]) as room, ClientSession(room.port) as session:
        session.await_event(RoomJoined)
        ended = session.await_event(SessionEnded)
        assert isinstance(ended.error, RemoteProtocolError)
        assert str(ended.error).count("\n") == 0
        assert Usage.of().resident_mb - before.resident_mb < MAX_GROWTH_MB


@pytest.mark.program
@pytest.mark.parametrize("kind", sampled(BROKEN, "one endless line", "deep"))
def test_a_flood_of_bad_bytes_only_breaks_the_connection(kind: str) -> None:
    """The visitor reconnects, each time after a longer pause, and nothing of it is shown."""
    before = Usage.of()
    with flooding(BROKEN[kind]) as room, ClientSession(room.port) as session:
        session.await_event(RoomJoined)
        pauses_s = [session.await_event(Disconnected).retry_in_s for _ in range(3)]
        assert pauses_s == sorted(pauses_s)
        session.client.leave()
        assert session.client.join_thread(LEAVES_WITHIN_S)
        shown = {type(event) for event in session.skipped}
        assert shown <= {Connecting, RoomJoined, HistoryEnded}
        assert Usage.of().resident_mb - before.resident_mb < MAX_GROWTH_MB


@pytest.mark.program
@pytest.mark.parametrize("kind", sampled(ALLOWED, "messages"))
def test_a_flood_of_messages_is_read_no_faster_than_taken(kind: str) -> None:
    """If nobody takes the events, the client stops reading; leaving takes a moment even then."""
    before = Usage.of()
    with flooding(ALLOWED[kind]) as room, ClientSession(room.port) as session:
        for _ in range(2 * MAX_EVENTS):
            session.await_event(MessageReceived)
            session.skipped.clear()
        began_s = time.monotonic()
        session.client.leave()
        assert session.client.join_thread(LEAVES_WITHIN_S)
        assert time.monotonic() - began_s < LEAVES_WITHIN_S
        assert session.client.events.qsize() <= 2 * MAX_EVENTS
        assert Usage.of().resident_mb - before.resident_mb < MAX_GROWTH_MB
