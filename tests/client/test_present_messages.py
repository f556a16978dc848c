"""The present form of messages: what was said, and what became of it."""

from __future__ import annotations

import itertools
from dataclasses import replace

import msgspec
import pytest

from messango.client import present_messages
from messango.client.present_messages import PresentMessages
from messango.protocol.frames import Quote, Reaction
from messango.protocol.limits import MAX_REACTION_NAMES, MAX_REACTIONS
from tests.client.received_messages import answer, deleted, edited, joined, reacted, received, told


def reactions(present: PresentMessages, seq: int = 1) -> list[tuple[str, int, bool, tuple[str, ...]]]:
    """Return the reactions to a message."""
    message = present.get(seq)
    assert message is not None
    return [(each.emoji, each.count, each.mine, each.names) for each in message.reactions]


def text(present: PresentMessages, seq: int = 1) -> str:
    """Return the text of a message."""
    message = present.get(seq)
    assert message is not None
    return message.text


def quoted(present: PresentMessages, seq: int) -> Quote | None:
    """Return what a message answers."""
    message = present.get(seq)
    assert message is not None
    return message.reply


@pytest.fixture
def present() -> PresentMessages:
    """Hold one message, with the number 1."""
    held = PresentMessages()
    held.joined(joined())
    assert held.add(received(1))
    return held


def test_reactions_are_counted(present: PresentMessages) -> None:
    """In the order in which they began, with names, and whether one is ours; the last one takes it away."""
    assert present.apply(reacted(2, 1)) == (1,)
    assert present.apply(reacted(3, 1, "Ann", own=True)) == (1,)
    assert present.apply(reacted(4, 1, "Cleo", emoji="🎉")) == (1,)
    assert reactions(present) == [("👍", 2, True, ("Ben", "Ann")), ("🎉", 1, False, ("Cleo",))]
    present.apply(reacted(5, 1, "Ann", on=False, own=True))
    present.apply(reacted(6, 1, "Cleo", emoji="🎉", on=False))
    assert reactions(present) == [("👍", 1, False, ("Ben",))]


def test_a_request_that_changed_nothing_is_not_counted(present: PresentMessages) -> None:
    """Its receipt has the number of the reaction that was there before."""
    present.apply(reacted(2, 1, "Ann", own=True))
    assert present.apply(reacted(2, 1, "Ann", own=True)) == ()
    present.apply(reacted(3, 1))
    assert present.apply(reacted(2, 1, "Ann", own=True)) == ()
    assert reactions(present) == [("👍", 2, True, ("Ann", "Ben"))]


def test_no_more_reactions_than_the_protocol_allows(present: PresentMessages) -> None:
    """Whatever a server sends: neither different ones, nor names."""
    for number in range(MAX_REACTIONS + 5):
        present.apply(reacted(2 + number, 1, emoji=chr(0x1F600 + number)))
    assert len(reactions(present)) == MAX_REACTIONS
    for number in range(MAX_REACTION_NAMES + 5):
        present.apply(reacted(100 + number, 1, f"M{number}", emoji="\U0001f600"))
    (_, count, _, names), *_ = reactions(present)
    assert (count, len(names)) == (MAX_REACTION_NAMES + 6, MAX_REACTION_NAMES)


def test_an_edit_replaces_the_text(present: PresentMessages) -> None:
    """Without a text it was deleted later, and the deletion follows."""
    assert present.apply(edited(2, 1, "hello!")) == (1,)
    message = present.get(1)
    assert message is not None
    assert (message.text, message.edited) == ("hello!", True)
    assert present.apply(edited(3, 1, "")) == ()


def test_nothing_is_left_of_a_deleted_message(present: PresentMessages) -> None:
    """Neither text nor reactions, in the answers either; what comes later changes nothing."""
    present.add(received(2, "yes", quoted=Quote(1, "Ben", "hello")))
    present.apply(reacted(3, 1))
    assert present.apply(deleted(4, 1)) == (1, 2)
    message = present.get(1)
    assert message is not None
    assert (message.text, message.deleted, message.edited, message.reactions) == ("", True, False, ())
    assert quoted(present, 2) == Quote(1, "Ben", "")
    assert present.apply(edited(5, 1, "again")) == present.apply(reacted(6, 1)) == ()
    assert present.apply(deleted(7, 1)) == ()


def test_quotes_follow_their_message(present: PresentMessages) -> None:
    """On one line, of the same length as the room's; also where the message itself is not here."""
    present.add(received(2, "yes", quoted=Quote(1, "Ben", "hello")))
    present.add(received(3, "no", quoted=Quote(99, "Cleo", "old")))
    assert present.apply(edited(4, 1, "a\nb" + "x" * 200)) == (1, 2)
    assert quoted(present, 2) == Quote(1, "Ben", "a b" + "x" * 117)
    assert present.apply(edited(5, 99, "new")) == (3,)
    assert quoted(present, 3) == Quote(99, "Cleo", "new")
    assert present.apply(reacted(6, 99)) == ()


def test_private_messages_change_like_others(present: PresentMessages) -> None:
    """They stay private messages."""
    present.add(told(2))
    present.apply(edited(3, 2, "hush"))
    assert type(present.get(2)) is type(told(2))
    assert text(present, 2) == "hush"


class TestCountingOnce:
    """Whatever comes first, a reaction is in the message once."""

    ONE = (Reaction("👍", 1, mine=False, names=("Ben",)),)

    def test_the_answer_has_it_and_the_change_comes_later(self) -> None:
        """The answer overtook it."""
        present = PresentMessages()
        (message,) = present.add_answer(answer(received(1, reactions=self.ONE), latest=2))
        assert message.reactions == self.ONE
        assert present.apply(reacted(2, 1)) == ()
        assert present.apply(reacted(3, 1, "Cleo")) == (1,)
        assert reactions(present) == [("👍", 2, False, ("Ben", "Cleo"))]

    def test_the_change_comes_and_the_answer_lacks_it(self) -> None:
        """The answer was made before."""
        present = PresentMessages()
        assert present.apply(reacted(2, 1)) == ()
        (message,) = present.add_answer(answer(received(1), latest=1))
        assert message.reactions == self.ONE
        assert present.apply(edited(3, 1, "later")) == (1,)

    def test_the_message_was_here_already(self) -> None:
        """What is newer wins, the answer or what we have."""
        present = PresentMessages()
        present.add(received(1))
        present.apply(reacted(2, 1))
        (message,) = present.add_answer(answer(received(1), latest=1))
        assert message.reactions == self.ONE
        both = (Reaction("👍", 2, mine=False, names=("Ben", "Cleo")),)
        (message,) = present.add_answer(answer(received(1, reactions=both), latest=3))
        assert message.reactions == both
        assert present.apply(reacted(3, 1, "Cleo")) == ()

    def test_the_history_of_somebody_who_joins_has_them(self) -> None:
        """In their place as of the welcome; those that follow are counted."""
        present = PresentMessages()
        present.joined(joined(latest=4))
        present.add(received(1, history=True, reactions=self.ONE))
        assert present.apply(reacted(4, 1)) == ()
        assert present.apply(reacted(5, 1, "Cleo")) == (1,)

    def test_what_was_missed_follows(self) -> None:
        """The messages after a break have none: all their reactions are sent."""
        present = PresentMessages()
        present.joined(joined(latest=0))
        present.joined(joined(latest=4, since=0))
        present.add(received(1, history=True))
        assert present.apply(reacted(4, 1)) == (1,)
        assert reactions(present) == [("👍", 1, False, ("Ben",))]

    def test_every_order(self) -> None:
        """Three reactions and an answer made after any of them, that arrives at any time."""
        for made_after, arrives in itertools.product(range(4), range(4)):
            if arrives < made_after - 3:
                continue
            present = PresentMessages()
            names = ["A", "B", "C"]
            counted = (Reaction("👍", made_after, mine=False, names=(*names[:made_after],)),)
            old = answer(received(1, reactions=counted if made_after else ()), latest=1 + made_after)
            for index, name in enumerate(names):
                if index == arrives:
                    present.add_answer(old)
                present.apply(reacted(2 + index, 1, name))
            if arrives == len(names):
                present.add_answer(old)
            assert reactions(present) == [("👍", 3, False, ("A", "B", "C"))], (made_after, arrives)


def test_numbers_that_begin_again_are_others(present: PresentMessages) -> None:
    """Those of another room, and of one that has lost its history."""
    present.add(received(5))
    assert present.joined(joined(latest=4))
    assert (len(present), 1 in present) == (0, False)
    assert not present.joined(joined())
    present.add(received(1))
    other = joined(latest=9)
    assert present.joined(replace(other, room=msgspec.structs.replace(other.room, id="another")))
    assert len(present) == 0


def test_the_same_room_again(present: PresentMessages) -> None:
    """What we have stays, so that a deletion finds it; what comes again with its reactions replaces it."""
    present.add(received(2))
    assert not present.joined(joined(latest=4, since=2))
    assert not present.joined(joined(latest=9))
    present.add(received(2, "better", history=True, reactions=TestCountingOnce.ONE))
    assert (text(present, 2), len(reactions(present, 2))) == ("better", 1)
    assert present.apply(deleted(10, 1)) == (1,)


def test_what_was_deleted_while_we_were_away(present: PresentMessages) -> None:
    """The message comes again without its text, which is gone from the answers too."""
    present.add(received(2, "yes", quoted=Quote(1, "Ben", "hello")))
    present.joined(joined(latest=9))
    assert present.add(replace(received(1, "", history=True), deleted=True))
    assert quoted(present, 2) == Quote(1, "Ben", "")
    assert "hello" not in repr(present.in_order())


def test_another_message_with_the_same_number_replaces_it(present: PresentMessages) -> None:
    """A server may send anything; the same one twice stays as it is."""
    present.apply(reacted(2, 1))
    assert not present.add(received(1))
    other = replace(received(1), id="another")
    assert present.add(other)
    assert present.get(1) == other


def test_in_order(present: PresentMessages) -> None:
    """By number, however they came."""
    present.add_answer(answer(received(9), told(10), latest=20))
    present.add_answer(answer(received(4), latest=20))
    assert [message.seq for message in present.in_order()] == [1, 4, 9, 10]


def test_memory_is_bounded() -> None:
    """By messages and by characters; what was added first goes, and answers to it are forgotten."""
    present = PresentMessages(max_messages=20, max_characters=1_000)
    for seq in range(1, 100):
        present.add(received(seq, quoted=Quote(seq - 1, "Ben", "hello")))
        assert len(present) <= 20
    assert present.get(99) is not None
    assert present.apply(edited(100, 1, "x")) == ()
    assert len(present._answers) <= 20
    for seq in range(100, 200):
        present.add(received(seq, "x" * 300))
        assert sum(len(message.text) for message in present.in_order()) <= 1_000


def test_a_deleted_answer_answers_nothing() -> None:
    """Its number is forgotten with its message."""
    present = PresentMessages(max_messages=5)
    for seq in range(1, 6):
        present.add(received(seq, quoted=Quote(100, "Ben", "hello")))
        present.apply(deleted(100 + seq, seq))
    assert present._answers == {}
    assert present.apply(deleted(200, 100)) == ()


def test_changes_that_are_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server may send them without end, with texts of any length."""
    monkeypatch.setattr(present_messages, "_MAX_CHANGES", 10)
    monkeypatch.setattr(present_messages, "_MAX_CHANGE_CHARACTERS", 100)
    present = PresentMessages()
    for seq in range(1, 200):
        present.apply(edited(seq, 10_000, "x" * 30))
        assert len(present._recent) <= 3
    for seq in range(200, 300):
        present.apply(reacted(seq, 10_000))
    assert len(present._recent) == 10


def test_a_deleted_text_is_not_kept_for_answers() -> None:
    """An edit of it from a moment ago is forgotten."""
    present = PresentMessages()
    present.apply(edited(2, 1, "secret"))
    present.apply(deleted(3, 1))
    assert "secret" not in repr(vars(present))
    (message,) = present.add_answer(answer(received(1, "first"), latest=1))
    assert (message.text, message.deleted) == ("", True)


def test_the_edits_of_a_missed_message() -> None:
    """It comes with its last text: they change neither that nor what its answers quote."""
    held = PresentMessages()
    held.joined(joined(latest=1))
    held.add(received(1, "first"))
    held.joined(joined(latest=9, since=1))
    held.add(replace(received(2, "new", history=True), edited=True))
    held.add(received(3, "yes", history=True, quoted=Quote(2, "Ben", "new")))
    assert held.apply(edited(4, 2, "old")) == held.apply(edited(5, 2, "new")) == ()
    assert (text(held, 2), quoted(held, 3)) == ("new", Quote(2, "Ben", "new"))
    assert held.apply(reacted(6, 2)) == (2,)
    assert held.apply(edited(7, 1, "second")) == (1,)
    assert held.apply(edited(10, 2, "newer")) == (2, 3)


def test_very_many_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """An edit reaches the last ones only, so that a room can't hold us up; a deletion reaches all, once."""
    monkeypatch.setattr(present_messages, "_MAX_EDITED_QUOTES", 3)
    held = PresentMessages()
    held.joined(joined())
    held.add(received(1))
    for seq in range(2, 12):
        held.add(received(seq, quoted=Quote(1, "Ben", "hello")))
    assert held.apply(edited(20, 1, "new")) == (1, 9, 10, 11)
    assert held.apply(deleted(21, 1)) == (1, *range(2, 12))
    assert held.apply(deleted(22, 1)) == ()
    assert {quoted(held, seq) for seq in range(2, 12)} == {Quote(1, "Ben")}
