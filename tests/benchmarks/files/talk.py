"""What talk notices of files: five members with 50 messages a second, and three transfers beside them."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.contestants import OURS, Tree
from tests.benchmarks.files.movers import FileRoom, two_members
from tests.benchmarks.load import Case, Outcome, run_load

_TALK: Final = Case("5 clients, 50 messages/s", 5, 5, rate=50.0, seconds=4.0)

#: More than goes through while people talk.
_FILE_BYTES: Final = 1_000_000_000

_CASES: Final = {
    "no transfer": (False, True),
    "three transfers": (True, True),
    "three transfers, not paced": (True, False),
}


def talk_beside_files(load: Path, tree: Tree = OURS, file_bytes: int = _FILE_BYTES) -> dict[str, float]:
    """Return the median and the 99th percentile of talk, in ms; and how many times as long files make it."""
    figures = {}
    outcomes = {
        name: _talk(load, tree, file_bytes, has_files=has_files, paced=paced)
        for name, (has_files, paced) in _CASES.items()
    }
    alone = next(iter(outcomes.values()))
    for name, outcome in outcomes.items():
        figures[f"{name}, median, ms"] = outcome.p50_ms
        figures[f"{name}, 99th percentile, ms"] = outcome.p99_ms
        if outcome is not alone:
            figures[f"{name}, 99th percentile, times that without"] = outcome.p99_ms / alone.p99_ms
    return figures


def _talk(load: Path, tree: Tree, file_bytes: int, *, has_files: bool, paced: bool) -> Outcome:
    """Measure talk while one member sends two files, and another one gets one."""
    room = FileRoom(tree, paced=paced)
    with TemporaryDirectory(prefix="benchmark-") as name, two_members(room, tree, Path(name)) as members:
        up, down = members
        if has_files:
            paths = [_sparse(Path(name) / f"{number}.bin", file_bytes + number) for number in range(3)]
            up.start(do="put", paths=[str(paths[0])])
            files = up.finish()
            up.start(do="put", paths=[*map(str, paths[1:])])
            down.start(do="get", files=files, folder=str(Path(name) / "down"))
        outcome = run_load(load, room, up.server, _TALK)
        if has_files:
            up.kill()
            down.kill()
        return outcome


def _sparse(path: Path, size: int) -> Path:
    """Write a file of zeros, which nothing on the way compresses."""
    with path.open("wb") as file:
        file.truncate(size)
    return path
