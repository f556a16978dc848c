"""Replies, private messages, reactions, edits and deletions: who may, who sees it, and what is answered."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import (
    AnyMessage,
    Delete,
    Deleted,
    Edit,
    Edited,
    Message,
    Problem,
    Quote,
    React,
    Reacted,
    Reaction,
    Say,
    ServerFrame,
    Tell,
    Told,
    Typing,
)
from messango.protocol.limits import MAX_REACTIONS
from messango.room.host.host_command import ListMembers
from messango.room.host.host_events import MemberList, PrivateMessagesSent
from messango.room.peer import Peer
from messango.room.request_check import EntryRequest
from tests.room.batches import AGAIN, ANN, BEN, CLEO, RoomHarness
from tests.room.host_commands import result_of

PLAIN = 7


class Trio:
    """Ann, Ben and Cleo in a room, and their public ids."""

    def __init__(self) -> None:
        self.harness = RoomHarness()
        self.welcomes = [
            self.harness.join_admitted(each, name)
            for each, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo"))
        ]
        self.ids = {
            each: welcome.member for each, welcome in zip((ANN, BEN, CLEO), self.welcomes, strict=True)
        }
        self.harness.post_with_ids(ANN, ("a", "lunch?"))
        self.harness.clear_received()

    def tell(self, sender: int, receiver: int, text: str = "psst", message_id: str = "t") -> Told:
        told = self.harness.request(sender, Tell(message_id, self.ids[receiver], text))
        assert isinstance(told, Told)
        return told


@pytest.fixture
def trio() -> Trio:
    return Trio()


def code_of(frame: ServerFrame) -> str:
    assert isinstance(frame, Problem)
    assert frame.reason
    return frame.code


def test_an_answer_quotes(trio: Trio) -> None:
    """Everybody gets the quote with the answer."""
    frame = trio.harness.request(BEN, Say("b", "yes", reply_to=1))
    assert isinstance(frame, Message)
    assert (frame.seq, frame.reply) == (2, Quote(1, "Ann", "lunch?"))
    assert trio.harness.entries(CLEO) == [frame]


def test_a_quote_is_short_and_as_it_is_now(trio: Trio) -> None:
    """A quote has the edited text, and after a deletion none."""
    trio.harness.request(ANN, Edit("e", 1, "x" * 500))
    frame = trio.harness.request(BEN, Say("b", "yes", reply_to=1))
    assert isinstance(frame, Message)
    assert frame.reply == Quote(1, "Ann", "x" * 120)
    trio.harness.request(ANN, Delete("d", 1))
    assert trio.harness.join(AGAIN, "Dan")
    newest = [each for each in trio.harness.entries(AGAIN) if isinstance(each, Message)]
    assert newest[1].reply == Quote(1, "Ann", "")


def test_a_private_message_is_for_the_two(trio: Trio) -> None:
    """The third gets nothing, neither at once nor on joining again."""
    told = trio.tell(ANN, BEN)
    assert (told.to, told.to_name, told.name, told.away) == (trio.ids[BEN], "Ben", "Ann", False)
    assert trio.harness.entries(BEN) == [told]
    assert trio.harness.entries(CLEO) == []
    assert trio.harness.join(AGAIN, "Cleo", trio.welcomes[2].session, since=0)
    assert [entry.seq for entry in trio.harness.entries(AGAIN)] == [1]


@pytest.mark.parametrize(
    "make",
    [
        lambda seq: Say("x", "x", seq),
        lambda seq: React("x", seq, "👍", on=True),
        lambda seq: Edit("x", seq, "x"),
        lambda seq: Delete("x", seq),
    ],
)
def test_what_one_may_not_see_does_not_exist(trio: Trio, make: Callable[[int], EntryRequest]) -> None:
    """The answer about a private message of others is the same as about none."""
    told = trio.tell(ANN, BEN)
    hidden = trio.harness.request(CLEO, make(told.seq))
    missing = trio.harness.request(CLEO, make(999))
    assert isinstance(hidden, Problem)
    assert isinstance(missing, Problem)
    assert hidden.reason.replace(f"{told.seq}", "999") == missing.reason
    assert (hidden.code, hidden.hint, hidden.id) == (missing.code, missing.hint, missing.id)
    assert hidden.code == error_codes.UNKNOWN_ENTRY
    assert trio.harness.history.latest == told.seq


def test_an_answer_to_a_private_message_is_private(trio: Trio) -> None:
    """Also if the client says it to all: it goes to the other of the two."""
    told = trio.tell(ANN, BEN)
    for sender, receiver, request in (
        (BEN, ANN, Say("1", "yes", reply_to=told.seq)),
        (ANN, BEN, Say("2", "no", reply_to=told.seq)),
        (BEN, ANN, Tell("3", trio.ids[ANN], "yes", reply_to=told.seq)),
    ):
        answer = trio.harness.request(sender, request)
        assert isinstance(answer, Told)
        assert (answer.to, answer.reply) == (trio.ids[receiver], Quote(told.seq, "Ann", "psst"))
        assert trio.harness.entries(receiver)[-1] == answer
    leak = trio.harness.request(ANN, Tell("4", trio.ids[CLEO], "he said", reply_to=told.seq))
    assert code_of(leak) == error_codes.UNKNOWN_ENTRY
    assert trio.harness.entries(CLEO) == []


def test_changes_of_a_private_message_are_private(trio: Trio) -> None:
    """Reactions, edits and deletions go to the two."""
    told = trio.tell(ANN, BEN)
    for sender, request in (
        (BEN, React("r", told.seq, "👍", on=True)),
        (ANN, Edit("e", told.seq, "hush")),
        (ANN, Delete("d", told.seq)),
    ):
        change = trio.harness.request(sender, request)
        assert trio.harness.entries(ANN)[-1] == trio.harness.entries(BEN)[-1] == change
    assert trio.harness.entries(CLEO) == []


def test_a_member_who_is_away_gets_it_later(trio: Trio) -> None:
    """A former member is told, and the sender reads that they are away."""
    trio.harness.leave(BEN)
    told = trio.tell(ANN, BEN)
    assert told.away
    assert trio.harness.join(AGAIN, "Ben", trio.welcomes[1].session, since=1)
    (later,) = trio.harness.entries(AGAIN)
    assert isinstance(later, Told)
    assert (later.text, later.away) == ("psst", False)


def test_unknown_members(trio: Trio) -> None:
    """Nobody has this id; the host has none that can be told."""
    for to in ("nobody", "", "host"):
        assert code_of(trio.harness.request(ANN, Tell("t", to, "x"))) == error_codes.UNKNOWN_MEMBER


def test_plaintext_members_have_no_private_messages(trio: Trio) -> None:
    """They neither send nor get them."""
    trio.harness.peers[PLAIN] = Peer("192.0.2.7", 50_000, encrypted=False)
    plain = trio.harness.join_admitted(PLAIN, "Old").member
    assert code_of(trio.harness.request(PLAIN, Tell("t", trio.ids[ANN], "x"))) == error_codes.NOT_ENCRYPTED
    assert code_of(trio.harness.request(ANN, Tell("t", plain, "x"))) == error_codes.NOT_ENCRYPTED
    assert trio.harness.history.latest == 1


def test_reactions(trio: Trio) -> None:
    """A newcomer gets the present ones, with the names, and whether one is theirs."""
    trio.harness.request(BEN, React("r", 1, "👍", on=True))
    trio.harness.request(CLEO, React("r", 1, "👍", on=True))
    trio.harness.request(CLEO, React("s", 1, "❤", on=True))
    off = trio.harness.request(CLEO, React("t", 1, "👍", on=False))
    assert isinstance(off, Reacted)
    assert (off.seq, off.target, off.emoji, off.on) == (5, 1, "👍", False)
    assert trio.harness.entries(ANN)[-1] == off
    trio.harness.join(AGAIN, "Cleo", trio.welcomes[2].session)
    (message,) = (each for each in trio.harness.entries(AGAIN) if isinstance(each, Message))
    assert message.reactions == (
        Reaction("👍", 1, mine=False, names=("Ben",)),
        Reaction("❤️", 1, mine=True, names=("Cleo",)),
    )


def test_a_reaction_that_changes_nothing(trio: Trio) -> None:
    """Only its sender reads that it is there already; nothing is counted twice."""
    first = trio.harness.request(BEN, React("r", 1, "👍", on=True))
    second = trio.harness.request(BEN, React("s", 1, "👍", on=True))
    assert isinstance(first, Reacted)
    assert isinstance(second, Reacted)
    assert (second.seq, second.id) == (first.seq, "s")
    assert trio.harness.entries(ANN) == [first]
    off = trio.harness.request(CLEO, React("t", 1, "👍", on=False))
    assert code_of(off) == error_codes.UNKNOWN_ENTRY


@pytest.mark.parametrize("emoji", ["", "x", "👍👍", "👍" + "\u200d👩" * 20])
def test_what_is_not_an_emoji(trio: Trio, emoji: str) -> None:
    """A reaction is one emoji."""
    assert code_of(trio.harness.request(BEN, React("r", 1, emoji, on=True))) == error_codes.BAD_EMOJI


def test_too_many_different_reactions(trio: Trio) -> None:
    """One more member may add one that is there, but not another."""
    for number in range(MAX_REACTIONS):
        trio.harness.request(BEN, React(f"{number}", 1, chr(0x1F600 + number), on=True))
    assert code_of(trio.harness.request(CLEO, React("x", 1, "👍", on=True))) == error_codes.BAD_EMOJI
    assert isinstance(trio.harness.request(CLEO, React("x", 1, chr(0x1F600), on=True)), Reacted)


def test_only_own_messages_are_edited(trio: Trio) -> None:
    """Neither others nor the host can put words into somebody's mouth."""
    assert code_of(trio.harness.request(BEN, Edit("e", 1, "x"))) == error_codes.NOT_YOURS
    edited = trio.harness.request(ANN, Edit("e", 1, "dinner?"))
    assert isinstance(edited, Edited)
    assert trio.harness.entries(BEN) == [edited]
    assert code_of(trio.harness.request(ANN, Edit("f", 1, ""))) == error_codes.BAD_TEXT
    assert code_of(trio.harness.request(ANN, Edit("f", edited.seq, "x"))) == error_codes.UNKNOWN_ENTRY


def test_the_host_deletes_any_message(trio: Trio) -> None:
    """Others only their own; what is private stays hidden from the host's programs too."""
    assert code_of(trio.harness.request(BEN, Delete("d", 1))) == error_codes.NOT_YOURS
    told = trio.tell(ANN, BEN)
    problem = trio.harness.request(BEN, Delete("d", told.seq))
    assert isinstance(problem, Problem)
    assert "host" not in problem.reason + problem.hint
    trio.harness.join_admitted(AGAIN, "Hana")
    (host,) = (member for member in trio.harness.room.members if member.name == "Hana")
    host.is_host = True
    assert code_of(trio.harness.request(AGAIN, Delete("d", told.seq))) == error_codes.UNKNOWN_ENTRY
    assert isinstance(trio.harness.request(AGAIN, Delete("d", 1)), Deleted)


def test_nothing_is_left_of_a_deleted_message(trio: Trio) -> None:
    """Neither text nor reactions, also in what was said about it before; and it can't be changed any more."""
    trio.harness.request(ANN, Edit("e", 1, "secret"))
    trio.harness.request(BEN, React("r", 1, "👍", on=True))
    trio.harness.request(ANN, Delete("d", 1))
    requests: list[EntryRequest] = [
        Edit("f", 1, "x"),
        Delete("g", 1),
        React("h", 1, "👍", on=True),
        Say("i", "x", reply_to=1),
    ]
    for request in requests:
        assert code_of(trio.harness.request(ANN, request)) == error_codes.UNKNOWN_ENTRY
    for connection_id, since in ((AGAIN, None), (12, 0)):
        trio.harness.join(connection_id, "Cleo", trio.welcomes[2].session, since=since)
        found = trio.harness.entries(connection_id)
        assert all(not entry.text for entry in found if isinstance(entry, AnyMessage | Edited))
        message = next(each for each in found if isinstance(each, Message))
        assert (message.deleted, message.edited, message.reactions) == (True, False, ())


@pytest.mark.parametrize(
    "request_",
    [
        Say("x", "again", reply_to=1),
        React("x", 1, "👍", on=True),
        Edit("x", 1, "again"),
        Delete("x", 1),
    ],
)
def test_a_repeated_request_is_answered_by_what_it_led_to(trio: Trio, request_: EntryRequest) -> None:
    """Only its sender gets it again, and nothing happens twice, whatever the id is used for."""
    first = trio.harness.request(ANN, request_)
    others = trio.harness.entries(BEN)
    for repeated in (request_, Say("x", "other"), Delete("x", 1)):
        assert trio.harness.request(ANN, repeated) == first
    assert trio.harness.entries(BEN) == others == [first]


def test_several_requests_in_one_batch(trio: Trio) -> None:
    """Each sees what those before it have done, though nothing is stored yet."""
    trio.harness.begin_batch()
    trio.harness.post_with_ids(BEN, ("b", "one"))
    trio.harness.room.post_entry(BEN, Edit("c", 2, "two"))
    trio.harness.room.post_entry(CLEO, React("d", 2, "👍", on=True))
    trio.harness.room.post_entry(CLEO, React("e", 2, "👍", on=True))
    trio.harness.room.post_entry(ANN, Say("f", "three", reply_to=2))
    trio.harness.end_batch()
    assert [entry.seq for entry in trio.harness.entries(ANN)] == [2, 3, 4, 5]
    last = trio.harness.entries(ANN)[-1]
    assert isinstance(last, Message)
    assert last.reply == Quote(2, "Ben", "two")


def test_what_is_typed_to_one(trio: Trio) -> None:
    """The others do not read that somebody writes a private message."""
    trio.harness.begin_batch()
    trio.harness.room.on_typing(ANN, Typing(trio.ids[BEN]))
    trio.harness.end_batch()
    assert (len(trio.harness.received[BEN]), len(trio.harness.received[CLEO])) == (1, 0)


def test_the_host_is_told_how_many_private_messages_there_were(trio: Trio) -> None:
    """Each new one counts, an answer to one too; a repeated request does not. No event has a text."""
    told = trio.tell(ANN, BEN)
    trio.tell(ANN, BEN)
    trio.harness.request(BEN, Say("answer", "private too", reply_to=told.seq))
    trio.harness.request(ANN, Say("public", "hello"))
    trio.harness.request(BEN, React("reaction", told.seq, "👍", on=True))
    counts = [event for event in trio.harness.events if isinstance(event, PrivateMessagesSent)]
    assert counts == [PrivateMessagesSent(1), PrivateMessagesSent(2)]
    members = result_of(trio.harness, ListMembers())
    assert isinstance(members, MemberList)
    assert members.private_messages == 2
    assert "psst" not in repr([*trio.harness.events, members])
