"""Yields the events of a browser until a deadline, which may move meanwhile."""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from typing import Final

from messango.discovery.browse import Browser
from messango.discovery.hints import HINT_DELAY_S, RoomHint
from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.room_row import Service
from messango.discovery.probe_pool import Probe
from messango.transport.dialing.probe import probe

#: A command that has its result does not wait for probes of machines that are gone.
_CLOSE_TIMEOUT_S: Final = 0.2
#: On some systems Ctrl-C takes effect only between two waits.
_CTRL_C_POLL_S: Final = 0.5


class Deadline:
    """When to stop searching; the caller may move it between two events."""

    def __init__(self, timeout_s: float | None, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        self.at_s = float("inf") if timeout_s is None else time.monotonic() + timeout_s
        self._is_cancelled = is_cancelled
        self._is_pending: Callable[[], bool] = lambda: False
        self._patient_at_s = self.at_s

    def remaining_s(self) -> float:
        """Return the seconds left; 0 if the search was cancelled."""
        if self._is_cancelled():
            return 0.0
        now = time.monotonic()
        if self.at_s <= now < self._patient_at_s and self._is_pending():
            return self._patient_at_s - now
        return self.at_s - now

    def extend_while(self, is_pending: Callable[[], bool], patience_s: float) -> None:
        """Go on after the deadline while `is_pending` returns true, until `patience_s` from now."""
        self._is_pending, self._patient_at_s = is_pending, time.monotonic() + patience_s

    def shorten(self, timeout_s: float) -> None:
        """Stop after this many seconds from now, or at the old deadline, whichever is sooner."""
        self.at_s = self._patient_at_s = min(max(self.at_s, self._patient_at_s), time.monotonic() + timeout_s)


def browse_events(
    deadline: Deadline,
    *,
    interfaces: Sequence[str] | None = None,
    hints: Sequence[RoomHint] = (),
    hint_delay_s: float = HINT_DELAY_S,
    is_wanted: Callable[[Service], bool] = lambda _: False,
    probe: Probe = probe,
) -> Generator[BrowseEvent, None, None]:
    """Yield the events of a browser until the deadline, or until the caller closes the generator.

    Services for which `is_wanted` returns true are probed first.
    """
    browser = Browser(
        interfaces=interfaces, hints=hints, hint_delay_s=hint_delay_s, is_wanted=is_wanted, probe=probe
    )
    browser.start()
    try:
        while (remaining := deadline.remaining_s()) > 0:
            with contextlib.suppress(queue.Empty):
                yield browser.events.get(timeout=min(remaining, _CTRL_C_POLL_S))
    finally:
        browser.close(_CLOSE_TIMEOUT_S)


def only_probed(events: Iterable[BrowseEvent]) -> Iterator[BrowseEvent]:
    """Yield the events worth printing: failures, and rooms once they have been probed."""
    listed: set[str] = set()
    for event in events:
        if isinstance(event, RoomRemoved):
            if event.room.key in listed:
                listed.discard(event.room.key)
                yield event
        elif isinstance(event, BrowseFailed):
            yield event
        elif not isinstance(event, (RoomAdded, RoomUpdated)):
            continue
        elif event.room.key in listed:
            yield RoomUpdated(event.room)
        elif event.room.status is not RoomStatus.CHECKING:
            listed.add(event.room.key)
            yield RoomAdded(event.room)
