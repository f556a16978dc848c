"""How far files on their way are, as plain lines: seldom, because a screen reader reads each. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from messango.client.events import FileProgress
from messango.protocol.files.file_line import format_size
from messango.protocol.text.plain_names import quoted_name

#: A file that is there sooner has no line between its first and its last.
_EVERY_S: Final = 10.0


class PlainProgress:
    """Used by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        #: For each transfer, when a line was last due, and what it said.
        self._last: dict[str, tuple[float, int]] = {}

    def sentence(self, event: FileProgress) -> str:
        """Return how far a transfer is, if that is news; mostly empty."""
        now_s = self._clock()
        last_s, last_percent = self._last.setdefault(event.id, (now_s, 0))
        percent = 100 * min(event.done, event.size) // event.size if event.size else 0
        if now_s - last_s < _EVERY_S or percent == last_percent:
            return ""
        self._last[event.id] = now_s, percent
        verb = "Sending" if event.upload else "Saving"
        return f"{verb} {quoted_name(event.name)}: {percent}% of {format_size(event.size)}"

    def clear(self) -> None:
        """Forget all transfers: none is on its way any more."""
        self._last.clear()
