"""The lines of a file below what was written about it: its card, why it failed, and what can be done."""

from __future__ import annotations

from typing import Final

from messango.gui.model.files.file_card import CardStatus, FileCard
from messango.gui.model.text.run_tags import BELOW_CARD, DISCARD, FILE_CARD, MESSAGE_TEXT, SEND_AGAIN, TextRun
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.transcript.blocks import Block, DeliveryStatus

#: With no-break spaces, so that a tick is never alone on a line.
ACCEPTED: Final = "\u00a0\u00a0\u00a0✓"
_EDITED: Final = "\u00a0\u00a0 edited"
_GAP: Final = "   "

#: In the words of a link, which is one thing to press.
_NO_BREAK: Final = "\u00a0"


def edited_mark(block: Block) -> str:
    """Return what stands behind a message whose text is not the first one."""
    return _EDITED if block.is_edited else ""


def file_runs(block: Block, card: FileCard, tags: tuple[str, ...], sanitizer: TextSanitizer) -> list[TextRun]:
    """Return the runs of a file: a line in whose place its card is drawn, and perhaps one below it."""
    size = f" ({card.size_text})" if card.size_text else ""
    runs: list[TextRun] = [(f"[file] {card.name}{size}", (*tags, MESSAGE_TEXT, FILE_CARD)), ("\n", tags)]
    tags = (*tags, BELOW_CARD)
    time = (*tags, "time")
    below = [*_reason(block, card, tags, sanitizer), *_links(block, card, tags)]
    mark = edited_mark(block) + (ACCEPTED if block.delivery is DeliveryStatus.ACCEPTED else "")
    if below:
        return [*runs, *below, (f"{mark}\n", time)]
    return [*runs, (f"{mark.lstrip()}\n", time)] if mark else runs


def _reason(block: Block, card: FileCard, tags: tuple[str, ...], sanitizer: TextSanitizer) -> list[TextRun]:
    if reason := block.error or card.reason:
        return [(f"{sanitizer.line(reason)}{_GAP}", (*tags, "error"))]
    if card.is_picture and card.status is CardStatus.SAVED and card.folder:
        return [(f"Saved in {sanitizer.line(card.folder)}{_GAP}", (*tags, "time"))]
    return []


def _links(block: Block, card: FileCard, tags: tuple[str, ...]) -> list[TextRun]:
    if block.error:
        links = [("Try again", SEND_AGAIN), ("Remove", DISCARD)]
    else:
        links = [(action.label, action.value) for action in card.links]
    runs: list[TextRun] = []
    for label, tag in links:
        runs += [(_GAP, (*tags, "time")), (label.replace(" ", _NO_BREAK), (*tags, tag))]
    return runs[1:]
