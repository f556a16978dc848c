"""One engine for one folder: two on the same store would destroy it.

Two locks, which the system releases with their processes. The server holds one. The engine inherits the
other: an engine that has outlived a server killed together with its guard still holds it, and so is known
for certain, although only its number is written down.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import IO, Final

from messango.errors import EngineUnavailable
from messango.storage import try_lock

_SERVER_LOCK: Final = "server.lock"
_ENGINE_LOCK: Final = "engine.lock"

#: How long an engine that was left over has to end by itself, and then after it was killed.
_TERMINATE_S: Final = 5.0
_KILL_S: Final = 2.0
_RETRY_S: Final = 0.02


class EngineLock:
    """Owns both locks of an engine's folder, from the beginning until `close`.

    Raises `EngineUnavailable` if another server uses the folder, and `OSError`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server_file = _opened(folder / _SERVER_LOCK)
        try:
            if not try_lock(self._server_file):
                raise EngineUnavailable(
                    "The engine of this linked room already runs on this computer, for another server.",
                    "Close that server first.",
                )
            self._engine_file = self._lock_engine()
        except BaseException:
            self._server_file.close()
            raise

    @property
    def inherited(self) -> tuple[int, ...]:
        """The descriptors that the engine has to inherit; none on Windows, which can't do it."""
        return () if sys.platform == "win32" else (self._engine_file.fileno(),)

    def note(self, pid: int) -> None:
        """Write down the engine's number, after it has started."""
        self._engine_file.seek(0)
        self._engine_file.truncate()
        self._engine_file.write(b"%d\n" % pid)

    def close(self) -> None:
        """Release both, after the engine has ended. Twice is harmless."""
        self._engine_file.close()
        self._server_file.close()

    def _lock_engine(self) -> IO[bytes]:
        file = _opened(self._folder / _ENGINE_LOCK)
        if try_lock(file):
            return file
        try:
            _end_left_over(self._folder, file)
        except BaseException:
            file.close()
            raise
        return file


def _opened(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0)


def _end_left_over(folder: Path, file: IO[bytes]) -> None:
    """End the engine that holds the lock, and take the lock; raises `EngineUnavailable`."""
    pid = _holder(folder, file)
    if pid is not None:
        kill = getattr(signal, "SIGKILL", signal.SIGTERM)
        for number, patience_s in ((signal.SIGTERM, _TERMINATE_S), (kill, _KILL_S)):
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, number)
            if _locked_within(file, patience_s):
                return
    raise EngineUnavailable(
        "An engine that an earlier server has started still uses this linked room's store"
        f"{'' if pid is None else f' (process {pid})'}, and did not end.",
        "End that nats-server, and start again.",
    )


def _holder(folder: Path, file: IO[bytes]) -> int | None:
    """Return the process that holds the engine's lock, or None if the number in it is another one's."""
    file.seek(0)
    text = file.read(16).strip()
    pid = int(text) if text.isdigit() else 0
    if pid <= 1:
        return None
    working_folder = Path(f"/proc/{pid}/cwd")
    if Path("/proc/self/cwd").exists():
        # The server may have been killed before it had written down its engine's number.
        with contextlib.suppress(OSError):
            return pid if working_folder.samefile(folder) else None
        return None
    return pid


def _locked_within(file: IO[bytes], seconds: float) -> bool:
    deadline_s = time.monotonic() + seconds
    while not try_lock(file):
        if time.monotonic() > deadline_s:
            return False
        # Waiting for a lock in the system has no timeout.
        time.sleep(_RETRY_S)
    return True
