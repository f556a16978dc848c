"""Sends to an original client with pauses, because it shows what one read returns as one line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

#: Longer than the client takes from one read to the next, and shorter than anybody notices.
PAUSE_S: Final = 0.1


class TimerLike(Protocol):
    """The part of `threading.Timer` that is used."""

    def start(self) -> None:
        """Start waiting."""

    def cancel(self) -> None:
        """Stop waiting."""

    def join(self) -> None:
        """Wait for the end of its thread."""


class PacedSender:
    """Passes encoded frames on to `send`: the first at once, those within the pause after it together.

    For any thread. Owns the lock that guards its state, and a timer while something waits; what waits is at
    most what the room sends in `PAUSE_S`. `send` must not wait or raise.
    """

    def __init__(
        self,
        send: Callable[[bytes], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        new_timer: Callable[[float, Callable[[], None]], TimerLike] | None = None,
    ) -> None:
        self._send, self._clock, self._new_timer = send, clock, new_timer or _new_timer
        self._lock = threading.Lock()
        self._waiting = b""
        #: While a timer runs or frames are being passed on, all others wait.
        self._is_busy = False
        self._is_closed = False
        self._pause_ends_s = 0.0
        self._timer: TimerLike | None = None

    def send(self, frames: bytes) -> None:
        """Send these encoded frames now or after the pause; nothing after `close`."""
        with self._lock:
            if self._is_closed:
                return
            self._waiting += frames
            if not self._may_flush():
                return
        self._flush()

    def close(self, final_frames: bytes, shutdown: Callable[[bytes], None]) -> None:
        """Pass what waits and the last frames to `shutdown`, now or after the pause. Twice is harmless."""
        with self._lock:
            if self._is_closed:
                return
            self._is_closed, self._send = True, shutdown
            self._waiting += final_frames
            if not self._may_flush():
                return
        self._flush()

    def cancel(self) -> None:
        """Send nothing more, and wait for the thread of the timer."""
        with self._lock:
            self._is_closed, self._waiting = True, b""
            timer = self._timer
        if timer is not None:
            timer.cancel()
            timer.join()

    def _flush(self) -> None:
        while True:
            with self._lock:
                frames, self._waiting, send = self._waiting, b"", self._send
                self._pause_ends_s = self._clock() + PAUSE_S
            if frames:
                send(frames)
            with self._lock:
                self._is_busy = False
                if not self._waiting or not self._may_flush():
                    return

    def _may_flush(self) -> bool:
        """Return whether the caller has to flush now; if not, the thread that is busy or a timer does.

        With the lock held.
        """
        if self._is_busy:
            return False
        self._is_busy = True
        pause_s = self._pause_ends_s - self._clock()
        return pause_s <= 0 or not self._start_timer(pause_s)

    def _start_timer(self, seconds: float) -> bool:
        timer = self._new_timer(seconds, self._flush)
        try:
            timer.start()
        except RuntimeError:
            return False  # The system can't start a thread now. Better without a pause than never.
        self._timer = timer
        return True


def _new_timer(seconds: float, callback: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, callback)
    timer.daemon, timer.name = True, "messango-paced-sender"
    return timer
