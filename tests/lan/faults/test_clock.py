"""A clock that can be set while a program runs."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.lan.faults.clock import FORWARD_S, Clock

_TELL = "import sys, time\nfor _ in sys.stdin: print(time.time(), time.monotonic(), flush=True)"


@pytest.mark.lan
@pytest.mark.clock
def test_it_can_be_set_while_a_program_runs(tmp_path: Path) -> None:
    """The wall clock moves at once; the monotonic clock, which measures durations, does not."""
    clock = Clock(tmp_path / "clock")
    command = [sys.executable, "-c", _TELL]
    with subprocess.Popen(
        clock.wrap_command(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for ahead_s in (0, FORWARD_S, 0):
            clock.set_ahead(ahead_s)
            print(file=process.stdin, flush=True)
            wall_s, monotonic_s = map(float, process.stdout.readline().split())
            assert wall_s - time.time() == pytest.approx(ahead_s, abs=30)
            assert monotonic_s == pytest.approx(time.monotonic(), abs=30)
        process.stdin.close()
