"""A file made of pieces of another one: a picture of any size is rewritten without being in memory."""

from __future__ import annotations

from typing import BinaryIO, Final

from messango.client.pictures.reading import DamagedPicture, read_exactly, size_of

#: More than any picture has between its comments.
MAX_PIECES: Final = 65_536
_BLOCK: Final = 1 << 20


class Pieces:
    """What is kept of a file, in order, and what is written in place of the rest."""

    def __init__(self, source: BinaryIO) -> None:
        self._source, self._size = source, size_of(source)
        self._pieces: list[bytes | tuple[int, int]] = []

    @property
    def is_whole(self) -> bool:
        """Whether the result is the file as it is."""
        return self._pieces == [(0, self._size)]

    def keep(self, begins: int, ends: int) -> None:
        """Keep these bytes of the file."""
        if self._pieces and isinstance(last := self._pieces[-1], tuple) and last[1] == begins:
            self._pieces[-1] = (last[0], ends)
        else:
            self._add((begins, ends))

    def insert(self, data: bytes) -> None:
        """Write these bytes here."""
        self._add(data)

    def extend(self, others: Pieces) -> None:
        """Add the pieces of another result from the same file."""
        for piece in others._pieces:
            if isinstance(piece, bytes):
                self.insert(piece)
            else:
                self.keep(*piece)

    def replace(self, begins: int, data: bytes) -> None:
        """Write these bytes in place of those that begin here, unless the file has the same."""
        self._source.seek(begins)
        if self._source.read(len(data)) == data:
            self.keep(begins, begins + len(data))
        else:
            self.insert(data)

    @property
    def length(self) -> int:
        """The number of bytes of the result."""
        return sum(len(piece) if isinstance(piece, bytes) else piece[1] - piece[0] for piece in self._pieces)

    def write_to(self, target: BinaryIO) -> None:
        """Write the result, a block at a time."""
        for piece in self._pieces:
            if isinstance(piece, bytes):
                target.write(piece)
                continue
            position, ends = piece
            self._source.seek(position)
            while position < ends:
                block = read_exactly(self._source, min(_BLOCK, ends - position))
                target.write(block)
                position += len(block)

    def _add(self, piece: bytes | tuple[int, int]) -> None:
        if len(self._pieces) == MAX_PIECES:
            raise DamagedPicture("more pieces than pictures have")
        self._pieces.append(piece)
