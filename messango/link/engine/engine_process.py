"""One process of the engine: from its start to its end, with what it writes."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from messango.link.engine.engine_config import CONFIG_FILE
from messango.link.engine.engine_lock import EngineLock
from messango.link.engine.find_engine import EngineProgram
from messango.link.engine.guard import Guard
from messango.protocol.text.escaping import safe_line

#: The last of what the engine writes while it starts: from here on it accepts connections.
_READY: Final = b"Server is ready"

#: `[7] 2026/11/30 14:25:45.528 [FTL] Can't listen...`; or before there is a log, `nats-server: ...`.
_FATAL: Final = re.compile(rb"(?:\[FTL\]|^nats-server:)\s*(.{1,200})")

_CHECK_TIMEOUT_S: Final = 20.0

_LONGEST_LINE: Final = 4096


def accepts_config(program: EngineProgram, folder: Path) -> bool:
    """Return whether this engine can read the configuration in the folder."""
    try:
        checked = subprocess.run(  # noqa: S603 (the engine)
            [program.path, "-t", "-c", CONFIG_FILE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_CHECK_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return False
    return checked.returncode == 0


class EngineProcess:
    """Owns one process of the engine and its guard.

    One thread calls `lines` and then `wait`; `stop` is for any thread. Raises `OSError`.
    """

    def __init__(self, program: EngineProgram, folder: Path, lock: EngineLock) -> None:
        self._child = subprocess.Popen(  # noqa: S603 (the engine)
            [program.path, "-c", CONFIG_FILE],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            pass_fds=lock.inherited,
            **_apart_from_terminal(),
        )
        lock.note(self._child.pid)
        self._guard = Guard(self._child.pid)
        self.pid = self._child.pid
        self.started_at_s = time.monotonic()
        #: The reason for its end that it gave, if it gave one.
        self.failure = ""

    def lines(self, on_ready: Callable[[], None]) -> Iterator[bytes]:
        """Yield what the engine writes until it ends, and call `on_ready` when it accepts connections."""
        if self._child.stderr is None:
            raise AssertionError("standard error is a pipe")
        # A longer line comes in pieces.
        while line := self._child.stderr.readline(_LONGEST_LINE):
            if fatal := _FATAL.search(line):
                self.failure = safe_line(fatal[1].decode("utf-8", "replace").strip())
            if _READY in line:
                on_ready()
            yield line

    def wait(self) -> str:
        """Wait for the end and return why it ended: part of a sentence."""
        status = self._child.wait()
        self._guard.dismiss()
        if self._child.stderr is not None:
            self._child.stderr.close()
        if self.failure:
            return self.failure
        return f"signal {-status} ended it" if status < 0 else f"it ended with status {status}"

    def stop(self, *, at_once: bool = False) -> None:
        """Ask the engine to end, or kill it `at_once`, which loses nothing either. Never waits."""
        if at_once:
            self._child.kill()
        else:
            self._child.terminate()


def _apart_from_terminal() -> dict[str, Any]:
    """Return what keeps Ctrl-C and a closed terminal from the engine: the room says goodbye first."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"start_new_session": True}
