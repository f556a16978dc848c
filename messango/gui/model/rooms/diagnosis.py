"""Why no rooms are found: the doctor's findings, shown while the list is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.doctor.findings import Finding, Severity

#: Worst first.
_SHOWN_LEVELS: Final = (Severity.PROBLEM, Severity.WARNING)


@dataclass(frozen=True, slots=True)
class DiagnosisDone:
    """All checks have run."""


DiagnosisEvent: TypeAlias = Finding | DiagnosisDone


class Diagnosis:
    """Collects the findings of a run of the doctor."""

    def __init__(self) -> None:
        self._findings: list[Finding] = []
        self.running = False
        self.done = False

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that may keep rooms from being found, the worst first."""
        return tuple(
            finding for level in _SHOWN_LEVELS for finding in self._findings if finding.severity is level
        )

    def start(self) -> bool:
        """Clear the findings for a new run; returns false if one is running."""
        if self.running:
            return False
        self._findings, self.running, self.done = [], True, False
        return True

    def apply(self, event: DiagnosisEvent) -> None:
        """Apply an event of the doctor."""
        if isinstance(event, Finding):
            self._findings.append(event)
        else:
            self.running, self.done = False, True
