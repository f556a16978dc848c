"""Runs the doctor's checks in a thread."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterable

from messango.doctor.findings import Finding
from messango.gui.model.rooms.diagnosis import DiagnosisDone, DiagnosisEvent

logger = logging.getLogger(__name__)


class DiagnosisThread:
    """Owns the thread; its `events` end with `DiagnosisDone`. Only `finish` blocks."""

    def __init__(self, run_checks: Callable[[], Iterable[Finding]]) -> None:
        self.events: queue.SimpleQueue[DiagnosisEvent] = queue.SimpleQueue()
        self._run_checks = run_checks
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Start a run. Only after the last one has ended."""
        self._thread = threading.Thread(target=self._run, name="messango-gui-diagnosis", daemon=True)
        self._thread.start()

    def finish(self, timeout_s: float) -> None:
        """Wait for the thread."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        try:
            for finding in self._run_checks():
                self.events.put(finding)
        except Exception:  # The edge of the thread: a bug is logged, and the list stays usable.
            logger.exception("the checks could not be run")
        self.events.put(DiagnosisDone())
