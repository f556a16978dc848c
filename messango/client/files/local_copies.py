"""Where this computer has files of the room already: those that we sent as they are, and those we fetched."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Final

#: More than anybody fetches in one session.
_MAX_COPIES: Final = 1_000


class LocalCopies:
    """Thread-safe: owns the lock that guards its table. The caller checks the digest of what it copies."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        #: By digest, the latest last.
        self._paths: dict[str, Path] = {}

    def add(self, sha256: str, path: Path) -> None:
        """Note that a file with this digest was here."""
        with self._lock:
            self._paths.pop(sha256, None)
            self._paths[sha256] = path.absolute()
            if len(self._paths) > _MAX_COPIES:
                del self._paths[next(iter(self._paths))]

    def find(self, sha256: str) -> Path | None:
        """Return where a file with this digest was; None if nowhere."""
        with self._lock:
            return self._paths.get(sha256)
