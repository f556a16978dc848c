"""Prints findings for people, one after the other as they come, or for programs as one JSON array."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TextIO

from messango.doctor.all_checks import run_checks
from messango.doctor.findings import Finding, Severity
from messango.protocol.text.escaping import safe_json, safe_line
from messango.protocol.text.wording import counted

_SYMBOLS: Final = {Severity.OK: "✓", Severity.NOTE: "·", Severity.WARNING: "!", Severity.PROBLEM: "✗"}
#: For a terminal whose encoding lacks these symbols.
_ASCII_SYMBOLS: Final = {Severity.OK: "+", Severity.NOTE: "-", Severity.WARNING: "!", Severity.PROBLEM: "x"}
_COLORS: Final = {Severity.OK: 32, Severity.NOTE: 36, Severity.WARNING: 33, Severity.PROBLEM: 31}


def run_doctor(out: TextIO, *, as_json: bool, color: bool, findings: Iterable[Finding] | None = None) -> int:
    """Check this computer, write the findings, and return the exit status: 1 if there is a problem."""
    found: list[Finding] = []
    for finding in run_checks() if findings is None else findings:
        found.append(finding)
        if not as_json:
            # At once, because the slowest check takes seconds.
            out.writelines(f"{line}\n" for line in human_lines(finding, out.encoding, color=color))
            out.flush()
    out.write(f"{to_json(found)}\n" if as_json else f"\n{_summary(found)}\n")
    return 1 if any(finding.severity is Severity.PROBLEM for finding in found) else 0


def human_lines(finding: Finding, encoding: str | None, *, color: bool) -> Iterator[str]:
    """Yield the symbol with the message, and the remedy indented below it."""
    symbol = _symbols(encoding)[finding.severity]
    if color:
        symbol = f"\x1b[{_COLORS[finding.severity]}m{symbol}\x1b[0m"
    yield f"{symbol} {safe_line(finding.message)}"
    if finding.remedy and finding.severity is not Severity.OK:
        yield f"    {safe_line(finding.remedy)}"


def to_json(findings: Iterable[Finding]) -> str:
    """Return an array of objects with `check`, `level`, `what` and `cure`."""
    objects = [
        {
            "check": finding.check,
            "level": finding.severity.value,
            "what": finding.message,
            "cure": finding.remedy,
        }
        for finding in findings
    ]
    return safe_json(json.dumps(objects, ensure_ascii=False, indent=2))


def _summary(findings: Sequence[Finding]) -> str:
    levels = [finding.severity for finding in findings]
    problems, warnings = levels.count(Severity.PROBLEM), levels.count(Severity.WARNING)
    if problems:
        where = "it" if problems == 1 else "each"
        return f"{counted(problems, 'problem')} found. What to do is written below {where}."
    unproved = [finding.unproved for finding in findings if finding.unproved]
    if unproved:
        seen = f"{counted(warnings, 'warning')}" if warnings else "From this computer alone, nothing is wrong"
        return f"{safe_line(f'{seen}. Not proved: ' + '; '.join(unproved))}."
    if warnings:
        return f"No problems found, but {counted(warnings, 'warning')}."
    return "No problems found."


def _symbols(encoding: str | None) -> dict[Severity, str]:
    try:
        "".join(_SYMBOLS.values()).encode(encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _ASCII_SYMBOLS
    return _SYMBOLS
