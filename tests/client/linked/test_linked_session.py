"""What a session tells of the servers of its room, and of their link."""

from __future__ import annotations

from typing import cast

from messango.client.events import LinkChanged, RequestFailed, RoomJoined
from messango.client.requests.outbox import ShareOutcome
from messango.client.trust.known_rooms import KnownRooms
from messango.protocol import error_codes
from messango.protocol.frames import Joined, Problem, Renamed, Share, Welcome
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from tests.client.linked.servers import FINGERPRINTS, LINK, card, room, server, welcome
from tests.client.session_harness import SessionHarness, StubConnection

CARDS = (card(0), card(1), card(2))
DOWN = Problem(error_codes.LINK_DOWN, "Alone.", "Wait.")
UP = Problem(error_codes.LINK_UP, "Linked.", "")


def go_to(harness: SessionHarness, number: int, frame: Welcome) -> RoomJoined:
    """Join at the server with this number; return the event."""
    connection = StubConnection()
    connection.fingerprint = FINGERPRINTS[number]
    harness.session.detach()
    harness.session.attach(Address(f"192.0.2.{number + 1}"), cast("Connection", connection))
    event, *_ = harness.handle(frame)
    assert isinstance(event, RoomJoined)
    return event


def test_a_session_knows_its_server_and_the_others() -> None:
    """And remembers them, so that the next run finds the room there."""
    harness = SessionHarness()
    joined = go_to(harness, 0, welcome(0, *CARDS))
    assert (joined.server, joined.former_server) == ("Server 0", "")
    assert joined.servers == ("Server 0", "Server 1", "Server 2")
    known = KnownRooms.load().by_id(room(0).id)
    assert known is not None
    assert (known.link, known.server, known.servers) == (LINK, "Server 0", [server(1), server(2)])


def test_going_on_elsewhere_is_told_once_and_is_no_first_visit() -> None:
    """A trusted connection has named the server. Back at the same one, nothing is told."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    joined = go_to(harness, 1, welcome(1, *CARDS))
    assert (joined.server, joined.former_server, joined.moved_from) == ("Server 1", "Server 0", "")
    assert (joined.resumed, joined.first_visit, joined.namesake) == (True, False, None)
    assert go_to(harness, 1, welcome(1, *CARDS)).former_server == ""


def test_uploads_begin_again_at_another_server() -> None:
    """What we have uploaded is at the one that we have left; at the same one it is still there."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    harness.outbox.add_share(Share("u1", "f1"), "sea.png")
    go_to(harness, 0, welcome(0, *CARDS))
    assert len(harness.outbox) == 1
    go_to(harness, 1, welcome(1, *CARDS))
    assert harness.outbox.wait_for_share("u1") is ShareOutcome.SESSION_LOST


def test_the_state_of_the_link_is_told_when_it_changes() -> None:
    """Not again and again."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    assert harness.handle(UP, DOWN, DOWN) == [LinkChanged(up=False, reason="Alone.", hint="Wait.")]
    assert harness.session.is_link_down
    assert harness.handle(UP, UP) == [LinkChanged(up=True, reason="Linked.", hint="")]
    assert not harness.session.is_link_down


def test_each_connection_begins_with_a_link() -> None:
    """A server that has none says so again."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    harness.handle(DOWN)
    go_to(harness, 1, welcome(1, *CARDS))
    assert not harness.session.is_link_down
    assert harness.handle(DOWN) == [LinkChanged(up=False, reason="Alone.", hint="Wait.")]


def test_a_request_that_fails_without_the_link_changes_no_state() -> None:
    """Only a notice does."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    assert harness.handle(Problem(error_codes.LINK_DOWN, "Full.", "", "r1")) == [
        RequestFailed("Full.", "", error_codes.LINK_DOWN)
    ]
    assert not harness.session.is_link_down


def test_members_of_other_servers_have_their_names() -> None:
    """When they join and when they are renamed."""
    harness = SessionHarness()
    go_to(harness, 0, welcome(0, *CARDS))
    joined, renamed = harness.handle(
        Joined("ben", member="m2", server="Server 1"), Renamed("bob", "ben", "m2", server="Server 1")
    )
    assert (joined.server, joined.person.server) == ("Server 1", "Server 1")  # type: ignore[union-attr]
    assert renamed.server == "Server 1"  # type: ignore[union-attr]
