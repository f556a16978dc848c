"""Turns a block into text runs for a text widget: pieces of text, each with its tags."""

from __future__ import annotations

from typing import Final

from messango.gui.model.conversation.member_colors import color_index
from messango.gui.model.text.file_runs import ACCEPTED, edited_mark, file_runs
from messango.gui.model.text.message_runs import MessageRuns, emoji_runs
from messango.gui.model.text.quote_line import quote_runs
from messango.gui.model.text.run_tags import (
    DISCARD,
    MENTION,
    MESSAGE_TEXT,
    NOTE,
    PRIVATE,
    REACTIONS,
    SEND_AGAIN,
    SHOW_ALL,
    SHOW_LESS,
    TextRun,
)
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import NO_EXTRAS, Block, BlockKind, DeliveryStatus

UNREAD: Final = "New messages"
_LINE: Final = "────────"
#: With no-break spaces, so that a tick is never alone on a line.
_DELIVERY_MARKS: Final = {
    DeliveryStatus.WAITING: "\u00a0\u00a0 sending…",
    DeliveryStatus.ACCEPTED: ACCEPTED,
}
#: What is shown in the place of a deleted message.
DELETED: Final = "This message was deleted"
_ARROW: Final = " → "
_PRIVATE: Final = "private"
_MENTIONS_YOU: Final = "mentions you"


class TextRunBuilder:
    """Builds the runs of blocks; `colors` is the number of colours for names."""

    def __init__(self, sanitizer: TextSanitizer, colors: int) -> None:
        self._sanitizer, self._colors = sanitizer, colors

    def build(self, block: Block) -> list[TextRun]:
        """Return the runs of a block; each of its lines ends with a newline."""
        unread_line = [_separator(UNREAD, "separator", "unread")] if block.unread else []
        if block.kind is BlockKind.SEPARATOR:
            return [*unread_line, _separator(self._sanitizer.line(block.text), "separator")]
        if block.kind is BlockKind.NOTICE:
            return [*unread_line, *emoji_runs(f"{self._sanitizer.line(block.text)}\n", ("notice",))]
        return unread_line if block.kind is BlockKind.HIDDEN else [*unread_line, *self._message(block)]

    def _message(self, block: Block) -> list[TextRun]:
        tags = _block_tags(block)
        is_action = block.kind is BlockKind.ACTION
        runs = [] if is_action or not (block.has_header or block.unread) else self._header(block, tags)
        if block.reply is not None:
            runs += quote_runs(block.reply, tags, self._sanitizer, self._color(block.reply.name))
        if is_action:
            runs += [*self._names(block, (*tags, "action")), (" ", (*tags, "action"))]
        runs += self._body(block, (*tags, "action" if is_action else "body"))
        if block.reactions:
            runs.append(("\n", (*tags, REACTIONS)))
        return runs

    def _header(self, block: Block, tags: tuple[str, ...]) -> list[TextRun]:
        tags = (*tags, "header")
        time = (*tags, "time")
        runs = [("\n", ()), *self._names(block, tags), (f"   {block.time_text}\n", time)]
        if note := _note(block):
            runs[-1:] = [(f"   {block.time_text}   ", time), (note, (*time, NOTE)), ("\n", time)]
        return runs

    def _names(self, block: Block, tags: tuple[str, ...]) -> list[TextRun]:
        """Return who sent a message, and for a private one to whom: `Ann → you`, `You → Ben`."""
        if not block.is_private:
            return self._name(block.name, tags)
        if not block.own:
            return [*self._name(block.name, tags), (f"{_ARROW}you", tags)]
        you = ("You", (*tags, self._color(block.name)))
        return [you, (_ARROW, tags), *self._name(block.extras.to_name, tags)]

    def _name(self, name: str, tags: tuple[str, ...]) -> list[TextRun]:
        return emoji_runs(self._sanitizer.line(name), (*tags, self._color(name)))

    def _body(self, block: Block, tags: tuple[str, ...]) -> list[TextRun]:
        if block.is_deleted:
            return [(DELETED, (*tags, "deleted")), (f"{_clock(block)}\n", (*tags, "time"))]
        card = block.extras.card
        runs = self._text(block, tags) if card is None or block.caption else []
        if card is not None:
            return runs + file_runs(block, card, tags, self._sanitizer)
        return runs + self._error(block, tags) if block.error else runs

    def _text(self, block: Block, tags: tuple[str, ...]) -> list[TextRun]:
        message = MessageRuns(self._sanitizer, (*tags, MESSAGE_TEXT, *_waiting_tags(block)), tags)
        has_blocks = block.kind is not BlockKind.ACTION
        runs = message.build(block.visible_text, blocks=has_blocks, is_cut=_is_cut(block))
        if block.extras.mentions_you and not (block.has_header or block.unread):
            runs.append((f"\u00a0\u00a0 {_MENTIONS_YOU}", (*tags, "time", NOTE)))
        trailer = _trailer(block)
        if trailer != "\n" or not message.ends_with_code_block:
            # Between a caption and its file, the line break is a part of what is copied.
            is_inside = trailer == "\n" and block.extras.card is not None
            runs.append((trailer, (*tags, MESSAGE_TEXT if is_inside else "time")))
        if block.is_collapsed and not block.pending_id:
            lines = block.caption.count("\n") + 1
            size = f"{lines:,} lines" if lines > 1 else f"{len(block.caption):,} characters"
            runs += [(f"Show all {size}", (*tags, SHOW_ALL)), ("\n", tags)]
        elif block.expanded and block.is_long:
            runs += [("Show less", (*tags, SHOW_LESS)), ("\n", tags)]
        return runs

    def _error(self, block: Block, tags: tuple[str, ...]) -> list[TextRun]:
        return [
            (f"{self._sanitizer.line(block.error)}   ", (*tags, "error")),
            ("Send again", (*tags, SEND_AGAIN)),
            ("   ", (*tags, "time")),
            ("Discard", (*tags, DISCARD)),
            ("\n", (*tags, "time")),
        ]

    def _color(self, name: str) -> str:
        return f"name-{color_index(name, self._colors)}"


def count_lines(runs: list[TextRun]) -> int:
    """Return the number of lines of the runs."""
    return sum(text.count("\n") for text, _ in runs)


def _is_cut(block: Block) -> bool:
    """Return whether the shown text ends within a word."""
    length = len(block.visible_text)
    return block.is_collapsed and not block.caption[length : length + 1].isspace()


def _trailer(block: Block) -> str:
    """Return what follows a text: an ellipsis if it is collapsed, the time of an action, the delivery.

    Above a file the latter is missing: it follows the file.
    """
    begin = f"{' …' if block.is_collapsed else ''}{_clock(block)}"
    if block.extras.card is not None:
        return f"{begin}\n"
    return f"{begin}{edited_mark(block)}{_DELIVERY_MARKS.get(block.delivery, '')}\n"


def _note(block: Block) -> str:
    """Return what the colour of a message means, in words: not everybody sees colours."""
    if block.is_private:
        return _PRIVATE
    return _MENTIONS_YOU if block.extras.mentions_you else ""


def _clock(block: Block) -> str:
    return f"   {block.time_text}" if block.kind is BlockKind.ACTION else ""


def _waiting_tags(block: Block) -> tuple[str, ...]:
    is_sent = block.delivery not in (DeliveryStatus.WAITING, DeliveryStatus.FAILED)
    return () if is_sent else ("waiting-text",)


def _block_tags(block: Block) -> tuple[str, ...]:
    """Return the tags of all lines of a message; where they differ in colour, the last one wins."""
    side = "own" if block.own else "other"
    if block.extras is NO_EXTRAS:
        return (side,)
    private = (PRIVATE,) if block.is_private else ()
    return (side, *private, MENTION) if block.extras.mentions_you else (side, *private)


def _separator(text: str, *tags: str) -> TextRun:
    return f"{_LINE}  {text}  {_LINE}\n", tags
