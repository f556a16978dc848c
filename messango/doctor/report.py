"""Tells the findings to a person, a line each as they come, or to a program, as one JSON array."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final, TextIO

from messango.doctor.checks import examine
from messango.doctor.findings import Finding, Level

_MARKS: Final = {Level.OK: "✓", Level.NOTE: "·", Level.WARNING: "!", Level.PROBLEM: "✗"}
#: For a terminal whose encoding has no such marks.
_PLAIN_MARKS: Final = {Level.OK: "+", Level.NOTE: "-", Level.WARNING: "!", Level.PROBLEM: "x"}
_COLORS: Final = {Level.OK: 32, Level.NOTE: 36, Level.WARNING: 33, Level.PROBLEM: 31}


def run_doctor(out: TextIO, *, as_json: bool, color: bool, findings: Iterable[Finding] | None = None) -> int:
    """Examine this machine, write what is found, and return the exit status: 1 where there is a problem."""
    found: list[Finding] = []
    for finding in examine() if findings is None else findings:
        found.append(finding)
        if not as_json:
            # At once, since the slowest takes seconds.
            out.writelines(f"{line}\n" for line in human_lines(finding, out.encoding, color=color))
            out.flush()
    out.write(f"{to_json(found)}\n" if as_json else f"\n{_summary(found)}\n")
    return 1 if any(finding.level is Level.PROBLEM for finding in found) else 0


def human_lines(finding: Finding, encoding: str | None, *, color: bool) -> Iterator[str]:
    """Return the mark with the sentence, and the cure indented under it."""
    mark = _marks(encoding)[finding.level]
    if color:
        mark = f"\x1b[{_COLORS[finding.level]}m{mark}\x1b[0m"
    yield f"{mark} {finding.what}"
    if finding.cure and finding.level is not Level.OK:
        yield f"    {finding.cure}"


def to_json(findings: Iterable[Finding]) -> str:
    """Return an array of objects with `check`, `level`, `what` and `cure`."""
    objects = [
        {"check": finding.check, "level": finding.level.value, "what": finding.what, "cure": finding.cure}
        for finding in findings
    ]
    return json.dumps(objects, ensure_ascii=False, indent=2)


def _summary(findings: Iterable[Finding]) -> str:
    levels = [finding.level for finding in findings]
    problems, warnings = levels.count(Level.PROBLEM), levels.count(Level.WARNING)
    if problems:
        where = "it" if problems == 1 else "each"
        return f"{_counted(problems, 'problem')} found, with the cure under {where}."
    if warnings:
        return f"No problem found, but {_counted(warnings, 'warning')}."
    return "No problem found."


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _marks(encoding: str | None) -> dict[Level, str]:
    try:
        "".join(_MARKS.values()).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _PLAIN_MARKS
    return _MARKS
