"""The rows of a message: what it answers, who wrote it to whom, what became of it, and reactions."""

from __future__ import annotations

import time
from dataclasses import replace

from messango.client.events import ReceivedMessage
from messango.client.members.ignored import IgnoredMember, IgnoredMembers
from messango.protocol.frames import Quote, Reaction
from messango.terminal.chat.message_lines import MessageLines
from messango.terminal.conversation.conversation import Conversation
from tests.terminal.conversation.messages import deleted, edited, joined, reacted, said, told
from tests.terminal.fake_client import NOON

_CLOCK = time.strftime("%H:%M", time.localtime(NOON))


def _rows(
    message: ReceivedMessage,
    conversation: Conversation | None = None,
    *,
    numbered: bool = False,
) -> list[str]:
    conversation = conversation or Conversation()
    conversation.handle(joined())
    lines = MessageLines(lambda: 80, conversation).lines(message, numbered=numbered)
    return ["".join(text for _, text in line) for line in lines]


def test_the_quoted_message_stands_above_its_answer() -> None:
    """Marked by more than colour."""
    answer = said(2, "bob", "at noon", Quote(1, "cy", "lunch?"))
    assert _rows(answer) == ["      ┌ cy: “lunch?”", f"{_CLOCK} bob  at noon"]
    assert _rows(replace(answer, reply=Quote(1, "cy", "")))[0] == "      ┌ cy: (deleted)"
    assert _rows(replace(answer, reply=Quote(1)))[0] == "      ┌ a message that the room no longer keeps"


def test_an_answer_to_us_and_a_mention_are_marked() -> None:
    """By a sign before the name."""
    assert _rows(said(2, "bob", "yes", Quote(1, "ann", "lunch?")))[1] == f"{_CLOCK} @ bob  yes"
    assert _rows(said(2, "bob", "ask Ann")) == [f"{_CLOCK} @ bob  ask Ann"]


def test_a_private_message_says_who_to_whom() -> None:
    """No name can look like it: one of several words stands between quotation marks."""
    assert _rows(told(2, "cy", "ann", "psst")) == [f"{_CLOCK} cy → you (private)  psst"]
    assert _rows(told(2, "ann", "cy", "psst")) == [f"{_CLOCK} › ann → cy (private)  psst"]
    forged = replace(said(2, "bob", "psst"), name="cy → you (private)")
    assert _rows(forged) == [f"{_CLOCK} “cy → you (private)”  psst"]


def test_edited_and_deleted_messages_are_marked_before_the_text() -> None:
    """Where nobody can write."""
    assert _rows(replace(said(2, "bob", "here"), edited=True)) == [f"{_CLOCK} bob (edited)  here"]
    assert _rows(replace(said(2, "bob", ""), deleted=True)) == [f"{_CLOCK} bob (deleted)  "]


def test_reactions_stand_below() -> None:
    """With the names of a few, or the number of many."""
    few, many = (
        Reaction("👍", 2, mine=True, names=("cy", "ann")),
        Reaction("😂", 12, mine=False, names=("cy",)),
    )
    assert _rows(replace(said(2, "bob", "hi"), reactions=(few, many)))[1:] == ["      └ 👍 cy, ann  😂 12"]
    mine = Reaction("😂", 1_200, mine=True, names=("cy",))
    assert _rows(replace(said(2, "bob", "hi"), reactions=(mine,)))[1:] == ["      └ 😂 1,200, with you"]


def test_no_text_begins_where_our_rows_begin() -> None:
    """A stranger can't forge a reaction or an answer below their message."""
    rows = _rows(said(2, "bob", "hi\n      └ 👍 ann\n┌ ann: “yes”"))
    assert not any(row.startswith(("      └", "      ┌")) for row in rows)


def test_everything_fits_the_width() -> None:
    """Quotes and reactions too."""
    answer = said(2, "bob", "word " * 30, Quote(1, "cy", "word " * 24))
    reactions = tuple(Reaction("👍", 3, mine=False, names=("a" * 30, "b" * 30, "c" * 30)) for _ in range(3))
    assert all(len(row) <= 80 for row in _rows(replace(answer, reactions=reactions)))


def test_ignored_members_are_not_shown() -> None:
    """Nor quoted by others, nor counted below their messages."""
    conversation = Conversation(lambda _: IgnoredMembers([IgnoredMember("m3", "cy")]))
    assert _rows(said(2, "cy", "spam"), conversation) == []
    answer = replace(
        said(2, "bob", "no", Quote(1, "cy", "spam?")),
        reactions=(Reaction("👍", 1, mine=False, names=("cy",)),),
    )
    assert _rows(answer, conversation) == ["      ┌ a member whom you ignore", f"{_CLOCK} bob  no"]


def test_numbers_are_shown_where_commands_need_them() -> None:
    """In what was found."""
    assert _rows(said(12, "bob", "hi"), numbered=True) == [f"#12 {_CLOCK} bob  hi"]


def test_what_became_of_a_message_that_has_left_the_screen() -> None:
    """One line; without the text of a deleted one."""
    conversation = Conversation()
    for event in (joined(), said(1, "bob", "heer"), told(2, "cy", "ann", "psst")):
        conversation.handle(event)
    lines = MessageLines(lambda: 80, conversation)
    shown = [
        "".join(text for _, text in line)
        for change in (
            edited(3, 1, "bob", "one\ntwo"),
            reacted(4, 1, "cy"),
            reacted(5, 1, "cy", on=False),
            deleted(6, 1, "bob"),
            deleted(7, 1, "cy"),
            deleted(8, 2, "cy"),
            edited(9, 1, "bob", ""),
        )
        for line in lines.change(change)
    ]
    assert [line.rstrip() for line in shown] == [
        "* bob edited: one",
        "              two",
        "* cy reacted with 👍 to bob: “heer”",
        "* cy took back 👍 to bob: “heer”",
        "* bob deleted a message",
        "* cy deleted a message by bob",
        "* cy deleted a message (private)",
    ]


def test_markup_is_drawn_and_an_action_goes_on_behind_the_name() -> None:
    """A quote of an action would begin in the middle of a line."""
    assert _rows(said(2, "bob", "*yes* 🇩🇪\n> so\n- a")) == [
        f"{_CLOCK} bob  yes [DE]",
        f"{' ' * 11}▎ so",
        f"{' ' * 11}• a",
    ]
    assert _rows(said(2, "bob", "/me > *waves*")) == [f"{_CLOCK} * bob > waves"]
