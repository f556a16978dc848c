"""A client's session: frames in, events out, without a connection."""

from __future__ import annotations

import msgspec
import pytest

from messango.client.events import (
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
)
from messango.client.trust.known_rooms import KnownRooms
from messango.errors import JoinRefused, RoomClosed
from messango.protocol import frames
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Problem,
    Renamed,
    TypingNotice,
    Welcome,
)
from messango.transport.addresses import Address
from tests.client.session_harness import SessionHarness
from tests.support.raw_server import ROOM_INFO


@pytest.fixture
def harness() -> SessionHarness:
    return SessionHarness()


def message(seq: int, member: str = "m2", message_id: str = "1") -> Message:
    """Return the frame of a message."""
    return Message(seq, message_id, member, 12.5, "bob", "x")


def test_the_welcome_becomes_room_joined(harness: SessionHarness) -> None:
    """It is a first visit if the fingerprint was not known."""
    joined = harness.welcome(latest=3)
    assert (joined.you, joined.member, joined.latest) == ("ann", "m1", 3)
    assert (joined.fingerprint, joined.address) == ("ab" * 32, "192.0.2.1:8000")
    assert (joined.encrypted, joined.first_visit, joined.resumed) == (True, True, False)
    assert not SessionHarness().welcome().first_visit


def test_history_ends_where_the_welcome_said(harness: SessionHarness) -> None:
    """Later messages are live."""
    harness.welcome(latest=2)
    received = harness.handle(message(1), message(2), message(3))
    assert [event.history for event in received if isinstance(event, MessageReceived)] == [True, True, False]


def test_our_own_copy_is_the_receipt(harness: SessionHarness) -> None:
    """It leaves the outbox; a message of somebody else with the same id is not ours."""
    message_id = harness.say("x")
    harness.welcome()
    (other,) = harness.handle(message(1, "m2", message_id))
    assert isinstance(other, MessageReceived)
    assert not other.own
    assert len(harness.outbox) == 1
    (own,) = harness.handle(message(2, "m1", message_id))
    assert isinstance(own, MessageReceived)
    assert own.own
    assert len(harness.outbox) == 0


def test_a_message_is_reported_once(harness: SessionHarness) -> None:
    """A second receipt is not a second message."""
    harness.welcome()
    assert len(harness.handle(message(1), message(1), message(2), message(1))) == 2
    assert harness.session.last_seq == 2


def test_texts_of_an_earlier_server_are_cleaned(harness: SessionHarness) -> None:
    """For every reader: lines are apart, and nothing controls a terminal."""
    harness.welcome(latest=1)
    (event,) = harness.handle(Message(1, "1", "m2", 0.0, "Bob", "1\u20282\r3\x1b[31m"))
    assert isinstance(event, MessageReceived)
    assert event.text == "1\n2\n3"


def test_a_break_goes_on_from_the_last_message(harness: SessionHarness) -> None:
    """The same session is resumed; another one is not."""
    harness.welcome()
    harness.handle(message(1))
    harness.session.detach()
    assert not harness.session.in_room
    harness.attach()
    assert harness.welcome(latest=1).resumed
    assert harness.session.last_seq == 1
    assert not harness.welcome(latest=1, session="s2").resumed


def test_an_empty_room_resumes_from_its_first_message(harness: SessionHarness) -> None:
    """Even if the connection breaks before there is one."""
    harness.welcome(latest=0)
    assert harness.session.last_seq == 0


def test_a_room_that_restarts_its_numbers_is_followed(harness: SessionHarness) -> None:
    """It has lost its history, and its first message is not the one that we know."""
    harness.welcome(latest=7)
    harness.handle(message(7))
    harness.attach()
    harness.welcome(latest=0, session="s2")
    assert len(harness.handle(message(1))) == 1


def test_frames_about_members_become_events(harness: SessionHarness) -> None:
    """Each type has an event of its own."""
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


def test_unencrypted_members_come_with_the_welcome(harness: SessionHarness) -> None:
    """An earlier version sends none."""
    (event,) = harness.handle(Welcome(ROOM_INFO, "ann", "m1", "s", ["ann", "bob"], 0, 0, unencrypted=["bob"]))
    assert isinstance(event, RoomJoined)
    assert event.unencrypted == ("bob",)
    harness.attach()
    assert harness.welcome().unencrypted == ()


def test_our_own_renames_are_marked(harness: SessionHarness) -> None:
    """The second one too."""
    harness.welcome()
    assert harness.handle(Renamed("anna", "ann"), Renamed("annie", "anna"), Renamed("ann", "bob")) == [
        MemberRenamed("anna", "ann", you=True),
        MemberRenamed("annie", "anna", you=True),
        MemberRenamed("ann", "bob", you=False),
    ]


def test_a_problem_with_a_message_gives_its_text_back(harness: SessionHarness) -> None:
    """Once; any other problem is a failed request."""
    message_id = harness.say("text")
    harness.welcome()
    problem = Problem("bad-text", "Too long.", "Shorten it.", message_id)
    assert harness.handle(problem, problem, Problem("bad-name", "No.", "Another.")) == [
        MessageFailed(message_id, "text", "Too long.", "Shorten it.", "bad-text"),
        RequestFailed("Too long.", "Shorten it.", "bad-text"),
        RequestFailed("No.", "Another.", "bad-name"),
    ]


def test_the_server_s_sentences_are_on_one_line(harness: SessionHarness) -> None:
    """Whatever shows them: a second line could pass for one of ours."""
    problem = Problem("fault", "A\r\nreason.", "A\u2028hint.")
    assert harness.handle(problem, Left("rob", "left\nann: yes")) == [
        RequestFailed("A reason.", "A hint.", "fault"),
        MemberLeft("rob", "left ann: yes"),
    ]


def test_the_end_is_raised_with_the_server_s_texts(harness: SessionHarness) -> None:
    """Reason and hint."""
    with pytest.raises(JoinRefused) as refused:
        harness.handle(frames.Refused("full", "Full.", "Later."))
    assert (refused.value.code, str(refused.value), refused.value.hint) == ("full", "Full.", "Later.")
    with pytest.raises(RoomClosed) as closed:
        harness.handle(Closed("kicked", "Out.", "Ask."))
    assert (closed.value.code, str(closed.value), closed.value.hint) == ("kicked", "Out.", "Ask.")


def test_a_full_disk_does_not_prevent_the_visit(
    harness: SessionHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room is only not remembered."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.client.trust.known_rooms.write_private", full)
    assert harness.welcome().you == "ann"
    assert KnownRooms.load().by_id(ROOM_INFO.id) is None


def test_the_room_is_remembered_under_its_newest_name(harness: SessionHarness) -> None:
    """Its id stays the same."""
    harness.welcome()
    renamed = msgspec.structs.replace(ROOM_INFO, name="Renamed")
    harness.handle(Welcome(renamed, "ann", "m1", "s1", ["ann"], 0, 0))
    known = KnownRooms.load().latest_alike("renamed")
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
def test_messages_that_are_no_longer_stored_leave_a_gap(latest: int, oldest: int, gap: bool) -> None:  # noqa: FBT001
    """Only a client that missed some of them is told so."""
    harness = SessionHarness()
    assert not harness.welcome(latest=7, oldest=5).gap
    harness.handle(Message(7, "x", "m2", 1.0, "bob", "hello"))
    harness.session.detach()
    harness.attach()
    assert harness.welcome(latest=latest, oldest=oldest).gap == gap


def test_a_server_is_ours_if_it_knows_the_session_and_all_that_we_have(harness: SessionHarness) -> None:
    """A copy of the host's folder has the room's identity, but an older history or other sessions."""

    def welcome(session: str, latest: int) -> Welcome:
        return Welcome(ROOM_INFO, "ann", "m1", session, ["ann"], latest, 1)

    assert harness.session.is_our_server(welcome("anything", 0))
    harness.welcome(latest=0)
    harness.handle(Message(7, "x", "m2", 1.0, "bob", "hello"))
    assert harness.session.is_our_server(welcome("s1", 7))
    assert not harness.session.is_our_server(welcome("s2", 9))
    assert not harness.session.is_our_server(welcome("s1", 6))


def test_a_session_that_goes_on_elsewhere_says_where_it_was(harness: SessionHarness) -> None:
    """Once; and only if it is the same session."""
    assert harness.welcome().moved_from == ""
    harness.attach(Address("192.0.2.2"))
    assert harness.welcome().moved_from == "192.0.2.1:8000"
    assert harness.welcome().moved_from == ""
    harness.attach()
    assert harness.welcome(session="s2").moved_from == ""


@pytest.mark.parametrize("latest", [0, 1_700_000_000_000_000])
def test_a_room_without_messages_resumes_from_here(latest: int) -> None:
    """Even if the numbers go on from an earlier run."""
    harness = SessionHarness()
    harness.welcome(latest=latest, oldest=0)
    assert harness.session.last_seq == latest


@pytest.mark.parametrize(
    ("invited_to", "moved_from"),
    [
        (Address("192.0.2.9"), "192.0.2.9:8000"),
        (Address("192.0.2.1"), ""),
        (None, ""),
    ],
)
def test_a_room_that_was_found_elsewhere_than_the_invite_says(
    harness: SessionHarness, invited_to: Address | None, moved_from: str
) -> None:
    """People read that the address in their link is an old one."""
    harness.session.expected_at = invited_to
    assert harness.welcome().moved_from == moved_from


def test_another_scope_is_not_another_address(harness: SessionHarness) -> None:
    """The one in an invite link is that of the host's computer."""
    harness.session.expected_at = Address("fe80::1%en0")
    harness.attach(Address("fe80::1%wlan0"))
    assert harness.welcome().moved_from == ""
