"""Why no room may be seen: what the doctor finds out while a list is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.doctor.findings import Finding, Severity

#: Worst first.
_SHOWN_LEVELS: Final = (Severity.PROBLEM, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class DiagnosisDone:
    """All has been looked at."""


DiagnosisEvent: TypeAlias = Finding | DiagnosisDone


class Diagnosis:
    """Knows what was found; without a display, a thread or a clock."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self.running = False
        self.done = False

    @property
    def problems(self) -> tuple[Finding, ...]:
        """What may keep rooms from being seen, the worst first."""
        return tuple(
            finding for level in _SHOWN_LEVELS for finding in self._findings if finding.severity is level
        )

    def start(self) -> bool:
        """Forget what was found; false where it is being looked at already."""
        if self.running:
            return False
        self._findings, self.running, self.done = [], True, False
        return True

    def apply(self, event: DiagnosisEvent) -> None:
        """Take in what was found."""
        if isinstance(event, Finding):
            self._findings.append(event)
        else:
            self.running, self.done = False, True
