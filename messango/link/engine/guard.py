"""Ends the engine when its server is killed: a shell that waits for the end of a pipe from the server.

The system closes the pipe with the server, however that ends. Windows has no such shell: there a killed
server leaves its engine, and the next start says that its port is in use.
"""

from __future__ import annotations

import contextlib
import subprocess
import sys
from typing import Final

_SHELL: Final = "/bin/sh"
#: A line means that the engine has ended; the end of the pipe that the server has.
_SCRIPT: Final = 'read -r line || kill "$1"'

_END_TIMEOUT_S: Final = 2.0


class Guard:
    """Owns the shell that watches over one engine process."""

    def __init__(self, pid: int) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        if sys.platform == "win32":
            return
        # Without a shell, there is no guard: the next start ends what was left over.
        with contextlib.suppress(OSError):
            self._shell = subprocess.Popen(  # noqa: S603 (our own script)
                [_SHELL, "-c", _SCRIPT, "messango-engine-guard", str(pid)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                # Neither Ctrl-C nor a terminal that goes away ends it before the server.
                start_new_session=True,
            )

    def dismiss(self) -> None:
        """End the shell: its engine has ended. Twice is harmless."""
        shell, self._shell = self._shell, None
        if shell is None:
            return
        try:
            shell.communicate(b"ended\n", timeout=_END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            shell.kill()
            shell.communicate()
