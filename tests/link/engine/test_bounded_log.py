"""The engine's log does not grow for ever."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

from messango.link.engine.bounded_log import BoundedLog


def test_it_is_bounded(tmp_path: Path) -> None:
    """The last lines are there, and one file before them."""
    path = tmp_path / "engine.log"
    log = BoundedLog(path, limit=1_000)
    for number in range(1_000):
        log.append(b"line %d\n" % number)
    files = sorted(tmp_path.iterdir())
    assert [file.name for file in files] == ["engine.log", "engine.log.1"]
    assert sum(file.stat().st_size for file in files) < 2_100
    assert (files[1].read_bytes() + files[0].read_bytes()).endswith(b"line 998\nline 999\n")
    if sys.platform != "win32":
        assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_a_folder_that_is_gone(tmp_path: Path) -> None:
    """Loses the lines, and nothing else."""
    BoundedLog(tmp_path / "missing" / "engine.log").append(b"line\n")
