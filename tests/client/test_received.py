"""What a server sends becomes events: clean, bounded, and only what can be meant."""

from __future__ import annotations

import pytest

from messango.client.events import (
    AnyReceived,
    MessageDeleted,
    MessageEdited,
    MessageReceived,
    PrivateMessageReceived,
    ReactionChanged,
)
from messango.client.received import change_event, earlier_event, message_event, search_event
from messango.protocol.frames import (
    Deleted,
    EarlierMessages,
    Edited,
    Found,
    Message,
    Quote,
    Reacted,
    Reaction,
    Spoken,
    Told,
)
from messango.protocol.limits import MAX_SEQ

DIRTY, CLEAN_LINE = "a\x1b]0;x\x07\r\nb\u2028c", "a b c"


def event_of(frame: Spoken) -> AnyReceived:
    """Return the event of somebody else's message."""
    return message_event(frame, own=False, history=False)


def message(seq: int, member: str = "b") -> Message:
    """Return the frame of a message."""
    return Message(seq, f"{seq}", member, 1.5, "Ben", "hi")


def test_a_message_with_everything() -> None:
    """Nothing is lost."""
    reaction = Reaction("👍", 12, mine=True, names=("Ann", "Ben"))
    frame = Message(7, "id", "b", 1.5, "Ben", "hi", Quote(3, "Ann", "well"), True, False, (reaction,))
    assert message_event(frame, own=True, history=True) == MessageReceived(
        7,
        "id",
        "b",
        1.5,
        "Ben",
        "hi",
        own=True,
        history=True,
        reply=Quote(3, "Ann", "well"),
        edited=True,
        reactions=(reaction,),
    )


def test_a_private_message() -> None:
    """With its receiver; that they are away concerns nobody but the sender."""
    told = Told(7, "id", "b", 1.5, "Ben", "hi", to="a", to_name="Ann\n", away=True)
    event = message_event(told, own=True, history=False)
    assert isinstance(event, PrivateMessageReceived)
    assert (event.to, event.to_name, event.away) == ("a", "Ann", True)
    received = event_of(told)
    assert isinstance(received, PrivateMessageReceived)
    assert not received.away


def test_every_text_is_cleaned() -> None:
    """What stands beside others' words is on one line: quotes, and the names in them and in reactions."""
    frame = Message(
        7,
        "id",
        "b",
        1.5,
        "Ben",
        DIRTY,
        Quote(3, DIRTY, DIRTY),
        reactions=(Reaction("👍", 2, False, (DIRTY,)),),
    )
    event = event_of(frame)
    assert event.text == "a\nb\nc"
    assert event.reply == Quote(3, CLEAN_LINE, CLEAN_LINE)
    assert event.reactions[0].names == (CLEAN_LINE,)
    edit = change_event(Edited(8, "id", 7, "b", DIRTY, 1.5, DIRTY), own=False, history=False)
    assert isinstance(edit, MessageEdited)
    assert (edit.name, edit.text) == (CLEAN_LINE, "a\nb\nc")


def test_reactions_that_nobody_can_have_made() -> None:
    """What is no emoji, the same twice, and by nobody; a count is no lower than the names."""
    reactions = (
        Reaction("A", 1, False, ()),
        Reaction("👍", 1, False, ("Ann", "Ben")),
        Reaction("👍", 5, True, ()),
        Reaction("❤", 3, False, ()),
        Reaction("🎉", 0, False, ()),
        Reaction("🥭", -(10**30), False, ("Ann",)),
        Reaction("🍏", 10**30, False, ("Ann",)),
    )
    event = event_of(Message(7, "id", "b", 1.5, "Ben", "hi", reactions=reactions))
    assert [(each.emoji, each.count) for each in event.reactions] == [
        ("👍", 2),
        ("❤️", 3),
        ("🍏", 1_000_000),
    ]


def test_a_deleted_message_has_nothing() -> None:
    """Whatever the server left in it."""
    frame = Message(7, "id", "b", 1.5, "Ben", "hi", Quote(3), True, True, (Reaction("👍", 1, False, ()),))
    event = event_of(frame)
    assert (event.text, event.reply, event.edited, event.deleted, event.reactions) == (
        "",
        None,
        False,
        True,
        (),
    )


def test_changes() -> None:
    """A reaction that is not one emoji is no event; a bare sign is made a picture."""
    fields = (8, "id", 7, "b", "Ben", 1.5)
    reaction = change_event(Reacted(*fields, "❤", True), own=True, history=False)
    assert reaction == ReactionChanged(*fields, "❤️", on=True, own=True, history=False)
    assert change_event(Reacted(*fields, "ok", True), own=True, history=False) is None
    assert change_event(Deleted(*fields), own=False, history=True) == MessageDeleted(
        *fields, own=False, history=True
    )


@pytest.mark.parametrize("kind", [EarlierMessages, Found])
def test_answers_have_what_was_asked(kind: type[EarlierMessages | Found]) -> None:
    """In order, before the number, for us; own messages are known by the member's id."""
    others = Told(6, "6", "b", 1.5, "Ben", "hi", to="c", to_name="Cleo")
    ours = Told(7, "7", "b", 1.5, "Ben", "hi", to="a", to_name="Ann")
    frames: list[Message | Told] = [
        message(0),
        message(-1),
        message(5),
        message(5),
        message(3),
        others,
        ours,
        message(8, "a"),
    ]
    frame = kind("q", [*frames, message(9), message(10**25)], True, 10**25)
    answer = (
        earlier_event(frame, 9, "a") if isinstance(frame, EarlierMessages) else search_event(frame, 9, "a")
    )
    assert [(each.seq, each.own, each.history) for each in answer.messages] == [
        (5, False, True),
        (7, False, True),
        (8, True, True),
    ]
    assert (answer.id, answer.more, answer.latest) == ("q", True, MAX_SEQ)


def test_an_answer_without_messages_is_the_last() -> None:
    """Otherwise a front end would ask for the same without end."""
    assert not earlier_event(EarlierMessages("q", [message(9)], True, 9), 9, "a").more
    assert not search_event(Found("q", [], True, 9), None, "a").more
    assert search_event(Found("q", [message(9)], True, 9), None, "a").more
