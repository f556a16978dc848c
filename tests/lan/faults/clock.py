"""The wall clock of one host, which can be set: libfaketime shows it to the programs there.

A time namespace would not do: it moves only the monotonic clocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.support.skip_reasons import faketime_library

#: The library leaves a file in shared memory for each program that is killed.
_OWN_SHARED_MEMORY: Final = 'mount -t tmpfs none /dev/shm && exec "$@"'

#: A little over an hour: longer than every limit, seat and pause of Messango.
FORWARD_S: Final = 4_000


class Clock:
    """Owns the file with the offset of the clock; programs started with `wrap_command` use it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set_ahead(0)

    def wrap_command(self, command: Sequence[str]) -> list[str]:
        """Return the command line that runs a program with this clock; only for root.

        The monotonic clock stays as it is, as after a real change of the time.
        """
        settings = {
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Waits are on that clock, too. The library would "mend" them so that each returns at
            # once, and a program that waits would take a quarter of a processor.
            "FAKETIME_FORCE_MONOTONIC_FIX": "0",
            "NO_FAKE_STAT": "1",
        }
        env = ["env", *(f"{word}={value}" for word, value in settings.items())]
        return ["unshare", "--mount", "sh", "-c", _OWN_SHARED_MEMORY, "sh", *env, *command]

    def set_ahead(self, seconds: int) -> None:
        """Set the clock this far ahead of the true time, for all processes at once."""
        new = self._path.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n", encoding="ascii")
        new.replace(self._path)
