"""Which messages mention us, as the window keeps track of it."""

from __future__ import annotations

from dataclasses import replace

from messango.client.members.ignored import IgnoredMembers
from messango.client.present_messages import PresentMessages
from messango.gui.model.conversation.mention_tracker import MAX_LISTED, MentionTracker
from messango.protocol.frames import Quote
from tests.gui.fakes import received, told


class Tracked:
    """A tracker, and what it asks for."""

    def __init__(self) -> None:
        self.messages, self.ignored = PresentMessages(), IgnoredMembers()
        self.tracker = MentionTracker(
            self.messages, lambda: "Ann", lambda: ["Ann", "Ann Lee", "Ben"], lambda: self.ignored
        )

    def say(self, seq: int, text: str, *, seen: bool = False) -> None:
        """Let Ben say something."""
        message = received(seq, "Ben", text)
        self.messages.add(message)
        self.tracker.received(message, seen=seen)


def test_what_is_a_mention() -> None:
    """Not an own message, nor a longer name, nor one of somebody whom we ignore."""
    tracked = Tracked()
    is_mention = tracked.tracker.is_mention
    assert is_mention(received(1, "Ben", "@Ann"))
    assert not is_mention(received(1, "Ben", "@Ann Lee"))
    assert not is_mention(received(1, "Ann", "@Ann", own="a"))
    assert not is_mention(replace(received(1, "Ben", ""), deleted=True))
    tracked.ignored.add("member Ben", "Ben")
    assert not is_mention(received(1, "Ben", "@Ann"))


def test_an_answer_to_us_is_one() -> None:
    """Known by the message that it answers; of one that is not loaded, only by the name."""
    tracked = Tracked()
    tracked.messages.add(received(1, "Ann", "mine", own="a"))
    tracked.messages.add(received(2, "Ann", "of somebody who had this name before"))
    answer = received(3, "Ben", "yes")
    assert tracked.tracker.is_mention(replace(answer, reply=Quote(1, "Ann", "mine")))
    assert not tracked.tracker.is_mention(replace(answer, reply=Quote(2, "Ann", "of somebody")))
    assert tracked.tracker.is_mention(replace(answer, reply=Quote(99, "Ann", "old")))
    assert not tracked.tracker.is_mention(replace(answer, reply=Quote(98, "Ben", "old")))


def test_a_private_message_is_none_by_itself() -> None:
    """It counts as one, and is not listed as one."""
    assert not Tracked().tracker.is_mention(told(1, "Ben", "Ann", "psst"))
    assert Tracked().tracker.is_mention(told(1, "Ben", "Ann", "psst, Ann"))


def test_unseen_ones_come_first() -> None:
    """And are counted until they are shown."""
    tracked = Tracked()
    for seq, seen in ((1, True), (2, False), (3, False)):
        tracked.say(seq, "@Ann", seen=seen)
    assert tracked.tracker.button_text == "@ 2 mentions"
    assert [tracked.tracker.next() for _ in range(4)] == [2, 3, 2, 1]
    assert tracked.tracker.button_text == ""


def test_changes_are_followed() -> None:
    """Texts that change, and people whom we ignore from now on."""
    tracked = Tracked()
    tracked.say(1, "@Ann")
    tracked.say(2, "hello")
    tracked.messages.add(replace(received(2, "Ben", "hello Ann"), edited=True))
    tracked.tracker.changed(2)
    tracked.tracker.changed(77)
    tracked.ignored.add("member Ben", "Ben")
    tracked.tracker.ignored_changed()
    assert tracked.tracker.log.seqs == ()


def test_the_last_ones_are_listed() -> None:
    """Or that there is none."""
    tracked = Tracked()
    assert len(tracked.tracker.lines()) == 1
    for seq in range(1, 3 * MAX_LISTED):
        tracked.say(seq, f"@Ann {seq}\nmore")
    lines = tracked.tracker.lines()
    assert len(lines) == MAX_LISTED + 1
    assert "Ben: @Ann 59 more" in lines[-2]
    tracked.tracker.clear()
    assert tracked.tracker.next() is None
