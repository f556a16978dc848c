"""What a transcript is made of: one block for each message, notice and line between them."""

from __future__ import annotations

import enum
import functools
import time
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

#: A longer silence than this shows the sender's name and the time once more.
GROUP_WITHIN_S: Final = 300.0

#: Of a longer text only the beginning is shown, until somebody wants the whole.
LONG_LINES: Final = 30
LONG_CHARACTERS: Final = 2_500
_BEGINNING_LINES: Final = 10
_BEGINNING_CHARACTERS: Final = 1_000


#: Who reads back in a monologue sees after so many messages whose it is.
GROUP_MOST: Final = 20


class Kind(enum.Enum):
    """What a block is."""

    MESSAGE = "message"
    ACTION = "action"  # said with /me
    NOTICE = "notice"
    RULE = "rule"


class Delivery(enum.Enum):
    """How far an own message has come."""

    NONE = "none"  # not ours, or from an earlier visit
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


class Block(Struct, frozen=True, gc=False):
    """One piece of the transcript.

    `headed` where the sender's name and the time stand above it, `unread` where the line does that says
    where somebody left off; `key` is the id of an own message that has no receipt; a long text is shown
    whole where it is `open`. There may be a hundred thousand of these, so the garbage collector passes
    them by: they refer to nothing that could refer back.
    """

    kind: Kind
    text: str
    name: str = ""
    clock: str = ""
    own: bool = False
    headed: bool = False
    unread: bool = False
    delivery: Delivery = Delivery.NONE
    fault: str = ""
    key: str = ""
    open: bool = False

    @property
    def said(self) -> bool:
        """Whether somebody has said it."""
        return self.kind in (Kind.MESSAGE, Kind.ACTION)

    @property
    def shown(self) -> str:
        """What is shown of the text: all of it, or its beginning."""
        lines = self.text.count("\n") + 1
        if self.open or (lines <= LONG_LINES and len(self.text) <= LONG_CHARACTERS):
            return self.text
        beginning = self.text[:_BEGINNING_CHARACTERS]
        return "\n".join(beginning.split("\n")[:_BEGINNING_LINES]).rstrip()

    @property
    def folded(self) -> bool:
        """Whether only the beginning of the text is shown."""
        return len(self.shown) < len(self.text)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who said something when, in seconds since 1970."""

    member: str
    name: str
    time: float


def same_group(last: Sender, sender: Sender) -> bool:
    """Tell whether a message can do without a head of its own below another."""
    same = (last.member, last.name) == (sender.member, sender.name)
    return same and 0 <= sender.time - last.time < GROUP_WITHIN_S


def clock_and_day(moment: float) -> tuple[str, str]:
    """Return `14:02` and `Sunday, 22 November 2026` in the machine's own time; any number may come."""
    try:
        return _clock_and_day(int(moment // 60))
    except (OverflowError, ValueError):  # infinite, or no number at all
        return _clock_and_day(0)


@functools.lru_cache(maxsize=4096)
def _clock_and_day(minute: int) -> tuple[str, str]:
    try:
        local = time.localtime(minute * 60)
    except (OverflowError, ValueError, OSError):  # a server may send any number for a time
        local = time.localtime(0)
    day = f"{time.strftime('%A', local)}, {local.tm_mday} {time.strftime('%B %Y', local)}"
    return time.strftime("%H:%M", local), day
