"""What asks for attention, and what does not."""

from __future__ import annotations

import pytest

from messango.gui.model.attention import QUIET_S, Attention, mentions
from messango.gui.settings import Notify
from tests.gui.fakes import received


class Clock:
    """A clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def away(level: Notify = Notify.ALL, clock: Clock | None = None) -> Attention:
    """Return the attention of somebody who looks elsewhere."""
    attention = Attention(clock or Clock(), level)
    attention.set_focus(focused=False, at_end=True)
    return attention


def test_nothing_asks_while_the_window_has_the_keyboard() -> None:
    """No count, no sound, whatever is said."""
    attention = Attention(Clock(), Notify.ALL)
    attention.message_received(received(1, "Ben", "Ann!"), "Ann")
    assert (attention.count, attention.should_notify(), attention.jump_button_text) == ("", False, "")


def test_what_was_not_seen_is_counted_until_it_is() -> None:
    """Own words and history do not count; a look at the newest lines ends it."""
    attention = away()
    attention.message_received(received(1, "Ben", "one"), "Ann")
    attention.message_received(received(2, "Ann", "mine", own="a"), "Ann")
    attention.message_received(received(3, "Ben", "old", history=True), "Ann")
    attention.message_received(received(4, "Ben", "two"), "Ann")
    assert attention.count == "2"
    attention.set_focus(focused=True, at_end=True)
    assert attention.count == ""
    attention.set_focus(focused=False, at_end=True)
    for seq in range(200):
        attention.message_received(received(seq, "Ben", "more"), "Ann")
    assert attention.count == "99+"


def test_who_has_scrolled_up_is_told_in_the_window() -> None:
    """The pill leads down and counts what came meanwhile; the title says nothing."""
    attention = Attention(Clock())
    attention.set_focus(focused=True, at_end=False)
    assert attention.jump_button_text == "Newest messages  ↓"
    attention.message_received(received(1, "Ben", "one"), "Ann")
    assert (attention.jump_button_text, attention.count) == ("1 new message  ↓", "")
    attention.message_received(received(2, "Ben", "two"), "Ann")
    assert attention.jump_button_text == "2 new messages  ↓"
    attention.set_focus(focused=True, at_end=True)
    assert (attention.jump_button_text, attention.unseen) == ("", 0)


@pytest.mark.parametrize(
    ("level", "text", "rings"),
    [
        (Notify.OFF, "Ann!", False),
        (Notify.MENTIONS, "hello", False),
        (Notify.MENTIONS, "hello ANN", True),
        (Notify.ALL, "hello", True),
    ],
)
def test_each_level_has_its_sound(level: Notify, text: str, rings: bool) -> None:  # noqa: FBT001 (a case)
    """Off is silent, mentions waits for the name, all rings for all."""
    attention = away(level)
    attention.message_received(received(1, "Ben", text), "Ann")
    assert attention.should_notify() is rings
    assert not attention.should_notify()


def test_a_lively_room_rings_now_and_then() -> None:
    """After a sound it is quiet for a while."""
    clock = Clock()
    attention = away(clock=clock)
    attention.message_received(received(1, "Ben", "one"), "Ann")
    assert attention.should_notify()
    attention.message_received(received(2, "Ben", "two"), "Ann")
    assert not attention.should_notify()
    clock.seconds += QUIET_S
    attention.message_received(received(3, "Ben", "three"), "Ann")
    assert attention.should_notify()


def test_a_name_is_a_word_of_its_own() -> None:
    """Neither Anna nor a planner is Ann."""
    assert mentions("Ann: lunch?", "ann")
    assert mentions("thanks, Straße 9!", "STRASSE 9")
    assert not mentions("Anna and the planner", "Ann")
    assert not mentions("anything", "")
