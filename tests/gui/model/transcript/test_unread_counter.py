"""Unseen messages and notifications."""

from __future__ import annotations

import pytest

from messango.gui.model.transcript.unread_counter import QUIET_S, UnreadCounter
from messango.gui.settings import Notify
from tests.gui.fakes import received


class Clock:
    """A clock that tests set."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def unfocused(level: Notify = Notify.ALL, clock: Clock | None = None) -> UnreadCounter:
    """Return the state of a window without the focus."""
    counter = UnreadCounter(clock or Clock(), level)
    counter.set_focus(focused=False, at_end=True)
    return counter


def test_focused_window_does_not_notify() -> None:
    """No count and no notification."""
    counter = UnreadCounter(Clock(), Notify.ALL)
    counter.message_received(received(1, "Ben", "Ann!"), for_us=False)
    assert (counter.count, counter.should_notify(), counter.jump_button_text) == ("", False, "")


def test_unseen_messages_are_counted_until_seen() -> None:
    """Own messages and history do not count; focusing the newest lines resets the count."""
    counter = unfocused()
    counter.message_received(received(1, "Ben", "one"), for_us=False)
    counter.message_received(received(2, "Ann", "mine", own="a"), for_us=False)
    counter.message_received(received(3, "Ben", "old", history=True), for_us=False)
    counter.message_received(received(4, "Ben", "two"), for_us=False)
    assert counter.count == "2"
    counter.set_focus(focused=True, at_end=True)
    assert counter.count == ""
    counter.set_focus(focused=False, at_end=True)
    for seq in range(200):
        counter.message_received(received(seq, "Ben", "more"), for_us=False)
    assert counter.count == "99+"


def test_scrolled_up_reader_gets_a_jump_button() -> None:
    """It counts new messages; the title does not."""
    counter = UnreadCounter(Clock())
    counter.set_focus(focused=True, at_end=False)
    assert counter.jump_button_text == "Newest messages  ↓"
    counter.message_received(received(1, "Ben", "one"), for_us=False)
    assert (counter.jump_button_text, counter.count) == ("1 new message  ↓", "")
    counter.message_received(received(2, "Ben", "two"), for_us=False)
    assert counter.jump_button_text == "2 new messages  ↓"
    counter.set_focus(focused=True, at_end=True)
    assert (counter.jump_button_text, counter.unseen) == ("", 0)


@pytest.mark.parametrize(
    ("level", "for_us", "notifies"),
    [
        (Notify.OFF, True, False),
        (Notify.MENTIONS, False, False),
        (Notify.MENTIONS, True, True),
        (Notify.ALL, False, True),
    ],
)
def test_notification_depends_on_the_level(level: Notify, for_us: bool, notifies: bool) -> None:  # noqa: FBT001 (a case)
    """For no message, for mentions, or for all."""
    counter = unfocused(level)
    counter.message_received(received(1, "Ben", "text"), for_us=for_us)
    assert counter.should_notify() is notifies
    assert not counter.should_notify()


def test_notifications_are_rate_limited() -> None:
    """At most one in `QUIET_S` seconds."""
    clock = Clock()
    counter = unfocused(clock=clock)
    counter.message_received(received(1, "Ben", "one"), for_us=False)
    assert counter.should_notify()
    counter.message_received(received(2, "Ben", "two"), for_us=False)
    assert not counter.should_notify()
    clock.seconds += QUIET_S
    counter.message_received(received(3, "Ben", "three"), for_us=False)
    assert counter.should_notify()


def test_what_was_missed_counts() -> None:
    """It is history, but came while nobody here could see it; own messages do not count there either."""
    counter = unfocused(Notify.MENTIONS)
    counter.message_received(received(1, "Ben", "one", history=True), for_us=False, missed=True)
    assert (counter.count, counter.should_notify()) == ("1", False)
    counter.message_received(received(2, "Ann", "mine", own="a", history=True), for_us=False, missed=True)
    counter.message_received(received(3, "Ben", "Ann?", history=True), for_us=True, missed=True)
    assert (counter.count, counter.count_for_us, counter.should_notify()) == ("2", "1", True)


def test_a_mention_rings_although_something_else_just_rang() -> None:
    """Not more often than the rest, though."""
    clock = Clock()
    counter = unfocused(clock=clock)
    for for_us, rings in ((False, True), (False, False), (True, True), (True, False), (False, False)):
        counter.message_received(received(1, "Ben", "text"), for_us=for_us)
        assert counter.should_notify() is rings
    counter.set_focus(focused=True, at_end=True)
    assert counter.count_for_us == ""
