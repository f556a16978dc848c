"""Which pictures come by themselves, and when: the visible ones, two at a time, and never more than a bound.

A room is not trusted: it can neither fill the disk nor use the network for longer than a person would.
"""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Final

from messango.client.events.files import FileFailed, FileProgress, FileSaved
from messango.protocol.frames import FileInfo

#: Pictures up to this size come by themselves; others on a click.
AUTO_BYTES: Final = 2_000_000

#: So many of them at a time, which leaves the person's own transfers their place.
MAX_AT_ONCE: Final = 2

#: All that comes by itself in one session; after that each picture needs a click.
MAX_AUTO_BYTES: Final = 100_000_000

#: All pictures that are kept for this window; beyond it those not seen for the longest go.
MAX_KEPT_BYTES: Final = 150_000_000

#: Each counts as at least this much, in the time and on the disk: a room may offer countless tiny ones.
LEAST_BYTES: Final = 20_000

#: The pictures that still wait; those that became visible last come first.
_MAX_WAITING: Final = 50


class PictureFetches:
    """Decides; somebody else fetches. `automatic`: whether pictures come by themselves at all."""

    def __init__(self) -> None:
        self.automatic = True
        self._waiting: OrderedDict[str, FileInfo] = OrderedDict()
        #: What a person asked for comes before that, whatever its size.
        self._clicked: OrderedDict[str, FileInfo] = OrderedDict()
        self._running: dict[str, FileInfo] = {}
        self._paths: OrderedDict[str, tuple[Path, int]] = OrderedDict()
        #: Why a picture is not shown.
        self._failures: dict[str, str] = {}
        self._auto_bytes = self._kept_bytes = 0
        self._dropped: list[Path] = []
        self._changed: set[str] = set()

    def path_of(self, file_id: str) -> Path | None:
        """Return where a picture is that was fetched for showing it."""
        if file_id not in self._paths:
            return None
        self._paths.move_to_end(file_id)
        return self._paths[file_id][0]

    def is_coming(self, file_id: str) -> bool:
        """Return whether a picture is on its way, or will be by itself."""
        is_running = any(file.id == file_id for file in self._running.values())
        return is_running or file_id in self._clicked or file_id in self._waiting

    def failure(self, file_id: str) -> str:
        """Return why a picture is not shown; empty if nothing is wrong."""
        return self._failures.get(file_id, "")

    def became_visible(self, file: FileInfo) -> None:
        """A picture's card came into sight."""
        if file.id in self._waiting or self._comes_by_itself(file):
            self._waiting[file.id] = file
            self._waiting.move_to_end(file.id)
            while len(self._waiting) > _MAX_WAITING:
                self._waiting.popitem(last=False)

    def became_hidden(self, file_id: str) -> None:
        """It is out of sight again: others come first."""
        self._waiting.pop(file_id, None)

    def request(self, file: FileInfo) -> None:
        """A person wants to see a picture, of any size."""
        self._failures.pop(file.id, None)
        if file.id not in self._paths:
            self._clicked[file.id] = file
            self._changed.add(file.id)

    def next(self) -> FileInfo | None:
        """Return the picture to fetch now; `started` has to follow."""
        if self._clicked:
            return self._clicked.popitem(last=False)[1]
        while self._waiting and len(self._running) < MAX_AT_ONCE:
            file = self._waiting.popitem()[1]
            if self._comes_by_itself(file):
                self._auto_bytes += _cost(file)
                return file
        return None

    def started(self, transfer: str, file: FileInfo) -> None:
        """The client fetches a picture, by this transfer."""
        self._running[transfer] = file
        self._changed.add(file.id)

    def file_of(self, transfer: str) -> str | None:
        """Return the id of the picture that a transfer fetches; None if it is another one's transfer."""
        file = self._running.get(transfer)
        return file.id if file is not None else None

    def handle(self, event: FileProgress | FileSaved | FileFailed) -> None:
        """Apply an event about one of these pictures."""
        if isinstance(event, FileProgress):
            return
        file = self._running.pop(event.id)
        self._changed.add(file.id)
        if isinstance(event, FileSaved):
            self._keep(file, event.path)
        else:
            self._failures[file.id] = event.reason

    def not_shown(self, file_id: str, reason: str) -> None:
        """What came is no picture, or one that is too large to be shown."""
        self._failures[file_id] = reason
        self._changed.add(file_id)

    def drop(self, file_id: str) -> None:
        """The message with a picture was deleted: the picture goes, too."""
        self.became_hidden(file_id)
        if file_id in self._paths:
            path, cost = self._paths.pop(file_id)
            self._kept_bytes -= cost
            self._dropped.append(path)

    def session_ended(self) -> None:
        """Nothing comes without a session; what is here stays."""
        self._waiting.clear()
        self._clicked.clear()
        self._running.clear()

    def pop_evicted(self) -> list[Path]:
        """Return the files to delete, so that no more is kept than the bound; the last one stays."""
        evicted, self._dropped = self._dropped, []
        while len(self._paths) > 1 and self._kept_bytes > MAX_KEPT_BYTES:
            path, cost = self._paths.popitem(last=False)[1]
            self._kept_bytes -= cost
            evicted.append(path)
        return evicted

    def pop_all(self) -> list[Path]:
        """Return all files, to delete them: nothing is shown any more."""
        paths = self._dropped + [path for path, _ in self._paths.values()]
        self._paths.clear()
        self._kept_bytes = 0
        return paths

    def pop_changed(self) -> set[str]:
        """Return the ids of the pictures about which something is different since the last call."""
        changed, self._changed = self._changed, set()
        return changed

    def _comes_by_itself(self, file: FileInfo) -> bool:
        is_known = file.id in self._paths or file.id in self._failures or self.is_coming(file.id)
        is_small = file.size <= AUTO_BYTES and self._auto_bytes + _cost(file) <= MAX_AUTO_BYTES
        return self.automatic and is_small and not is_known

    def _keep(self, file: FileInfo, path: Path) -> None:
        self.drop(file.id)  # one that came twice, by itself and by a click
        self._paths[file.id] = (path, _cost(file))
        self._kept_bytes += _cost(file)


def _cost(file: FileInfo) -> int:
    return max(file.size, LEAST_BYTES)
