"""The pictures of a conversation in their order, for going from one to the next."""

from __future__ import annotations

from typing import Final

from messango.gui.model.transcript.blocks import Block
from messango.gui.model.transcript.transcript import Transcript

#: As far as this many blocks away, the next picture is looked for: it takes a few milliseconds.
MAX_DISTANCE: Final = 20_000


def next_picture(transcript: Transcript, seq: int, delta: int) -> Block | None:
    """Return the message with the picture before (-1) or after (1) that of `seq`, or None."""
    start = transcript.find(seq)
    if start is None:
        return None
    part = transcript.parts.part_with(start)
    number = start + delta
    while number in part and abs(number - start) <= MAX_DISTANCE:
        block = part.block(number)
        if block.extras.file is not None and _is_shown_picture(transcript, block):
            return block
        number += delta
    return None


def _is_shown_picture(transcript: Transcript, block: Block) -> bool:
    card = transcript.as_shown(block).extras.card
    return card is not None and card.is_picture
