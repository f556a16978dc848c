"""A client's session with all kinds of entries: receipts, answers, and the end of the history."""

from __future__ import annotations

import msgspec
import pytest

from messango.client.events import (
    AnyReceived,
    EarlierReceived,
    Event,
    HistoryEnded,
    MemberTyping,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
    RequestFailed,
    RoomJoined,
    SearchResult,
)
from messango.client.requests.outbox import OwnRequest
from messango.protocol import features
from messango.protocol.frames import (
    Change,
    Delete,
    Deleted,
    Earlier,
    EarlierMessages,
    Edited,
    Found,
    Message,
    Problem,
    React,
    Reacted,
    Search,
    Tell,
    Told,
    TypingNotice,
    Welcome,
)
from tests.client.session_harness import SessionHarness
from tests.support.raw_server import ROOM_INFO


@pytest.fixture
def harness() -> SessionHarness:
    """Join an empty room as the member m1."""
    joined = SessionHarness()
    joined.welcome()
    return joined


def message(seq: int, member: str = "m2", message_id: str = "1") -> Message:
    """Return the frame of a message."""
    return Message(seq, message_id, member, 12.5, "bob", "x")


def told(seq: int, member: str = "m2", to: str = "m1", message_id: str = "1") -> Told:
    """Return the frame of a private message."""
    return Told(seq, message_id, member, 12.5, "bob", "psst", to=to, to_name="ann")


def reacted(seq: int, target: int, member: str = "m2", request_id: str = "1") -> Reacted:
    """Return the frame of a reaction."""
    return Reacted(seq, request_id, target, member, "bob", 12.5, "👍", True)


def edited(seq: int, target: int) -> Edited:
    """Return the frame of an edit."""
    return Edited(seq, "1", target, "m2", "bob", 12.5, "new")


def deleted(seq: int, target: int) -> Deleted:
    """Return the frame of a deletion."""
    return Deleted(seq, "1", target, "m2", "bob", 12.5)


def welcome(latest: int, last: int | None, session: str = "s1") -> Welcome:
    """Return a welcome whose history ends with the entry `last`."""
    return Welcome(ROOM_INFO, "ann", "m1", session, ["ann"], latest, min(1, latest), last=last)


def test_every_kind_is_an_event(harness: SessionHarness) -> None:
    """In the room's order; each counts as received."""
    frames: list[Message | Told | Change] = [message(1), told(2), reacted(3, 1), edited(4, 1), deleted(5, 1)]
    assert [type(event) for event in harness.handle(*frames)] == [
        MessageReceived,
        PrivateMessageReceived,
        ReactionChanged,
        MessageEdited,
        MessageDeleted,
    ]
    assert harness.session.last_seq == 5
    assert harness.handle(*frames) == []


def test_what_is_not_for_us_is_no_event(harness: SessionHarness) -> None:
    """A private message of two others, a reaction that is not an emoji; both count as received."""
    nonsense = Reacted(2, "1", 1, "m2", "bob", 12.5, "ok", True)
    assert harness.handle(told(1, "m2", to="m3"), nonsense) == []
    assert harness.session.last_seq == 2


def test_the_receipt_of_each_kind(harness: SessionHarness) -> None:
    """The request leaves the outbox; the event has its id."""
    requests: list[OwnRequest] = [Tell("t", "m2", "psst"), React("r", 1, "👍", True), Delete("d", 1)]
    for number, request in enumerate(requests, 1):
        harness.outbox.add(request)
        harness.outbox.next_batch()
        frame: Told | Change
        if isinstance(request, Tell):
            frame = told(number, "m1", "m2", "t")
        elif isinstance(request, React):
            frame = reacted(number, 1, "m1", "r")
        else:
            frame = Deleted(number, "d", 1, "m1", "ann", 12.5)
        (event,) = harness.handle(frame)
        assert isinstance(event, PrivateMessageReceived | ReactionChanged | MessageDeleted)
        assert (event.own, event.id, len(harness.outbox)) == (True, request.id, 0)


def test_a_request_that_changed_nothing_has_a_receipt(harness: SessionHarness) -> None:
    """With the number of the entry that was there before; once."""
    harness.handle(message(1), reacted(2, 1, "m1", "earlier"), message(3))
    harness.outbox.add(React("again", 1, "👍", True))
    harness.outbox.next_batch()
    receipt = reacted(2, 1, "m1", "again")
    (event,) = harness.handle(receipt, receipt)
    assert isinstance(event, ReactionChanged)
    assert (event.id, event.own, event.seq) == ("again", True, 2)
    assert harness.session.last_seq == 3


def test_history_and_live_changes(harness: SessionHarness) -> None:
    """As with messages."""
    harness.session.detach()
    harness.attach()
    harness.handle(welcome(2, 2))
    first, second = harness.handle(reacted(2, 1), edited(3, 1))
    assert isinstance(first, ReactionChanged)
    assert isinstance(second, MessageEdited)
    assert (first.history, second.history) == (True, False)


class TestEndOfTheHistory:
    """It is reported once after each welcome, after its last entry."""

    @staticmethod
    def kinds(events: list[Event]) -> list[type[Event]]:
        """Return the types of events."""
        return [type(event) for event in events]

    def test_nothing_follows(self) -> None:
        """Although the room's number is higher: nothing of it is for us."""
        assert self.kinds(SessionHarness().handle_all(welcome(7, 0))) == [RoomJoined, HistoryEnded]

    def test_after_the_last_entry(self) -> None:
        """Which may be far below the room's number; live messages are none of it."""
        events = SessionHarness().handle_all(welcome(7, 3), message(2), message(3), message(8))
        assert self.kinds(events) == [
            RoomJoined,
            MessageReceived,
            MessageReceived,
            HistoryEnded,
            MessageReceived,
        ]

    def test_a_live_message_ends_it(self) -> None:
        """If the server promised what it did not send."""
        events = SessionHarness().handle_all(welcome(7, 5), message(2), message(8))
        assert self.kinds(events)[-2:] == [MessageReceived, HistoryEnded]

    def test_after_a_break(self, harness: SessionHarness) -> None:
        """With all kinds of entries."""
        harness.handle(message(1))
        for latest, frames in ((3, [reacted(3, 1)]), (9, [])):
            harness.session.detach()
            harness.attach()
            events = harness.handle_all(welcome(latest, latest if frames else 0), *frames)
            assert self.kinds(events) == [RoomJoined, *[ReactionChanged] * len(frames), HistoryEnded]

    def test_servers_of_earlier_versions(self) -> None:
        """They do not say which entry is the last: it is the room's last one, if it keeps any."""
        room = msgspec.structs.replace(ROOM_INFO, history=True)
        kept = msgspec.structs.replace(welcome(2, None), room=room)
        assert self.kinds(SessionHarness().handle_all(kept, message(1), message(2)))[-2:] == [
            MessageReceived,
            HistoryEnded,
        ]
        assert self.kinds(SessionHarness().handle_all(welcome(2, None))) == [RoomJoined, HistoryEnded]


def test_answers_to_questions(harness: SessionHarness) -> None:
    """Only to those that we asked, of the same kind, and once."""
    harness.questions.add(Earlier("e", 5, 10))
    harness.questions.add(Search("s", "word"))
    harness.questions.next_batch()
    older, found = EarlierMessages("e", [message(4)], True, 9), Found("s", [told(3, "m1", "m2")], False, 9)
    wrong: list[EarlierMessages | Found] = [
        EarlierMessages("s", [], False, 9),
        Found("e", [], False, 9),
        Found("x", [], False, 9),
    ]
    first, second = harness.handle(*wrong, older, older, found, found)
    assert isinstance(first, EarlierReceived)
    assert isinstance(second, SearchResult)
    assert [received(first), received(second)] == [[(4, False)], [(3, True)]]
    assert harness.session.last_seq == 0


def received(answer: EarlierReceived | SearchResult) -> list[tuple[int, bool]]:
    """Return the numbers of the messages in an answer, and whether they are ours."""
    messages: tuple[AnyReceived, ...] = answer.messages
    return [(each.seq, each.own) for each in messages]


def test_problems_with_requests(harness: SessionHarness) -> None:
    """Messages of both kinds come back with their texts; the others are failed requests with their ids."""
    harness.outbox.add(Tell("t", "m9", "psst"))
    harness.outbox.add(React("r", 1, "👍", True))
    harness.outbox.next_batch()
    harness.questions.add(Search("s", ""))
    harness.questions.next_batch()
    problems = [Problem("unknown-member", "Who?", "Look.", each) for each in ("t", "r", "s")]
    assert harness.handle(*problems, problems[1]) == [
        MessageFailed("t", "psst", "Who?", "Look.", "unknown-member"),
        RequestFailed("Who?", "Look.", "unknown-member", "r"),
        RequestFailed("Who?", "Look.", "unknown-member", "s"),
        RequestFailed("Who?", "Look.", "unknown-member"),
    ]
    assert (len(harness.outbox), len(harness.questions)) == (0, 0)


def test_numbers_that_begin_again_are_not_used(harness: SessionHarness) -> None:
    """The room lost its history: a deletion would be of somebody else's message. Plain messages go on."""
    harness.handle(message(9))
    harness.outbox.add(Delete("d", 9))
    plain = harness.say("hi")
    answering = harness.say("yes", reply_to=9)
    harness.session.detach()
    harness.outbox.requeue_all()
    harness.attach()
    joined, *failed = harness.handle(welcome(1, 1))
    assert isinstance(joined, RoomJoined)
    assert joined.since is None
    assert [(type(each), each.id) for each in failed if isinstance(each, MessageFailed | RequestFailed)] == [
        (RequestFailed, "d"),
        (MessageFailed, answering),
    ]
    assert [request.id for request in harness.outbox.next_batch()] == [plain]


def test_what_follows_the_welcome(harness: SessionHarness) -> None:
    """All that was missed after a break, otherwise the newest in their present form."""
    assert SessionHarness().welcome(latest=5).since is None
    harness.handle(message(4))
    harness.session.detach()
    harness.attach()
    assert harness.welcome(latest=6).since == 4


def test_the_room_s_features(harness: SessionHarness) -> None:
    """Those of the last welcome: the host may have updated Messango meanwhile."""
    assert harness.session.features == set()
    room = msgspec.structs.replace(ROOM_INFO, features=(features.PRIVATE, "later"))
    harness.welcome(room=room)
    assert harness.session.features == {features.PRIVATE, "later"}


def test_typing_to_us(harness: SessionHarness) -> None:
    """It is told apart from typing to all."""
    assert harness.handle(TypingNotice("bob", "m2", private=True)) == [
        MemberTyping("bob", "m2", private=True)
    ]
