"""Which messages mention us, and whether somebody has looked at them. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from messango.client.events import AnyReceived
from messango.client.members.ignored import IgnoredMembers
from messango.client.mentions import MentionLog, is_mention
from messango.client.present_messages import PresentMessages
from messango.gui.model.transcript.blocks import time_and_day
from messango.protocol.text.matching import mentions
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import counted, ellipsized

#: The command for them shows so many.
MAX_LISTED: Final = 20
_EXCERPT: Final = 80


class MentionTracker:
    """Asks for our name, all names and whom we ignore, which change; `messages` are in present form."""

    def __init__(
        self,
        messages: PresentMessages,
        own_name: Callable[[], str],
        names: Callable[[], Collection[str]],
        ignored: Callable[[], IgnoredMembers],
    ) -> None:
        self._messages, self._own_name, self._names, self._ignored = messages, own_name, names, ignored
        self.log = MentionLog()
        self._current: int | None = None

    def is_mention(self, message: AnyReceived) -> bool:
        """Return whether a message mentions us: not an own one, nor one of somebody whom we ignore."""
        if message.own or message.deleted or self._ignored().hides(message.member, message.name):
            return False
        if self._answers_us(message):
            return True
        # The names are sorted each time, and nearly no message mentions us.
        you = self._own_name()
        return mentions(message.text, you) and is_mention(message.text, you, names=self._names())

    def received(self, message: AnyReceived, *, seen: bool) -> bool:
        """Remember a message if it mentions us, and return whether it does."""
        is_one = self.is_mention(message)
        if is_one:
            self.log.add(message.seq, seen=seen)
        return is_one

    def changed(self, seq: int) -> None:
        """Look again at a message that was edited or deleted: an edit may add our name, but rings no bell."""
        message = self._messages.get(seq)
        if message is None or not self.is_mention(message):
            self.log.remove(seq)
        elif seq not in self.log.seqs:
            self.log.add(seq, seen=False)

    def ignored_changed(self) -> None:
        """Drop the messages of those whom we ignore now."""
        for seq in self.log.seqs:
            message = self._messages.get(seq)
            if message is not None and self._ignored().hides(message.member, message.name):
                self.log.remove(seq)

    def clear(self) -> None:
        """Forget all: the numbers are those of another host's room."""
        self.log.clear()
        self._current = None

    def next(self) -> int | None:
        """Return the number of the mention to show now: the oldest unseen one, then upwards; or None."""
        self._current = self.log.next(self._current)
        if self._current is not None:
            self.log.mark_seen(self._current, self._current)
        return self._current

    @property
    def button_text(self) -> str:
        """The label of the button that goes to the next unseen mention; empty if there is none."""
        return f"@ {counted(self.log.unseen_count, 'mention')}" if self.log.unseen_count else ""

    def lines(self) -> list[str]:
        """Return a line for each of the last mentions, as the command for them shows them."""
        messages = [message for seq in self.log.seqs if (message := self._messages.get(seq)) is not None]
        if not messages:
            return ["Nobody has mentioned you in the messages that are loaded here"]
        listed = messages[-MAX_LISTED:]
        return [
            *map(_line, listed),
            f"{counted(len(messages), 'mention')}. Ctrl M goes from one to the next",
        ]

    def _answers_us(self, message: AnyReceived) -> bool:
        if message.reply is None:
            return False
        answered = self._messages.get(message.reply.seq)
        # An old message that is not loaded is only known by its author's name.
        return answered.own if answered is not None else message.reply.name == self._own_name()


def _line(message: AnyReceived) -> str:
    clock, _ = time_and_day(message.time)
    return f"{clock} {plain_name(message.name)}: {ellipsized(' '.join(message.text.split()), _EXCERPT)}"
