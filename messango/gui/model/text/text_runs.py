"""Turns a block into text runs for a text widget: pieces of text, each with its tags."""

from __future__ import annotations

from typing import Final, TypeAlias

from messango.gui.model.conversation.member_colors import color_index
from messango.gui.model.text.inline_markup import Span, SpanKind, spans
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import Block, BlockKind, DeliveryStatus

TextRun: TypeAlias = tuple[str, tuple[str, ...]]

#: The tag of message text only, not of names and times.
MESSAGE_TEXT: Final = "message-text"
LINK: Final = "link"
SEND_AGAIN: Final = "send-again"
DISCARD: Final = "discard"
SHOW_ALL: Final = "show-all"
SHOW_LESS: Final = "show-less"

#: The tags of what can be clicked, or reached with Tab and opened with Enter.
SMALL_LINKS: Final = (SEND_AGAIN, DISCARD, SHOW_ALL, SHOW_LESS)
CLICKABLE: Final = (LINK, *SMALL_LINKS)

UNREAD: Final = "New messages"
_LINE: Final = "────────"
#: With no-break spaces, so that a tick is never alone on a line.
_DELIVERY_MARKS: Final = {
    DeliveryStatus.WAITING: "\u00a0\u00a0 sending…",
    DeliveryStatus.ACCEPTED: "\u00a0\u00a0\u00a0✓",
}


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
            return [*unread_line, (f"{self._sanitizer.line(block.text)}\n", ("notice",))]
        if block.kind is BlockKind.ACTION:
            return [*unread_line, *self._action(block)]
        return [*unread_line, *self._message(block)]

    def _message(self, block: Block) -> list[TextRun]:
        side = _side(block)
        runs: list[TextRun] = []
        if block.has_header or block.unread:
            runs += [
                ("\n", ()),
                (self._sanitizer.line(block.name), (side, "header", self._color(block.name))),
                (f"   {block.time_text}\n", (side, "header", "time")),
            ]
        return runs + self._body(block, "body")

    def _action(self, block: Block) -> list[TextRun]:
        name = (self._sanitizer.line(block.name), (_side(block), "action", self._color(block.name)))
        return [name, (" ", (_side(block), "action")), *self._body(block, "action")]

    def _body(self, block: Block, body: str) -> list[TextRun]:
        side = _side(block)
        extra_tags = (
            ("waiting-text",) if block.delivery in (DeliveryStatus.WAITING, DeliveryStatus.FAILED) else ()
        )
        runs = self._message_runs(_shown_spans(block), (side, body, MESSAGE_TEXT, *extra_tags))
        trailer = self._trailer(block)
        if trailer != "\n" or not _ends_with_code_block(runs):
            runs.append((trailer, (side, body, "time")))
        if block.is_collapsed and not block.pending_id:
            lines = block.text.count("\n") + 1
            size = f"{lines:,} lines" if lines > 1 else f"{len(block.text):,} characters"
            runs += [(f"Show all {size}", (side, body, SHOW_ALL)), ("\n", (side, body))]
        elif block.expanded and block.is_long:
            runs += [("Show less", (side, body, SHOW_LESS)), ("\n", (side, body))]
        if block.error:
            runs += [
                (f"{self._sanitizer.line(block.error)}   ", (side, body, "error")),
                ("Send again", (side, body, SEND_AGAIN)),
                ("   ", (side, body, "time")),
                ("Discard", (side, body, DISCARD)),
                ("\n", (side, body, "time")),
            ]
        return runs

    def _message_runs(self, found: list[Span], tags: tuple[str, ...]) -> list[TextRun]:
        """Return the runs of a message's text; a code block is on lines of its own."""
        runs: list[TextRun] = []
        for span in found:
            sanitized = self._sanitizer.text(span.text)
            if span.kind is SpanKind.BLOCK:
                if runs and not runs[-1][0].endswith("\n"):
                    runs.append(("\n", tags))
                sanitized += "\n"
            elif _ends_with_code_block(runs):
                sanitized = sanitized.removeprefix("\n")
            # A link that is not shown as it is would open something else than it says.
            is_plain = span.kind is SpanKind.PLAIN or (span.address and sanitized != span.text)
            special = () if is_plain else (span.kind.value,)
            if sanitized:
                runs.append((sanitized, (*tags, *special)))
        return runs

    def _trailer(self, block: Block) -> str:
        """Return what follows a text: an ellipsis if it is collapsed, the time of an action, the delivery."""
        more = " …" if block.is_collapsed else ""
        clock = f"   {block.time_text}" if block.kind is BlockKind.ACTION else ""
        return f"{more}{clock}{_DELIVERY_MARKS.get(block.delivery, '')}\n"

    def _color(self, name: str) -> str:
        return f"name-{color_index(name, self._colors)}"


def count_lines(runs: list[TextRun]) -> int:
    """Return the number of lines of the runs."""
    return sum(text.count("\n") for text, _ in runs)


def _shown_spans(block: Block) -> list[Span]:
    """Return the spans of what is shown; a link that is cut off there is not one."""
    text = block.visible_text
    found = spans(text)
    is_cut = not block.text[len(text) : len(text) + 1].isspace() and block.is_collapsed
    if is_cut and found and found[-1].kind is SpanKind.LINK:
        found[-1] = Span(SpanKind.PLAIN, found[-1].text)
    return found


def _ends_with_code_block(runs: list[TextRun]) -> bool:
    return bool(runs) and SpanKind.BLOCK.value in runs[-1][1]


def _side(block: Block) -> str:
    return "own" if block.own else "other"


def _separator(text: str, *tags: str) -> TextRun:
    return f"{_LINE}  {text}  {_LINE}\n", tags
