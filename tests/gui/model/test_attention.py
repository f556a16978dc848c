"""Unseen messages and notifications."""

from __future__ import annotations

import pytest

from messango.gui.model.attention import QUIET_S, Attention, mentions
from messango.gui.settings import Notify
from tests.gui.fakes import received


class Clock:
    """A clock that tests set."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def unfocused(level: Notify = Notify.ALL, clock: Clock | None = None) -> Attention:
    """Return the state of a window without the focus."""
    attention = Attention(clock or Clock(), level)
    attention.set_focus(focused=False, at_end=True)
    return attention


def test_focused_window_does_not_notify() -> None:
    """No count and no notification."""
    attention = Attention(Clock(), Notify.ALL)
    attention.message_received(received(1, "Ben", "Ann!"), "Ann")
    assert (attention.count, attention.should_notify(), attention.jump_button_text) == ("", False, "")


def test_unseen_messages_are_counted_until_seen() -> None:
    """Own messages and history do not count; focusing the newest lines resets the count."""
    attention = unfocused()
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


def test_scrolled_up_reader_gets_a_jump_button() -> None:
    """It counts new messages; the title does not."""
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
    ("level", "text", "notifies"),
    [
        (Notify.OFF, "Ann!", False),
        (Notify.MENTIONS, "hello", False),
        (Notify.MENTIONS, "hello ANN", True),
        (Notify.ALL, "hello", True),
    ],
)
def test_notification_depends_on_the_level(level: Notify, text: str, notifies: bool) -> None:  # noqa: FBT001 (a case)
    """For no message, for mentions, or for all."""
    attention = unfocused(level)
    attention.message_received(received(1, "Ben", text), "Ann")
    assert attention.should_notify() is notifies
    assert not attention.should_notify()


def test_notifications_are_rate_limited() -> None:
    """At most one in `QUIET_S` seconds."""
    clock = Clock()
    attention = unfocused(clock=clock)
    attention.message_received(received(1, "Ben", "one"), "Ann")
    assert attention.should_notify()
    attention.message_received(received(2, "Ben", "two"), "Ann")
    assert not attention.should_notify()
    clock.seconds += QUIET_S
    attention.message_received(received(3, "Ben", "three"), "Ann")
    assert attention.should_notify()


def test_mention_is_a_whole_word() -> None:
    """Case is ignored."""
    assert mentions("Ann: lunch?", "ann")
    assert mentions("thanks, Straße 9!", "STRASSE 9")
    assert not mentions("Anna and the planner", "Ann")
    assert not mentions("anything", "")
