"""The result of a check."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Severity(enum.Enum):
    """How much a finding matters to a person who can't find a room."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact in a sentence, and what to do about it; the names in `check` are the same in every version.

    `unproved` goes on from "Not proved:" if this computer alone can't tell: "that others can reach the room".
    """

    check: str
    severity: Severity
    message: str
    remedy: str = ""
    unproved: str = ""
