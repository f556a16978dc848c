"""The downloads that broke off, in a file: the next start of the program goes on where they are."""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import msgspec

from messango.client.files.downloads.part_file import PartFile
from messango.errors import MessangoError
from messango.protocol.limits import PART_KEPT_S
from messango.storage import file_lock, home, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "downloads.json"

#: More than anybody leaves within an hour; the oldest are forgotten, and deleted with their bytes.
_MAX_PARTS: Final = 200


class PartialDownload(msgspec.Struct, frozen=True):
    """A file of a room that is to be at `target`: its bytes so far are in `part`, if there are any yet.

    `begun` is in seconds since 1970 UTC. A folder is a target too.
    """

    room: str
    file: str
    sha256: str
    size: int
    target: str
    part: str
    begun: float

    def is_same(self, other: PartialDownload) -> bool:
        """Return whether both are downloads of the same bytes to the same place."""
        return (self.room, self.file, self.sha256, self.size, self.target) == (
            other.room,
            other.file,
            other.sha256,
            other.size,
            other.target,
        )


_decoder: Final = msgspec.json.Decoder(list[PartialDownload])


class PartialDownloads:
    """The list in the home folder. Several processes and threads may use it.

    Without it downloads work as well, but start from the beginning after a restart: errors are logged only.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock

    def resume(self, wanted: PartialDownload) -> PartFile | None:
        """Return the open part of an earlier attempt, if there is one. Those that are too old are removed."""
        with self._changing() as parts:
            self._remove_old(parts)
            for known in [*parts]:
                if known.is_same(wanted):
                    part = PartFile.reopen(Path(known.part))
                    if part is not None:
                        return part
        return None

    def add(self, partial: PartialDownload) -> None:
        """Remember a download before its part is there: whenever we are killed, the part is found."""
        with self._changing() as parts:
            parts.append(partial)
            for oldest in parts[:-_MAX_PARTS]:
                _delete(oldest)
            del parts[:-_MAX_PARTS]

    def remove(self, part: Path) -> None:
        """Forget a download that is complete or was given up."""
        with self._changing() as parts:
            parts[:] = [known for known in parts if known.part != str(part)]

    def _remove_old(self, parts: list[PartialDownload]) -> None:
        oldest_s = self._clock() - PART_KEPT_S
        for known in [*parts]:
            try:
                changed_s = Path(known.part).lstat().st_mtime
            except FileNotFoundError:
                parts.remove(known)
            except (OSError, ValueError):
                continue  # A disk that is not there now.
            else:
                if changed_s < oldest_s and _delete(known):
                    parts.remove(known)

    @contextlib.contextmanager
    def _changing(self) -> Iterator[list[PartialDownload]]:
        parts: list[PartialDownload] = []
        with contextlib.ExitStack() as lock:
            try:
                path = home() / FILE_NAME
                lock.enter_context(file_lock(path))
                before = _read(path)
            except (OSError, MessangoError) as error:
                logger.warning("downloads can't be continued after a restart: %s", error)
                yield parts
                return
            parts = [*before]
            yield parts
            if parts != before:
                try:
                    write_private(path, msgspec.json.encode(parts))
                except (OSError, ValueError) as error:  # A path can have bytes that are no text.
                    logger.warning("downloads can't be continued after a restart: %s", error)


def _read(path: Path) -> list[PartialDownload]:
    try:
        return _decoder.decode(path.read_bytes())
    except FileNotFoundError:
        return []
    except (msgspec.DecodeError, ValueError, RecursionError):
        logger.warning("%s can't be read, and begins again", path)
        return []


def _delete(known: PartialDownload) -> bool:
    """Delete the bytes of a download, unless it goes on; return whether they are gone."""
    part = PartFile.reopen(Path(known.part))
    if part is None:
        return not Path(known.part).exists()
    part.remove()
    return True
