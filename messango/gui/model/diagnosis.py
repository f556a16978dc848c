"""Why no room may be seen: what the doctor finds out while a list is empty."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from messango.doctor.findings import Finding, Severity

#: Worst first.
_WORTH_TELLING: Final = (Severity.PROBLEM, Severity.WARNING)


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
        return tuple(
            finding for level in _WORTH_TELLING for finding in self._found if finding.severity is level
        )

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
