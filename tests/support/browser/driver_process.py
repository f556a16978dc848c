"""A driver's process, which ends with all its browsers, even if the test run is killed."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.support.browser.commands import Commands

#: More than a driver takes to end; afterwards it and its browsers are killed.
_ENDS_WITHIN_S: Final = 10.0

#: Ends the driver and its browsers when the other end of its input closes, which happens however this
#: process ends.
_SUPERVISOR: Final = """trap '' TERM; (trap - TERM; exec "$@") & read -r _; kill 0; wait"""


class DriverProcess:
    """Owns the process of a driver, its process group with all browsers, and a folder for their profiles."""

    def __init__(
        self, *command: str, port: int | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        """Start it; without a `port`, wait until it says on which one it listens."""
        self._folder = tempfile.TemporaryDirectory(prefix="messango-browser-", ignore_cleanup_errors=True)
        self.folder = Path(self._folder.name)
        with (self.folder / "driver.log").open("wb") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", _SUPERVISOR, "sh", *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env={**self._environment(), **(environment or {})},
                start_new_session=True,
            )
        self.commands = Commands(self._announced_port() if port is None else port)

    @property
    def group(self) -> int:
        """The process group of the driver and of its browsers."""
        return self._process.pid

    def close(self) -> None:
        """End the driver and what is left of its browsers. Twice is harmless."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDS_WITHIN_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()
        self._folder.cleanup()

    def _environment(self) -> dict[str, str]:
        # Away from the settings of the person who runs the tests, and from their desktop's services.
        own = {name: str(self.folder) for name in ("HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "TMPDIR")}
        return {**os.environ, **own, "DBUS_SESSION_BUS_ADDRESS": "disabled:"}

    def _announced_port(self) -> int:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if found := re.search(rb"successfully on port (\d+)", line):
                return int(found[1])
        self.close()
        raise AssertionError("the driver ended before it listened")
