"""How far a file is, on one line of a terminal that is written again and again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from typing import Final, TextIO

from messango.client.events import FileProgress
from messango.protocol.files.file_line import format_size

#: What takes no longer than this needs no bar.
_SHOWN_AFTER_S: Final = 1.0

_BAR_COLUMNS: Final = 20
_CLEAR_LINE: Final = "\r\x1b[K"


class ProgressLine:
    """Writes only to a terminal, and only if a file takes longer than a second. For one thread."""

    def __init__(
        self,
        out: TextIO,
        *,
        columns: Callable[[], int] = lambda: shutil.get_terminal_size().columns,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._out = out
        self._columns = columns
        self._clock = clock
        self._is_terminal = out.isatty()
        self._is_shown = False
        self._transfer = ""
        self._began_s = 0.0

    def show(self, progress: FileProgress) -> None:
        """Show how far a file is."""
        if progress.id != self._transfer:
            self._transfer, self._began_s = progress.id, self._clock()
        if self._is_terminal and self._clock() - self._began_s >= _SHOWN_AFTER_S:
            self._is_shown = True
            self._out.write(_CLEAR_LINE + progress_text(progress, self._columns() - 1))
            self._out.flush()

    def clear(self) -> None:
        """Take the line away, before anything else is written."""
        if self._is_shown:
            self._is_shown = False
            self._out.write(_CLEAR_LINE)
            self._out.flush()


def progress_text(progress: FileProgress, columns: int) -> str:
    """Return `report.pdf  [#####---------------]  25%  50 MB of 200 MB`, the name cut so that it fits."""
    from messango.terminal.short_name import short_name  # Only for a file that takes long.

    share = progress.done / progress.size if progress.size else 1.0
    filled = int(share * _BAR_COLUMNS)
    bar = "#" * filled + "-" * (_BAR_COLUMNS - filled)
    rest = f"  [{bar}] {share:4.0%}  {format_size(progress.done)} of {format_size(progress.size)}"
    if progress.waiting:
        rest += "  waiting"
    return f"{short_name(progress.name, columns - len(rest))}{rest}"[: max(columns, 0)]
