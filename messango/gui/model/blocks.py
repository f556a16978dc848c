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
COLLAPSE_LINES: Final = 30
COLLAPSE_CHARACTERS: Final = 2_500
_PREVIEW_LINES: Final = 10
_PREVIEW_CHARACTERS: Final = 1_000


#: Who reads back in a monologue sees after so many messages whose it is.
MAX_GROUP: Final = 20


class BlockKind(enum.Enum):
    """What a block is."""

    MESSAGE = "message"
    ACTION = "action"  # said with /me
    NOTICE = "notice"
    SEPARATOR = "separator"


class DeliveryStatus(enum.Enum):
    """How far an own message has come."""

    NONE = "none"  # not ours, or from an earlier visit
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


class Block(Struct, frozen=True, gc=False):
    """One piece of the transcript.

    `has_header` where the sender's name and the time stand above it, `unread` where the line does that
    says where somebody left off; `pending_id` is the id of an own message that has no receipt; a long
    text is shown whole where it is `expanded`. There may be a hundred thousand of these, so the garbage
    collector passes
    them by: they refer to nothing that could refer back.
    """

    kind: BlockKind
    text: str
    name: str = ""
    time_text: str = ""
    own: bool = False
    has_header: bool = False
    unread: bool = False
    delivery: DeliveryStatus = DeliveryStatus.NONE
    error: str = ""
    pending_id: str = ""
    expanded: bool = False

    @property
    def is_message(self) -> bool:
        """Whether somebody has said it."""
        return self.kind in (BlockKind.MESSAGE, BlockKind.ACTION)

    @property
    def visible_text(self) -> str:
        """What is shown of the text: all of it, or its beginning."""
        lines = self.text.count("\n") + 1
        if self.expanded or (lines <= COLLAPSE_LINES and len(self.text) <= COLLAPSE_CHARACTERS):
            return self.text
        preview = self.text[:_PREVIEW_CHARACTERS]
        return "\n".join(preview.split("\n")[:_PREVIEW_LINES]).rstrip()

    @property
    def is_collapsed(self) -> bool:
        """Whether only the beginning of the text is shown."""
        return len(self.visible_text) < len(self.text)


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


def time_and_day(moment: float) -> tuple[str, str]:
    """Return `14:02` and `Sunday, 22 November 2026` in the machine's own time; any number may come."""
    try:
        return _time_and_day(int(moment // 60))
    except (OverflowError, ValueError):  # infinite, or no number at all
        return _time_and_day(0)


@functools.lru_cache(maxsize=4096)
def _time_and_day(minute: int) -> tuple[str, str]:
    try:
        local = time.localtime(minute * 60)
    except (OverflowError, ValueError, OSError):  # a server may send any number for a time
        local = time.localtime(0)
    day = f"{time.strftime('%A', local)}, {local.tm_mday} {time.strftime('%B %Y', local)}"
    return time.strftime("%H:%M", local), day
