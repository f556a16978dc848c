"""Half-written texts, kept by room for the next visit: drafts.json in Messango's folder."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from messango.errors import MessangoError
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.model.composer.composer_mode import Unsent
from messango.storage import file_lock, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "drafts.json"

#: Those of the rooms that were left last are kept.
MAX_ROOMS: Final = 20
MAX_CHARACTERS: Final = 200_000


class DraftStore:
    """Reads and writes the file in `tasks`, so that the window never waits for a disk. Main thread only.

    Without a folder, drafts last as long as the window. A file that can't be read or written is logged: the
    text is still in the field. Several windows may use the file; each changes only the rooms it was in.
    """

    def __init__(self, folder: Path | None, tasks: BackgroundTasks) -> None:
        self._path, self._tasks = folder and folder / FILE_NAME, tasks
        self._drafts: dict[str, Unsent] = {}
        self._lock = threading.Lock()  # guards the set of rooms to write, and the file within this process
        self._unwritten: dict[str, Unsent] = {}

    def save(self, room_id: str, unsent: Unsent) -> None:
        """Keep what is half written in a room; nothing is kept if that is nothing."""
        if unsent == self._drafts.get(room_id, Unsent()):
            return
        self._drafts[room_id] = unsent
        if (path := self._path) is not None:
            with self._lock:
                self._unwritten[room_id] = unsent
            self._tasks.submit(lambda: self._write(path), _ignore)

    def load(self, room_id: str, on_loaded: Callable[[Unsent], None]) -> None:
        """Call `on_loaded` with what was half written in a room, soon, if there was something."""
        if room_id in self._drafts:
            if (draft := self._drafts[room_id]) != Unsent():
                on_loaded(draft)
            return
        path, found = self._path, list[Unsent]()
        if path is None:
            return

        def read() -> None:
            if (draft := _read(path).get(room_id)) is not None:
                found.append(draft)

        def done(_error: MessangoError | None) -> None:
            if found and room_id not in self._drafts:
                self._drafts[room_id] = found[0]
                on_loaded(found[0])

        self._tasks.submit(read, done)

    # A thread.

    def _write(self, path: Path) -> None:
        with self._lock:
            changes, self._unwritten = self._unwritten, {}
            try:
                with file_lock(path):
                    rooms = _read(path)
                    for room_id, unsent in changes.items():
                        rooms.pop(room_id, None)
                        rooms[room_id] = unsent
                    write_private(path, msgspec.json.encode(_bounded(rooms)))
            except OSError as error:
                logger.warning("%s can't be written: %s", path, error)


def _read(path: Path) -> dict[str, Unsent]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Unsent])
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        logger.warning("%s can't be read: %s", path, error)
        return {}


def _bounded(rooms: dict[str, Unsent]) -> dict[str, Unsent]:
    """Return the drafts that are kept: of the last rooms, and not more characters than are worth it."""
    kept: dict[str, Unsent] = {}
    characters = 0
    for room_id, unsent in reversed(rooms.items()):
        characters += len(unsent.text) + len(unsent.private_text)
        if len(kept) < MAX_ROOMS and characters <= MAX_CHARACTERS and unsent != Unsent():
            kept[room_id] = unsent
    return dict(reversed(kept.items()))


def _ignore(_error: MessangoError | None) -> None:
    """Nobody waits for it."""
