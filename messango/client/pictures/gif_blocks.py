"""The blocks of a GIF file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from messango.client.pictures.reading import DamagedPicture, read_exactly, read_number

IMAGE: Final = 0x2C
EXTENSION: Final = 0x21
TRAILER: Final = 0x3B
COMMENT: Final = 0xFE
APPLICATION: Final = 0xFF
GRAPHIC_CONTROL: Final = 0xF9
PLAIN_TEXT: Final = 0x01

#: The header: version, width, height, and which colors there are.
HEADER_BYTES: Final = 13
_HAS_COLORS: Final = 0x80
_COLOR_COUNT: Final = 0x07

#: An hour of animation at 15 pictures a second, with an extension before each.
MAX_BLOCKS: Final = 131_072


@dataclass(frozen=True, slots=True)
class Block:
    """One block: its kind, for an extension its label, where it begins, and where its content does."""

    kind: int
    label: int
    begins: int
    content: int


def read_blocks(source: BinaryIO) -> Iterator[Block]:
    """Yield the blocks up to the trailer; raise `DamagedPicture` where one can't be read.

    A file may end after any picture, as some programs write no trailer. The position of `source` may be moved
    between two blocks.
    """
    source.seek(0)
    position = HEADER_BYTES + _color_bytes(read_exactly(source, HEADER_BYTES)[10])
    has_picture = False
    for _ in range(MAX_BLOCKS):
        source.seek(position)
        introducer = source.read(1)
        if has_picture and not introducer:
            return
        kind = introducer[0] if introducer else None
        has_picture |= kind == IMAGE
        if kind == TRAILER:
            yield Block(kind, 0, position, position + 1)
            return
        if kind not in (IMAGE, EXTENSION):
            raise DamagedPicture("something else than a block")
        label = read_number(source, 1) if kind == EXTENSION else 0
        block = Block(kind, label, position, source.tell())
        yield block
        position = _end_of(source, block)
    raise DamagedPicture("more blocks than animations have")


def _end_of(source: BinaryIO, block: Block) -> int:
    """Return where a block ends: behind the empty one of its sub-blocks."""
    source.seek(block.content)
    if block.kind == IMAGE:
        colors = _color_bytes(read_exactly(source, 9)[8])
        source.seek(block.content + 9 + colors + 1)
    while length := read_number(source, 1):
        read_exactly(source, length)
    return source.tell()


def _color_bytes(flags: int) -> int:
    """Return the length of the color table that follows."""
    return 3 << ((flags & _COLOR_COUNT) + 1) if flags & _HAS_COLORS else 0
