"""What a client makes of a room's frames, without a connection."""

from __future__ import annotations

from typing import cast

import msgspec
import pytest

from messango.client.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
)
from messango.client.known_rooms import KnownRooms
from messango.client.outbox import Outbox
from messango.client.session import Session
from messango.client.trust_check import TrustCheck
from messango.errors import JoinRefused, RoomClosed
from messango.protocol import frames
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Problem,
    Renamed,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from tests.support.raw_server import ROOM_INFO


class StubConnection:
    """Stands for an encrypted connection to a room of this fingerprint."""

    fingerprint = "ab" * 32
    encrypted = True


class SessionHarness:
    """A conversation and what belongs to it."""

    def __init__(self) -> None:
        self.outbox = Outbox()
        self.session = Session(
            self.outbox, TrustCheck(KnownRooms.load(), room_id=None, pinned_fingerprint=None)
        )
        self.attach()

    def attach(self) -> None:
        """Connect, again or for the first time."""
        connection = cast("Connection", StubConnection())
        self.session.attach(Address("192.0.2.1"), connection)

    def handle(self, *message_ids: ServerFrame) -> list[Event]:
        """Return the events of these frames."""
        return [event for frame in message_ids for event in self.session.handle_frame(frame)]

    def welcome(self, *, latest: int = 0, session: str = "s1", oldest: int | None = None) -> RoomJoined:
        """Be let in."""
        oldest = min(1, latest) if oldest is None else oldest
        (event,) = self.handle(Welcome(ROOM_INFO, "ann", "m1", session, ["ann"], latest, oldest))
        assert isinstance(event, RoomJoined)
        return event


@pytest.fixture
def harness() -> SessionHarness:
    return SessionHarness()


def message(seq: int, member: str = "m2", message_id: str = "1") -> Message:
    """Return what somebody has said."""
    return Message(seq, message_id, member, 12.5, "bob", "x")


def test_the_welcome_says_where_we_are(harness: SessionHarness) -> None:
    """A first visit is one whose fingerprint was not known."""
    joined = harness.welcome(latest=3)
    assert (joined.you, joined.member, joined.latest) == ("ann", "m1", 3)
    assert (joined.fingerprint, joined.address) == ("ab" * 32, "192.0.2.1:8000")
    assert (joined.encrypted, joined.first_visit, joined.resumed) == (True, True, False)
    assert not SessionHarness().welcome().first_visit


def test_history_ends_where_the_welcome_said(harness: SessionHarness) -> None:
    """What comes later was said while we are here."""
    harness.welcome(latest=2)
    received = harness.handle(message(1), message(2), message(3))
    assert [event.history for event in received if isinstance(event, MessageReceived)] == [True, True, False]


def test_our_own_copy_is_the_receipt(harness: SessionHarness) -> None:
    """It is settled; somebody else's message of the same id is not ours."""
    message_id = harness.outbox.add("x")
    harness.welcome()
    harness.outbox.next_batch()
    (other,) = harness.handle(message(1, "m2", message_id))
    assert isinstance(other, MessageReceived)
    assert not other.own
    assert len(harness.outbox) == 1
    (own,) = harness.handle(message(2, "m1", message_id))
    assert isinstance(own, MessageReceived)
    assert own.own
    assert len(harness.outbox) == 0


def test_what_was_heard_is_not_heard_again(harness: SessionHarness) -> None:
    """A receipt that comes twice is no second message."""
    harness.welcome()
    assert len(harness.handle(message(1), message(1), message(2), message(1))) == 2
    assert harness.session.last_seq == 2


def test_a_break_goes_on_from_the_last_message(harness: SessionHarness) -> None:
    """The same stay goes on; another session is a new one."""
    harness.welcome()
    harness.handle(message(1))
    harness.session.detach()
    assert not harness.session.in_room
    harness.attach()
    assert harness.welcome(latest=1).resumed
    assert harness.session.last_seq == 1
    assert not harness.welcome(latest=1, session="s2").resumed


def test_an_empty_room_is_heard_from_its_first_message(harness: SessionHarness) -> None:
    """Also where the connection breaks before there is one."""
    harness.welcome(latest=0)
    assert harness.session.last_seq == 0


def test_a_room_that_counts_anew_is_heard(harness: SessionHarness) -> None:
    """Its history is lost, and its first message is not the one that we know."""
    harness.welcome(latest=7)
    harness.handle(message(7))
    harness.attach()
    harness.welcome(latest=0, session="s2")
    assert len(harness.handle(message(1))) == 1


def test_news_of_others(harness: SessionHarness) -> None:
    """Each kind is an event of its own."""
    harness.welcome()
    assert harness.handle(
        Joined("bob"),
        Joined("cy", encrypted=False),
        TypingNotice("bob"),
        Renamed("rob", "bob"),
        Left("rob", "left"),
        frames.Pong(),
    ) == [
        MemberJoined("bob"),
        MemberJoined("cy", encrypted=False),
        MemberTyping("bob"),
        MemberRenamed("rob", "bob", you=False),
        MemberLeft("rob", "left"),
    ]


def test_who_is_not_encrypted_is_known_from_the_welcome(harness: SessionHarness) -> None:
    """As the room tells it; a room of an earlier version tells nothing."""
    (event,) = harness.handle(Welcome(ROOM_INFO, "ann", "m1", "s", ["ann", "bob"], 0, 0, unencrypted=["bob"]))
    assert isinstance(event, RoomJoined)
    assert event.unencrypted == ("bob",)
    harness.attach()
    assert harness.welcome().unencrypted == ()


def test_our_own_new_name_is_known_as_ours(harness: SessionHarness) -> None:
    """And the one after that."""
    harness.welcome()
    assert harness.handle(Renamed("anna", "ann"), Renamed("annie", "anna"), Renamed("ann", "bob")) == [
        MemberRenamed("anna", "ann", you=True),
        MemberRenamed("annie", "anna", you=True),
        MemberRenamed("ann", "bob", you=False),
    ]


def test_a_problem_with_a_message_gives_its_text_back(harness: SessionHarness) -> None:
    """Once; anything else is a request that failed."""
    message_id = harness.outbox.add("text")
    harness.welcome()
    harness.outbox.next_batch()
    problem = Problem("bad-text", "Too long.", "Shorten it.", message_id)
    assert harness.handle(problem, problem, Problem("bad-name", "No.", "Another.")) == [
        MessageFailed(message_id, "text", "Too long.", "Shorten it."),
        RequestFailed("Too long.", "Shorten it."),
        RequestFailed("No.", "Another."),
    ]


def test_an_end_is_raised_with_its_words(harness: SessionHarness) -> None:
    """The room's own reason and hint."""
    with pytest.raises(JoinRefused) as refused:
        harness.handle(frames.Refused("full", "Full.", "Later."))
    assert (refused.value.code, str(refused.value), refused.value.hint) == ("full", "Full.", "Later.")
    with pytest.raises(RoomClosed) as closed:
        harness.handle(Closed("kicked", "Out.", "Ask."))
    assert (closed.value.code, str(closed.value), closed.value.hint) == ("kicked", "Out.", "Ask.")


def test_a_full_disk_costs_the_memory_of_a_visit_not_the_visit(
    harness: SessionHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We are in all the same."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.client.known_rooms.write_private", full)
    assert harness.welcome().you == "ann"
    assert KnownRooms.load().by_id(ROOM_INFO.id) is None


def test_the_room_is_remembered_under_its_newest_name(harness: SessionHarness) -> None:
    """By its id it stays the same."""
    harness.welcome()
    renamed = msgspec.structs.replace(ROOM_INFO, name="Renamed")
    harness.handle(Welcome(renamed, "ann", "m1", "s1", ["ann"], 0, 0))
    known = KnownRooms.load().latest_named("renamed")
    assert known is not None
    assert known.id == ROOM_INFO.id


@pytest.mark.parametrize(
    ("latest", "oldest", "gap"),
    [
        (7, 1, False),
        (7, 7, False),
        (9, 8, False),
        (9, 9, True),
        (500, 301, True),
        (9, 0, True),
        (3, 1, False),
    ],
)
def test_what_is_kept_no_more_leaves_a_gap(latest: int, oldest: int, gap: bool) -> None:  # noqa: FBT001
    """Who comes back later than the room remembers is told that something is missing; nobody else is."""
    harness = SessionHarness()
    assert not harness.welcome(latest=7, oldest=5).gap
    harness.handle(Message(7, "x", "m2", 1.0, "bob", "hello"))
    harness.session.detach()
    harness.attach()
    assert harness.welcome(latest=latest, oldest=oldest).gap == gap


@pytest.mark.parametrize("latest", [0, 1_700_000_000_000_000])
def test_a_room_that_keeps_nothing_yet_is_heard_from_here_on(latest: int) -> None:
    """A break before the first word loses nothing, also where the room counts on from an earlier run."""
    harness = SessionHarness()
    harness.welcome(latest=latest, oldest=0)
    assert harness.session.last_seq == latest
