"""Dials in a thread of its own, because resolving a host's name may take long and can't be cancelled."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from messango.errors import Unreachable
from messango.transport.dialing.dial import DialResult

_CANCEL_CHECK_S: Final = 0.1


class BackgroundDial:
    """Owns the thread that dials. Call `wait` once."""

    def __init__(self, dial: Callable[[], DialResult]) -> None:
        self._dial = dial
        self._lock = threading.Lock()  # guards the three below
        self._result: DialResult | None = None
        self._error: Exception | None = None
        self._abandoned = False
        self._ended = threading.Event()
        # A daemon: the system's resolver may keep it for many seconds after we have given up.
        self._thread = threading.Thread(target=self._run, name="messango-dial", daemon=True)

    def wait(self, is_cancelled: Callable[[], bool]) -> DialResult:
        """Return the result of the dial or raise its error; raises `Unreachable` once cancelled."""
        self._thread.start()
        while not self._ended.wait(_CANCEL_CHECK_S):
            if is_cancelled():
                break
        with self._lock:
            self._abandoned = True
            result, error = self._result, self._error
        if result is not None:
            return result
        raise error or Unreachable("The connection was given up.")

    def _run(self) -> None:
        try:
            result = self._dial()
        except Exception as error:  # noqa: BLE001 (the edge of the thread: the caller raises it)
            with self._lock:
                self._error = error
        else:
            with self._lock:
                self._result = result
                too_late = self._abandoned
            if too_late:
                result.connection.close()
        finally:
            self._ended.set()
