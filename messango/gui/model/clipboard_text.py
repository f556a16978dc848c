"""Turns what is selected in a transcript into text that can be read elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messango.gui.model.blocks import Block, Kind


@dataclass(frozen=True, slots=True)
class Part:
    """A block, and what is selected of what was said in it; `whole` where that is all that is shown."""

    block: Block
    text: str
    whole: bool


def readable(parts: Sequence[Part]) -> str:
    """Return the parts with names and times; what is selected in one message alone comes as it is."""
    said = [part for part in parts if part.text or not part.block.said]
    if len(said) == 1 and said[0].block.said:
        return _whole(said[0])
    return "\n".join(_line(part) for part in said)


def _line(part: Part) -> str:
    block = part.block
    if not block.said:
        return f"-- {block.text}"
    text = _whole(part).replace("\n", "\n    ")
    if block.kind is Kind.ACTION:
        return f"[{block.clock}] * {block.name} {text}"
    return f"[{block.clock}] {block.name}: {text}"


def _whole(part: Part) -> str:
    """Return a text as it was written, with what is folded away, where all of it was selected."""
    return part.block.text if part.whole else part.text
