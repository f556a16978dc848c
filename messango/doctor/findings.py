"""What an examination finds."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """How much a finding matters to somebody who sees no room."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """What is so, in a sentence, and what to do about it; `check` is the same in every version."""

    check: str
    severity: Severity
    message: str
    remedy: str = ""
