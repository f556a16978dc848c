"""What stays of a GIF file: its pictures, their times, and how often they are repeated."""

from __future__ import annotations

from typing import BinaryIO, Final

from messango.client.pictures import gif_blocks
from messango.client.pictures.gif_blocks import Block
from messango.client.pictures.metadata.pieces import Pieces
from messango.client.pictures.reading import read_exactly

#: How often an animation is repeated, by the name of the program that began it and by another one.
_KEPT_APPLICATIONS: Final = (b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0")
_KEPT_LABELS: Final = (gif_blocks.GRAPHIC_CONTROL, gif_blocks.PLAIN_TEXT)


def stripped_gif(source: BinaryIO) -> Pieces:
    """Return the pieces of a GIF file without metadata; raise `DamagedPicture` if it can't be read."""
    pieces = Pieces(source)
    begins = 0
    keeps = True
    for block in gif_blocks.read_blocks(source):
        if keeps:
            pieces.keep(begins, block.begins)
        begins, keeps = block.begins, _is_kept(source, block)
        if block.kind == gif_blocks.TRAILER:
            pieces.keep(begins, block.content)
            return pieces
    if keeps:
        pieces.keep(begins, source.tell())
    return pieces


def _is_kept(source: BinaryIO, block: Block) -> bool:
    if block.kind != gif_blocks.EXTENSION or block.label in _KEPT_LABELS:
        return True
    source.seek(block.content)
    return block.label == gif_blocks.APPLICATION and read_exactly(source, 12) in _KEPT_APPLICATIONS
