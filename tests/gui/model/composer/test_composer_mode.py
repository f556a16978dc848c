"""The mode of the message field: for whom the text in it is, and what comes back afterwards."""

from __future__ import annotations

import random

import pytest

from messango.gui.model.composer.composer_mode import (
    MAX_DRAFTS,
    PUBLIC,
    Answering,
    ComposerState,
    Editing,
    OnlyTo,
    Recipient,
    Unsent,
)

BEN, CHIARA = Recipient("b1", "Ben"), Recipient("c1", "Chiara")
TO_BEN, TO_CHIARA = OnlyTo(BEN), OnlyTo(CHIARA)


@pytest.fixture
def state() -> ComposerState:
    """A field that writes to everybody."""
    return ComposerState()


def test_a_private_text_is_sent_once_and_the_next_is_public(state: ComposerState) -> None:
    """The mode ends with the message."""
    assert state.enter(TO_BEN, "") == ""
    assert state.is_private
    assert state.sent() == ""
    assert state.mode == PUBLIC


def test_a_text_for_everybody_may_be_taken_along(state: ComposerState) -> None:
    """Sent to one, it is not left for the others; closed, it is theirs again."""
    assert state.enter(TO_BEN, "hello") == "hello"
    assert state.close("hello") == "hello"
    assert state.enter(TO_BEN, "hello") == "hello"
    assert state.sent() == ""
    assert state.enter(TO_BEN, "hello") == "hello"
    assert state.enter(TO_CHIARA, "hello") == "hello"  # the wrong one was clicked first
    assert state.close("hello") == "hello"
    assert state.mode == PUBLIC


def test_a_private_text_never_comes_back_for_everybody(state: ComposerState) -> None:
    """Closing keeps it for its recipient, and everybody's text comes back."""
    state.enter(TO_BEN, "hello")
    assert state.close("hello, only you") == "hello"
    assert state.enter(Answering(3, "Chiara", "hm"), "hello") == "hello"
    state.close("hello")
    assert state.enter(TO_CHIARA, "") == ""
    assert state.enter(TO_BEN, "for Chiara") == "hello, only you"
    assert state.enter(Answering(3, "Chiara", "hm"), "more for Ben") == ""
    assert state.enter(TO_CHIARA, "") == "for Chiara"


def test_an_answer_to_a_private_message_is_private(state: ComposerState) -> None:
    """It shares the text for that member, and ends as they all do."""
    state.enter(TO_BEN, "")
    assert state.enter(Answering(4, "Ben", "psst", BEN), "yes") == "yes"
    assert state.is_private
    assert state.close("yes") == ""
    assert not state.is_private


def test_an_edit_gives_back_what_was_there(state: ComposerState) -> None:
    """The text and the mode: a private draft stays private."""
    state.enter(TO_BEN, "")
    assert state.enter(Editing(7, "tpyo"), "secret") == "tpyo"
    assert not state.is_private
    assert state.enter(Editing(6, "older"), "typo") == "older"
    assert state.sent() == "secret"
    assert state.mode == TO_BEN
    state.enter(Editing(7, "tpyo"), "secret")
    assert state.close("something else") == "secret"
    assert state.mode == TO_BEN
    state.enter(Editing(7, "tpyo"), "secret")
    assert state.enter(Answering(2, "Chiara", "?"), "an edit is dropped") == ""
    assert state.enter(TO_BEN, "") == "secret"


def test_a_recipient_keeps_the_draft_under_a_new_name(state: ComposerState) -> None:
    """The member is the same."""
    state.enter(TO_BEN, "")
    assert state.renamed("b1", "Benjamin")
    assert state.mode.to == Recipient("b1", "Benjamin")
    assert not state.renamed("c1", "C")
    state.enter(Editing(7, "x", BEN), "")
    assert state.renamed("b1", "Benno")
    assert state.mode.to == Recipient("b1", "Benno")
    state.close("x")
    assert state.mode.to == Recipient("b1", "Benno")


def test_a_deleted_message_is_neither_answered_nor_edited(state: ComposerState) -> None:
    """Nor is one of another session, whose numbers mean other messages."""
    state.enter(Answering(3, "Ben", "?"), "")
    state.message_deleted(2)
    assert state.blocked == ""
    state.message_deleted(3)
    assert state.blocked
    assert state.enter(Editing(7, "x"), "to Ben") == "x"
    assert state.blocked == ""
    state.session_replaced()
    assert state.blocked
    assert state.close("x") == "to Ben"
    assert state.blocked
    assert state.close("to Ben") == "to Ben"
    assert state.blocked == ""


def test_half_written_texts_come_back_for_those_they_were_for(state: ComposerState) -> None:
    """If that one is gone, as a command that can't go to everybody."""
    assert state.unsent("hello") == Unsent("hello")
    state.enter(TO_BEN, "hello")
    assert state.unsent("hello") == Unsent("hello")
    kept = state.unsent("hello, only you")
    assert kept == Unsent("hello", "hello, only you", BEN)
    state.enter(Editing(7, "an edit"), "hello, only you")
    assert state.unsent("an edit") == kept
    again = ComposerState()
    assert again.restore(kept, [], is_here=True) == "hello, only you"
    assert again.mode == TO_BEN
    assert again.sent() == "hello"
    assert ComposerState().restore(kept, [], is_here=False) == "hello"
    assert ComposerState().restore(Unsent("", "psst", BEN), ["Ben 2"], is_here=False) == "/msg “Ben” psst"


def test_drafts_are_bounded(state: ComposerState) -> None:
    """A room may have any number of members, and everybody's text is not pushed out."""
    state.enter(TO_BEN, "everybody's")
    for number in range(2 * MAX_DRAFTS):
        state.enter(OnlyTo(Recipient(str(number), "x")), f"secret {number}")
    assert len(state._drafts) == MAX_DRAFTS
    assert state.close("secret") == "everybody's"


@pytest.mark.parametrize("seed", range(40))
def test_no_text_reaches_others_than_those_it_was_written_for(seed: int) -> None:
    """Whatever one clicks, closes and sends: a text is for those whom the field showed while it was typed,
    or, typed for everybody, for one of them.
    """
    choose = random.Random(seed)  # noqa: S311
    state, text = ComposerState(), ""
    written_for: dict[str, str] = {}
    modes = (
        TO_BEN,
        TO_CHIARA,
        Answering(1, "Ben", "a"),
        Answering(2, "Ben", "b", BEN),
        Editing(3, "edit"),
        Editing(4, "edit to Ben", BEN),
    )
    for step in range(300):
        action = choose.randrange(5)
        if action == 0 and not isinstance(state.mode, Editing):
            text = f"{step}"
            written_for[text] = state.mode.to.member if state.mode.to else ""
        elif action == 1:
            text = state.close(text)
        elif action == 2:
            text = state.sent()
        elif action == 3 and choose.random() < 0.2:
            text = ""
        else:
            text = state.enter(choose.choice(modes), text)
        if text and not isinstance(state.mode, Editing):
            audience = state.mode.to.member if state.mode.to else ""
            assert written_for[text] in (audience, "")
