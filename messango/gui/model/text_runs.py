"""Turns a block into what a text widget takes: pieces of text, each with its tags."""

from __future__ import annotations

from typing import Final, TypeAlias

from messango.gui.model.blocks import Block, Delivery, Kind
from messango.gui.model.inline_markup import SpanKind, spans
from messango.gui.model.member_colors import color_index
from messango.gui.model.text_sanitizer import Display

Piece: TypeAlias = tuple[str, tuple[str, ...]]

#: The tag of what somebody has said, and of nothing else.
SAID: Final = "said"
LINK: Final = "link"
SEND_AGAIN: Final = "send-again"
DISCARD: Final = "discard"
SHOW_ALL: Final = "show-all"

#: What can be clicked, or reached with Tab and followed with Enter.
ACTIVE: Final = (LINK, SEND_AGAIN, DISCARD, SHOW_ALL)

UNREAD: Final = "New messages"
_RULE: Final = "────────"
#: Spaces that do not break: a tick alone on a line would tell nothing.
_MARKS: Final = {Delivery.WAITING: "\u00a0\u00a0 sending…", Delivery.ACCEPTED: "\u00a0\u00a0\u00a0✓"}


class Writer:
    """Writes blocks for one display, with so many colours for names."""

    def __init__(self, display: Display, colors: int) -> None:
        self._display, self._colors = display, colors

    def pieces(self, block: Block) -> list[Piece]:
        """Return the pieces of a block; each of its lines ends with a newline."""
        above = [_rule(UNREAD, "rule", "unread")] if block.unread else []
        if block.kind is Kind.RULE:
            return [*above, _rule(self._display.line(block.text), "rule")]
        if block.kind is Kind.NOTICE:
            return [*above, (f"{self._display.line(block.text)}\n", ("notice",))]
        if block.kind is Kind.ACTION:
            return [*above, *self._action(block)]
        return [*above, *self._message(block)]

    def _message(self, block: Block) -> list[Piece]:
        side = _side(block)
        pieces: list[Piece] = []
        if block.headed or block.unread:
            pieces += [
                ("\n", ()),
                (self._display.line(block.name), (side, "head", self._color(block.name))),
                (f"   {block.clock}\n", (side, "head", "time")),
            ]
        return pieces + self._body(block, "body")

    def _action(self, block: Block) -> list[Piece]:
        name = (self._display.line(block.name), (_side(block), "action", self._color(block.name)))
        return [name, (" ", (_side(block), "action")), *self._body(block, "action")]

    def _body(self, block: Block, body: str) -> list[Piece]:
        side = _side(block)
        ink = ("waiting-text",) if block.delivery in (Delivery.WAITING, Delivery.FAILED) else ()
        pieces = self._said(block.shown, (side, body, SAID, *ink))
        behind = self._behind(block)
        if behind != "\n" or not _ends_with_code_block(pieces):
            pieces.append((behind, (side, body, "time")))
        if block.folded and not block.key:
            lines = block.text.count("\n") + 1
            size = f"{lines:,} lines" if lines > 1 else f"{len(block.text):,} characters"
            pieces += [(f"Show all {size}", (side, body, SHOW_ALL)), ("\n", (side, body))]
        if block.fault:
            pieces += [
                (f"{self._display.line(block.fault)}   ", (side, body, "fault")),
                ("Send again", (side, body, SEND_AGAIN)),
                ("   ", (side, body, "time")),
                ("Discard", (side, body, DISCARD)),
                ("\n", (side, body, "time")),
            ]
        return pieces

    def _said(self, text: str, tags: tuple[str, ...]) -> list[Piece]:
        """Return what was said; a block of code stands on lines of its own."""
        pieces: list[Piece] = []
        for span in spans(text):
            written = self._display.text(span.text)
            if span.kind is SpanKind.BLOCK:
                if pieces and not pieces[-1][0].endswith("\n"):
                    pieces.append(("\n", tags))
                written += "\n"
            elif _ends_with_code_block(pieces):
                written = written.removeprefix("\n")
            special = (span.kind.value,) if span.kind is not SpanKind.PLAIN else ()
            if written:
                pieces.append((written, (*tags, *special)))
        return pieces

    def _behind(self, block: Block) -> str:
        """Return what stands behind a text: that it goes on, when it was done, how far it has come."""
        more = " …" if block.folded else ""
        clock = f"   {block.clock}" if block.kind is Kind.ACTION else ""
        return f"{more}{clock}{_MARKS.get(block.delivery, '')}\n"

    def _color(self, name: str) -> str:
        return f"name-{color_index(name, self._colors)}"


def lines_in(pieces: list[Piece]) -> int:
    """Return how many lines pieces have."""
    return sum(text.count("\n") for text, _ in pieces)


def _ends_with_code_block(pieces: list[Piece]) -> bool:
    return bool(pieces) and SpanKind.BLOCK.value in pieces[-1][1]


def _side(block: Block) -> str:
    return "own" if block.own else "other"


def _rule(text: str, *tags: str) -> Piece:
    return f"{_RULE}  {text}  {_RULE}\n", tags
