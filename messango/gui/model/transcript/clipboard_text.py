"""Formats the selection of a transcript for the clipboard."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from messango.gui.model.transcript.blocks import Block, BlockKind
from messango.protocol.text.plain_names import plain_name


@dataclass(frozen=True, slots=True)
class SelectedPart:
    """A block and the selected part of its text; `is_whole` if all that is visible is selected."""

    block: Block
    text: str
    is_whole: bool


def format_selection(parts: Sequence[SelectedPart]) -> str:
    """Return the parts with names and times; a selection in a single message is copied as it is."""
    included = [part for part in parts if part.text or not part.block.is_message]
    if len(included) == 1 and included[0].block.is_message:
        return _part_text(included[0])
    return "\n".join(_line(part) for part in included)


def _line(part: SelectedPart) -> str:
    block = part.block
    if not block.is_message:
        return f"-- {block.text}"
    text = _part_text(part).replace("\n", "\n    ")
    if block.kind is BlockKind.ACTION:
        return f"[{block.time_text}] * {_names(block)} {text}"
    return f"[{block.time_text}] {_names(block)}: {text}"


def _names(block: Block) -> str:
    """Return the sender's name; of a private message both, so that nobody takes it for a public one."""
    if not block.is_private:
        return plain_name(block.name)
    to = plain_name(block.extras.to_name) if block.own else "you"
    return f"{plain_name(block.name)} → {to} (private)"


def _part_text(part: SelectedPart) -> str:
    """Return the original text, with what is collapsed, if all that is visible is selected."""
    return part.block.text if part.is_whole else part.text
