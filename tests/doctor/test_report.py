"""Findings as lines for people and as JSON, and the exit status."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest

from messango.doctor.findings import Finding, Severity
from messango.doctor.report import human_lines, run_doctor

OK = Finding("clock", Severity.OK, "The clock is right.")
NOTE = Finding("firewall", Severity.NOTE, "ufw is on.", "Open the port.")
WARNING = Finding("vpn", Severity.WARNING, "A VPN is on.", "Switch it off.")
PROBLEM = Finding("network", Severity.PROBLEM, "No network.", "Plug the cable in.")


def run(*findings: Finding, as_json: bool = False) -> tuple[int, str]:
    """Return the exit status and the output."""
    out = io.StringIO()
    status = run_doctor(out, as_json=as_json, color=False, findings=findings)
    return status, out.getvalue()


@pytest.mark.parametrize(
    ("findings", "status"), [((OK, NOTE, WARNING), 0), ((OK, PROBLEM, WARNING), 1), ((), 0)]
)
def test_only_a_problem_makes_it_fail(findings: tuple[Finding, ...], status: int) -> None:
    """The exit status is 1 for a problem and 0 for anything less, as text and as JSON."""
    assert run(*findings)[0] == status
    assert run(*findings, as_json=True)[0] == status


def test_json_is_one_array_of_objects() -> None:
    """Programs rely on the fields check, level, what and cure."""
    assert json.loads(run(OK, PROBLEM, as_json=True)[1]) == [
        {"check": "clock", "level": "ok", "what": "The clock is right.", "cure": ""},
        {"check": "network", "level": "problem", "what": "No network.", "cure": "Plug the cable in."},
    ]


def test_people_read_each_remedy_below_its_message() -> None:
    """One line each, the remedy indented, and at the end the number of problems."""
    assert run(PROBLEM, OK)[1].splitlines()[1:4] == ["    Plug the cable in.", *list(lines(OK)), ""]
    assert run(PROBLEM)[1].endswith("1 problem found. What to do is written below it.\n")
    assert run(PROBLEM, PROBLEM)[1].endswith("2 problems found. What to do is written below each.\n")
    assert run(OK)[1].endswith("No problems found.\n")
    assert run(WARNING)[1].endswith("No problems found, but 1 warning.\n")


def test_what_is_not_proved_is_not_called_well() -> None:
    """A computer that reaches itself knows nothing about others."""
    alone = Finding("chat-port", Severity.NOTE, "Nobody has joined.", "Ask.", unproved="that others reach it")
    summary = "Not proved: that others reach it."
    assert run(OK, alone)[1].endswith(f"\nFrom this computer alone, nothing is wrong. {summary}\n")
    assert run(WARNING, alone)[1].endswith(f"\n1 warning. {summary}\n")
    assert run(PROBLEM, alone)[1].endswith("1 problem found. What to do is written below it.\n")
    assert "unproved" not in run(alone, as_json=True)[1]


def lines(finding: Finding, encoding: str | None = None, *, color: bool = False) -> list[str]:
    """Return the lines of one finding."""
    return list(human_lines(finding, encoding, color=color))


def test_a_strangers_name_cannot_forge_lines() -> None:
    """A finding is one line, whatever name or version it mentions."""
    finding = Finding("rooms", Severity.NOTE, "“Tea\n✓ all is well\x1b[2J” answers.", "Ask\nit.")
    assert [line.count("\n") + line.count("\x1b") for line in lines(finding, "utf-8")] == [0, 0]
    assert "\x1b" not in run(finding, as_json=True)[1]


def test_symbols_fit_the_terminal() -> None:
    """A terminal without Unicode gets symbols that it can show."""
    assert lines(OK, "utf-8") == ["✓ The clock is right."]
    assert lines(OK, "ascii") == lines(OK, None) == lines(OK, "no-such") == ["+ The clock is right."]


def test_color_is_the_callers_choice() -> None:
    """Only the symbol is coloured."""
    assert lines(PROBLEM, "utf-8", color=True)[0] == "\x1b[31m✗\x1b[0m No network."
    assert "\x1b" not in "".join(lines(PROBLEM, "utf-8"))


def test_lines_are_written_as_findings_come() -> None:
    """The first finding is written before the second is known."""
    terminal = io.BytesIO()
    out = io.TextIOWrapper(terminal, "utf-8")

    def findings() -> Iterator[Finding]:
        yield OK
        assert OK.message.encode() in terminal.getvalue()
        yield PROBLEM

    assert run_doctor(out, as_json=False, color=False, findings=findings()) == 1
