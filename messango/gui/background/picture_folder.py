"""The folder for pictures that were fetched to be shown: for this window only, and gone with it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from messango.gui.background.tasks import BackgroundTasks
from messango.protocol.files.file_name import safe_file_name


class PictureFolder:
    """Owns the folder, which is created for its owner only with the first picture. Main thread only.

    Only `finish` blocks. Each picture has a folder of its own in it, so that it can have its own name.
    """

    def __init__(self, tasks: BackgroundTasks) -> None:
        self._tasks = tasks
        self._folder: Path | None = None
        self._count = 0

    def path_for(self, name: str) -> Path:
        """Return a new place for a picture of this name; raises `OSError` if there is none."""
        # Systems delete from their folder for temporary files what is old, also below running programs.
        if self._folder is None or not self._folder.is_dir():
            self._folder = Path(tempfile.mkdtemp(prefix="messango-pictures-"))
        self._count += 1
        folder = self._folder / str(self._count)
        folder.mkdir(mode=0o700)
        return folder / safe_file_name(name)

    def delete(self, paths: Iterable[Path]) -> None:
        """Delete pictures that are not needed now; what can't be deleted goes with the folder."""
        folders = [path.parent for path in paths]
        if folders:
            self._tasks.submit(lambda: _remove(folders), lambda _error: None)

    def finish(self) -> None:
        """Delete all, when no client writes any more. Twice is harmless."""
        folder, self._folder = self._folder, None
        if folder is not None:
            _remove([folder])


def _remove(folders: Iterable[Path]) -> None:
    for folder in folders:
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)
