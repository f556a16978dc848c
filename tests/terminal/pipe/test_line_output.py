"""What other code prints while a screen is open comes line by line."""

from __future__ import annotations

import sys

from messango.terminal.pipe.line_output import LineOutput, redirected_output


def test_whole_lines_are_passed_on() -> None:
    """In whatever pieces they are written."""
    shown: list[str] = []
    output = LineOutput(shown.extend)
    for piece in ("one\ntw", "o", "\n\nthree"):
        output.write(piece)
    assert shown == ["one", "two", ""]
    output.end_line()
    output.end_line()
    assert shown == ["one", "two", "", "three"]
    assert output.writable()


def test_both_outputs_are_redirected_for_the_block() -> None:
    """Standard output and standard error, and no longer."""
    shown: list[str] = []
    before = sys.stdout, sys.stderr
    with redirected_output(shown.extend):
        sys.stdout.write("said\n")
        sys.stderr.write("a warning")
    assert shown == ["said", "a warning"]
    assert (sys.stdout, sys.stderr) == before
