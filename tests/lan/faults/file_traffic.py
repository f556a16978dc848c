"""Which files the members of a run send and get: many small ones, and now and then a large one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

from tests.crashes.files.member import content_of
from tests.crashes.files.records import Content

KB: Final = 1_000
MB: Final = 1_000_000

#: How often files are of which size.
_SIZES: Final = (
    (0.03, 0, 0),
    (0.5, 1, 10 * KB),
    (0.88, 10 * KB, MB),
    (0.96, MB, 10 * MB),
    (1.0, 20 * MB, 80 * MB),
)

#: A run in which files may be as large as that has to last this long.
_LARGE_AFTER_S: Final = 240.0
_MOST_IN_A_SHORT_RUN: Final = 3 * MB

#: How often a member who says something sends a file too, and how often they want a large one.
_FILE_ONCE_IN: Final = 15
_SMALL: Final = MB
_WANTS_LARGE: Final = 0.4


class FileTraffic:
    """The files of one member. For one thread each: the one that sends, and the one that follows."""

    def __init__(self, seed: str, folder: Path, seconds: float) -> None:
        self.folder = folder / "downloads"
        self.folder.mkdir(parents=True)
        self._sources = folder
        self._largest = 80 * MB if seconds >= _LARGE_AFTER_S else _MOST_IN_A_SHORT_RUN
        self._sends, self._wants = (
            random.Random(f"{seed} {what}")  # noqa: S311 (the same seed must give the same files)
            for what in ("sends", "wants")
        )
        self._count = 0

    def sends_one(self) -> bool:
        """Return whether it is time for a file."""
        return self._sends.random() < 1 / _FILE_ONCE_IN

    def new_file(self, *, for_everybody: bool = False) -> tuple[Path, Content]:
        """Write a new file, which is like no other; `for_everybody`: so small that everybody wants it."""
        roll = self._sends.random()
        _share, low, high = next(row for row in _SIZES if roll < row[0])
        self._count += 1
        path = self._sources / f"file {self._count}.bin"
        largest = _SMALL if for_everybody else self._largest
        path.write_bytes(self._sends.randbytes(min(self._sends.randint(low, high), largest)))
        return path, content_of(path)

    def wants(self, size: int) -> bool:
        """Return whether the member gets a file of this size."""
        return size <= _SMALL or self._wants.random() < _WANTS_LARGE
