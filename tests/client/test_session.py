"""What a client makes of a room's frames, without a connection."""

from __future__ import annotations

from typing import cast

import msgspec
import pytest

from messango.client.events import (
    Entered,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageHeard,
    RequestFailed,
)
from messango.client.known_rooms import KnownRooms
from messango.client.outbox import Unsent
from messango.client.session import Conversation
from messango.client.trust_check import Trust
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


class Talk:
    """A conversation and what belongs to it."""

    def __init__(self) -> None:
        self.unsent = Unsent()
        self.conversation = Conversation(self.unsent, Trust(KnownRooms.load(), room_id=None, promised=None))
        self.visit()

    def visit(self) -> None:
        """Connect, again or for the first time."""
        connection = cast("Connection", StubConnection())
        self.conversation.begin_visit(Address("192.0.2.1"), connection)

    def hear(self, *said: ServerFrame) -> list[Event]:
        """Return the events of these frames."""
        return [event for frame in said for event in self.conversation.hear(frame)]

    def enter(self, *, latest: int = 0, session: str = "s1", oldest: int | None = None) -> Entered:
        """Be let in."""
        oldest = min(1, latest) if oldest is None else oldest
        (event,) = self.hear(Welcome(ROOM_INFO, "ann", "m1", session, ["ann"], latest, oldest))
        assert isinstance(event, Entered)
        return event


@pytest.fixture
def talk() -> Talk:
    return Talk()


def message(seq: int, member: str = "m2", message_id: str = "1") -> Message:
    """Return what somebody has said."""
    return Message(seq, message_id, member, 12.5, "bob", "x")


def test_the_welcome_says_where_we_are(talk: Talk) -> None:
    """A first visit is one whose fingerprint was not known."""
    entered = talk.enter(latest=3)
    assert (entered.you, entered.member, entered.latest) == ("ann", "m1", 3)
    assert (entered.fingerprint, entered.address) == ("ab" * 32, "192.0.2.1:8000")
    assert (entered.encrypted, entered.first_visit, entered.back) == (True, True, False)
    assert not Talk().enter().first_visit


def test_history_ends_where_the_welcome_said(talk: Talk) -> None:
    """What comes later was said while we are here."""
    talk.enter(latest=2)
    heard = talk.hear(message(1), message(2), message(3))
    assert [event.history for event in heard if isinstance(event, MessageHeard)] == [True, True, False]


def test_our_own_copy_is_the_receipt(talk: Talk) -> None:
    """It is settled; somebody else's message of the same id is not ours."""
    message_id = talk.unsent.add("x")
    talk.enter()
    talk.unsent.next_to_send()
    (other,) = talk.hear(message(1, "m2", message_id))
    assert isinstance(other, MessageHeard)
    assert not other.own
    assert len(talk.unsent) == 1
    (own,) = talk.hear(message(2, "m1", message_id))
    assert isinstance(own, MessageHeard)
    assert own.own
    assert len(talk.unsent) == 0


def test_what_was_heard_is_not_heard_again(talk: Talk) -> None:
    """A receipt that comes twice is no second message."""
    talk.enter()
    assert len(talk.hear(message(1), message(1), message(2), message(1))) == 2
    assert talk.conversation.last_seq == 2


def test_a_break_goes_on_from_the_last_message(talk: Talk) -> None:
    """The same stay goes on; another session is a new one."""
    talk.enter()
    talk.hear(message(1))
    talk.conversation.end_visit()
    assert not talk.conversation.in_room
    talk.visit()
    assert talk.enter(latest=1).back
    assert talk.conversation.last_seq == 1
    assert not talk.enter(latest=1, session="s2").back


def test_an_empty_room_is_heard_from_its_first_message(talk: Talk) -> None:
    """Also where the connection breaks before there is one."""
    talk.enter(latest=0)
    assert talk.conversation.last_seq == 0


def test_a_room_that_counts_anew_is_heard(talk: Talk) -> None:
    """Its history is lost, and its first message is not the one that we know."""
    talk.enter(latest=7)
    talk.hear(message(7))
    talk.visit()
    talk.enter(latest=0, session="s2")
    assert len(talk.hear(message(1))) == 1


def test_news_of_others(talk: Talk) -> None:
    """Each kind is an event of its own."""
    talk.enter()
    assert talk.hear(
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


def test_who_is_not_encrypted_is_known_from_the_welcome(talk: Talk) -> None:
    """As the room tells it; a room of an earlier version tells nothing."""
    (event,) = talk.hear(Welcome(ROOM_INFO, "ann", "m1", "s", ["ann", "bob"], 0, 0, unencrypted=["bob"]))
    assert isinstance(event, Entered)
    assert event.unencrypted == ("bob",)
    talk.visit()
    assert talk.enter().unencrypted == ()


def test_our_own_new_name_is_known_as_ours(talk: Talk) -> None:
    """And the one after that."""
    talk.enter()
    assert talk.hear(Renamed("anna", "ann"), Renamed("annie", "anna"), Renamed("ann", "bob")) == [
        MemberRenamed("anna", "ann", you=True),
        MemberRenamed("annie", "anna", you=True),
        MemberRenamed("ann", "bob", you=False),
    ]


def test_a_problem_with_a_message_gives_its_text_back(talk: Talk) -> None:
    """Once; anything else is a request that failed."""
    message_id = talk.unsent.add("text")
    talk.enter()
    talk.unsent.next_to_send()
    problem = Problem("bad-text", "Too long.", "Shorten it.", message_id)
    assert talk.hear(problem, problem, Problem("bad-name", "No.", "Another.")) == [
        MessageFailed(message_id, "text", "Too long.", "Shorten it."),
        RequestFailed("Too long.", "Shorten it."),
        RequestFailed("No.", "Another."),
    ]


def test_an_end_is_raised_with_its_words(talk: Talk) -> None:
    """The room's own reason and hint."""
    with pytest.raises(JoinRefused) as refused:
        talk.hear(frames.Refused("full", "Full.", "Later."))
    assert (refused.value.code, str(refused.value), refused.value.hint) == ("full", "Full.", "Later.")
    with pytest.raises(RoomClosed) as closed:
        talk.hear(Closed("kicked", "Out.", "Ask."))
    assert (closed.value.code, str(closed.value), closed.value.hint) == ("kicked", "Out.", "Ask.")


def test_a_full_disk_costs_the_memory_of_a_visit_not_the_visit(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """We are in all the same."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.client.known_rooms.write_private", full)
    assert talk.enter().you == "ann"
    assert KnownRooms.load().by_id(ROOM_INFO.id) is None


def test_the_room_is_remembered_under_its_newest_name(talk: Talk) -> None:
    """By its id it stays the same."""
    talk.enter()
    renamed = msgspec.structs.replace(ROOM_INFO, name="Renamed")
    talk.hear(Welcome(renamed, "ann", "m1", "s1", ["ann"], 0, 0))
    known = KnownRooms.load().by_name("renamed")
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
    talk = Talk()
    assert not talk.enter(latest=7, oldest=5).gap
    talk.hear(Message(7, "x", "m2", 1.0, "bob", "hello"))
    talk.conversation.end_visit()
    talk.visit()
    assert talk.enter(latest=latest, oldest=oldest).gap == gap


@pytest.mark.parametrize("latest", [0, 1_700_000_000_000_000])
def test_a_room_that_keeps_nothing_yet_is_heard_from_here_on(latest: int) -> None:
    """A break before the first word loses nothing, also where the room counts on from an earlier run."""
    talk = Talk()
    talk.enter(latest=latest, oldest=0)
    assert talk.conversation.last_seq == latest
