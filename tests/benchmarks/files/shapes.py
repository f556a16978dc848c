"""What is sent: files of one size, and how much went how fast."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BLOCK: Final = 1 << 20


@dataclass(frozen=True)
class Shape:
    """So many files of this many bytes."""

    name: str
    size: int
    count: int = 1

    @property
    def total(self) -> int:
        return self.size * self.count

    def create(self, folder: Path) -> list[Path]:
        """Write the files, each with other bytes that can't be compressed."""
        folder.mkdir()
        paths = []
        for number in range(self.count):
            path = folder / f"{number:04}.bin"
            with path.open("wb") as file:
                for start in range(0, self.size, _BLOCK):
                    file.write(os.urandom(min(_BLOCK, self.size - start)))
            paths.append(path)
        return paths


SHAPES: Final = (
    Shape("1 GB", 1_000_000_000),
    Shape("1 MB", 1_000_000),
    Shape("100 files of 10 KB", 10_000, 100),
)


@dataclass(frozen=True)
class Moved:
    """One way of one shape: seconds, and the processor time and memory of both ends."""

    seconds: float
    server_cpu_s: float
    client_cpu_s: float
    server_grown_mb: float = 0.0
    client_grown_mb: float = 0.0
