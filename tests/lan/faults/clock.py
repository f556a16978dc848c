"""The wall clock of one host, which can be set: libfaketime shows it to the programs that run there.

A time namespace would not do: it moves the monotonic clocks alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.support.needs import faketime_library

#: The library leaves something in the shared memory of each program that is killed.
_OWN_SHARED_MEMORY: Final = 'mount -t tmpfs none /dev/shm && exec "$@"'

#: An hour and a bit: past every limit, seat and pause that Messango knows.
FORWARD_S: Final = 4_000


class Clock:
    """Owns the file that tells how far the clock is ahead; programs started as `wrap_command` says go by
    it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.set_ahead(0)

    def wrap_command(self, command: Sequence[str]) -> list[str]:
        """Return the command line under which a program goes by this clock; root's alone.

        The monotonic clock it sees as it is, as after a real change of the time.
        """
        settings = {
            "LD_PRELOAD": str(faketime_library()),
            "FAKETIME_TIMESTAMP_FILE": str(self._path),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
        }
        env = ["env", *(f"{word}={value}" for word, value in settings.items())]
        return ["unshare", "--mount", "sh", "-c", _OWN_SHARED_MEMORY, "sh", *env, *command]

    def set_ahead(self, seconds: int) -> None:
        """Set the clock so far ahead of the true time, for all processes at once."""
        new = self._path.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n", encoding="ascii")
        new.replace(self._path)
