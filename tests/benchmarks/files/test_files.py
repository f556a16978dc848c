"""The benchmark of files runs on small ones, and its tables are right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.benchmarks.files.movers import Ours
from tests.benchmarks.files.others import Curl
from tests.benchmarks.files.shapes import Moved, Shape
from tests.benchmarks.files.transfers import TransferResults, run_transfers, times_as_good

SMALL = Shape("2 files of 70 KB", 70_000, 2)


class Still:
    """A program that moves nothing, in times that the test says."""

    def __init__(self, name: str, *seconds: float) -> None:
        self.name = name
        self._seconds = iter(seconds)

    def missing_reason(self) -> str:
        """Return that it is missing if it has no times."""
        return "" if self.name != "absent" else "it is not installed"

    def move(self, paths: Sequence[Path], folder: Path) -> tuple[Moved, Moved]:
        """Return the next figures."""
        assert [path.stat().st_size for path in paths] == [SMALL.size] * SMALL.count
        assert folder.is_dir()
        seconds = next(self._seconds)
        return Moved(seconds, 0.1, 0.1), Moved(2 * seconds, 0.1, 0.1)


def test_ratios_compare_each_round_with_itself() -> None:
    """And are bold if we are worse."""
    ours = [Moved(1.0, 1.0, 0.0), Moved(10.0, 1.0, 0.0), Moved(2.0, 1.0, 0.0)]
    others = [Moved(2.0, 1.0, 0.0), Moved(5.0, 1.0, 0.0), Moved(1.5, 1.0, 0.0)]
    assert times_as_good(ours, others, lambda one: one.seconds) == "**0.75**"
    assert times_as_good(ours, [], lambda one: one.seconds) == ""


def test_the_tables_name_what_is_missing_and_what_failed() -> None:
    """Ours comes first; a program that fails in a round is left out of it."""
    results = TransferResults()
    movers = [Still("scp", 1.0, 1.0), Still("messango", 2.0, 0.5), Still("absent")]
    for number in range(2):
        run_transfers(results, number, movers, [SMALL])
    results.failures.append("curl, 1 MB: no")
    shown = results.tables()
    assert "Not here: absent (it is not installed)." in shown
    assert "Failed: curl, 1 MB: no." in shown
    assert "|                       | messango | scp" in shown
    assert "| 2 files of 70 KB up   | 1.25 s   | 1.25" in shown


@pytest.mark.program
def test_small_files_with_the_real_programs(tmp_path: Path) -> None:
    """Every figure is there, and the files come whole."""
    paths = SMALL.create(tmp_path / "files")
    for mover in (Ours(), Curl()):
        if reason := mover.missing_reason():
            pytest.skip(reason)
        (folder := tmp_path / mover.name).mkdir()
        for moved in mover.move(paths, folder):
            assert moved.seconds > 0
        for path in paths:
            assert (folder / "down" / path.name).read_bytes() == path.read_bytes()
