"""Why no room may be seen: what the doctor finds out while a list is empty."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.doctor.findings import Finding, Level

logger = logging.getLogger(__name__)

#: Worst first.
_WORTH_TELLING: Final = (Level.PROBLEM, Level.WARNING)


@dataclass(frozen=True, slots=True)
class CheckupDone:
    """All has been looked at."""


CheckupEvent: TypeAlias = Finding | CheckupDone


class Checkup:
    """Knows what was found; without a display, a thread or a clock."""

    def __init__(self) -> None:
        self._found: list[Finding] = []
        self.running = False
        self.done = False

    @property
    def troubles(self) -> tuple[Finding, ...]:
        """What may keep rooms from being seen, the worst first."""
        return tuple(finding for level in _WORTH_TELLING for finding in self._found if finding.level is level)

    def begin(self) -> bool:
        """Forget what was found; false where it is being looked at already."""
        if self.running:
            return False
        self._found, self.running, self.done = [], True, False
        return True

    def hear(self, event: CheckupEvent) -> None:
        """Take in what was found."""
        if isinstance(event, Finding):
            self._found.append(event)
        else:
            self.running, self.done = False, True


class Examiner:
    """Owns the thread that examines; its `events` end with `CheckupDone`. Nothing waits but `finish`."""

    def __init__(self, examine: Callable[[], Iterable[Finding]]) -> None:
        self.events: queue.SimpleQueue[CheckupEvent] = queue.SimpleQueue()
        self._examine = examine
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; only after the last examination has ended."""
        self._thread = threading.Thread(target=self._run, name="messango-gui-checkup", daemon=True)
        self._thread.start()

    def finish(self, timeout_s: float) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            for finding in self._examine():
                self.events.put(finding)
        except Exception:  # The edge of the thread: a fault of ours is logged, and the list stays usable.
            logger.exception("the machine could not be examined")
        self.events.put(CheckupDone())
