"""The blocks of a transcript: one for each message, notice and separator."""

from __future__ import annotations

import enum
import functools
import time
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from messango.gui.model.files.file_card import FileCard
from messango.protocol.files.file_line import caption_of
from messango.protocol.frames import FileInfo, Quote, Reaction

#: After a longer pause than this, the sender's name and the time are shown again.
GROUP_WITHIN_S: Final = 300.0

#: A longer text is collapsed to its beginning until the user expands it.
COLLAPSE_LINES: Final = 30
COLLAPSE_CHARACTERS: Final = 2_500
_PREVIEW_LINES: Final = 10
_PREVIEW_CHARACTERS: Final = 1_000

#: A card takes as long to draw as so many characters.
_CARD_WEIGHT: Final = 800

#: A row of reactions takes as long to draw as so many characters, and so many for each reaction.
_ROW_WEIGHT: Final = 400
_REACTION_WEIGHT: Final = 150

#: After this many messages of one sender, the name is shown again.
MAX_GROUP: Final = 20


class BlockKind(enum.Enum):
    """The kind of a block."""

    MESSAGE = "message"
    ACTION = "action"  # a message with /me
    NOTICE = "notice"
    SEPARATOR = "separator"
    HIDDEN = "hidden"  # a message of somebody whom we ignore: it takes no room


class DeliveryStatus(enum.Enum):
    """The delivery of an own message."""

    NONE = "none"  # not ours, or from an earlier session
    WAITING = "waiting"
    ACCEPTED = "accepted"
    FAILED = "failed"


class Extras(Struct, frozen=True, gc=False):
    """What few messages have besides their text.

    `to` is the member id of the one who got a private message, `to_name` their name then; both are empty for
    a message to everybody. `mentions_you` is about public messages of others. `card` is how a file is shown;
    only what is drawn, and pending blocks, have one.
    """

    reply: Quote | None = None
    reactions: tuple[Reaction, ...] = ()
    edited: bool = False
    deleted: bool = False
    to: str = ""
    to_name: str = ""
    mentions_you: bool = False
    file: FileInfo | None = None
    card: FileCard | None = None


#: Of a message that has none of them: nearly all messages share this one.
NO_EXTRAS: Final = Extras()


class Block(Struct, frozen=True, gc=False):
    """One piece of the transcript.

    With `has_header`, the sender's name and the time are above it; with `unread`, the line *New messages*.
    `pending_id` is the id of an own message without a receipt. `expanded` shows a long text in full.
    A message has its number in the room's order, its sender's id, and its time in seconds since 1970.
    There may be two hundred thousand blocks; they can't form reference cycles, so they are not tracked by
    the garbage collector, and what is rare is in one field, `extras`.
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
    seq: int = 0
    member: str = ""
    time: float = 0.0
    extras: Extras = NO_EXTRAS

    @property
    def reply(self) -> Quote | None:
        """The message that this one answers."""
        return self.extras.reply

    @property
    def reactions(self) -> tuple[Reaction, ...]:
        """The reactions, the oldest kind first."""
        return self.extras.reactions

    @property
    def caption(self) -> str:
        """The text without the line that stands for the file."""
        file = self.extras.file
        return self.text if file is None else caption_of(self.text, file)

    @property
    def is_edited(self) -> bool:
        """Whether the text is not the first one."""
        return self.extras.edited

    @property
    def is_deleted(self) -> bool:
        """Whether the message was deleted; then it has no text."""
        return self.extras.deleted

    @property
    def is_private(self) -> bool:
        """Whether only two members, and the host, can read it."""
        return bool(self.extras.to or self.extras.to_name)

    @property
    def is_message(self) -> bool:
        """Whether this is a message of a member."""
        return self.kind in (BlockKind.MESSAGE, BlockKind.ACTION)

    @property
    def is_long(self) -> bool:
        """Whether the text is shown in full only on request."""
        text = self.caption
        return text.count("\n") >= COLLAPSE_LINES or len(text) > COLLAPSE_CHARACTERS

    @property
    def visible_text(self) -> str:
        """The text as shown, above the card of a file: all of it, or its beginning if it is collapsed."""
        if self.expanded or not self.is_long:
            return self.caption
        preview = self.text[:_PREVIEW_CHARACTERS]
        return "\n".join(preview.split("\n")[:_PREVIEW_LINES]).rstrip()

    @property
    def weight(self) -> int:
        """About how long it takes to draw, as the number of characters that take as long."""
        count = len(self.extras.reactions)
        row = _ROW_WEIGHT + count * _REACTION_WEIGHT if count else 0
        return len(self.visible_text) + row + (_CARD_WEIGHT if self.extras.file is not None else 0)

    @property
    def is_collapsed(self) -> bool:
        """Whether only the beginning of the text is shown."""
        return len(self.visible_text) < len(self.caption)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent a message, when, in seconds since 1970, and to whom: a member's id, or empty for everybody."""

    member: str
    name: str
    time: float
    to: str = ""


def same_group(last: Sender, sender: Sender) -> bool:
    """Return whether a message can follow another without a header."""
    same = (last.member, last.name, last.to) == (sender.member, sender.name, sender.to)
    return same and 0 <= sender.time - last.time < GROUP_WITHIN_S


def time_and_day(moment: float) -> tuple[str, str]:
    """Return `14:02` and `Sunday, 22 November 2026` in local time; `moment` may be any float."""
    try:
        return _time_and_day(int(moment // 60))
    except (OverflowError, ValueError):  # infinite or NaN
        return _time_and_day(0)


@functools.lru_cache(maxsize=4096)
def _time_and_day(minute: int) -> tuple[str, str]:
    try:
        local = time.localtime(minute * 60)
    except (OverflowError, ValueError, OSError):  # a server may send any number for a time
        local = time.localtime(0)
    day = f"{time.strftime('%A', local)}, {local.tm_mday} {time.strftime('%B %Y', local)}"
    return time.strftime("%H:%M", local), day
