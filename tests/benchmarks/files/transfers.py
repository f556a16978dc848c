"""Moves each shape with each program, in interleaved rounds, and returns tables."""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.benchmarks.files.movers import Mover, Ours
from tests.benchmarks.files.others import Curl, Scp
from tests.benchmarks.files.shapes import SHAPES, Moved, Shape
from tests.benchmarks.tables import marked, table

_WAYS: Final = ("up", "down")


class TransferResults:
    """The figures of all rounds, by the shape and the way, and by the program."""

    def __init__(self) -> None:
        self.moved: defaultdict[tuple[Shape, str], defaultdict[str, list[Moved]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self.absent: dict[str, str] = {}
        self.failures: list[str] = []

    def tables(self) -> str:
        """Return everything as Markdown."""
        notes = [f"Not here: {name} ({why})." for name, why in self.absent.items()]
        notes += [f"Failed: {failure}." for failure in self.failures]
        return "\n\n".join([*notes, self._speed(), self._cpu(), self._memory()])

    def _speed(self) -> str:
        def cell(shape: Shape, moved: Sequence[Moved]) -> str:
            seconds = statistics.median(one.seconds for one in moved)
            return f"{shape.total / seconds / 1e6:,.1f} MB/s" if shape.total > 1e7 else f"{seconds:.2f} s"

        return self._compared("Files, how fast", cell, lambda one: one.seconds)

    def _cpu(self) -> str:
        def cell(shape: Shape, moved: Sequence[Moved]) -> str:
            spent_s = statistics.median(one.server_cpu_s for one in moved)
            return f"{spent_s / shape.total * 1e9:.2f} s/GB" if shape.total > 1e8 else f"{spent_s:.2f} s"

        return self._compared("Files, the server's processor time", cell, lambda one: one.server_cpu_s)

    def _memory(self) -> str:
        ours = [(shape, way, by_name[Ours().name]) for (shape, way), by_name in self.moved.items()]
        rows = [
            (
                f"{shape.name} {way}",
                f"{max(one.server_grown_mb for one in moved):.1f} MB",
                f"{max(one.client_grown_mb for one in moved):.1f} MB",
            )
            for shape, way, moved in ours
            if moved
        ]
        return table("Files, how much memory grows at most", ("", "server", "client"), rows)

    def _compared(
        self,
        title: str,
        cell: Callable[[Shape, Sequence[Moved]], str],
        cost: Callable[[Moved], float],
    ) -> str:
        names = [*dict.fromkeys(name for by_name in self.moved.values() for name in by_name)]
        names.sort(key=lambda name: name != Ours().name)
        rows = []
        for (shape, way), by_name in self.moved.items():
            ours, *others = (by_name.get(name, []) for name in names)
            if ours:
                row = [f"{shape.name} {way}", cell(shape, ours)]
                rows.append((*row, *(times_as_good(ours, other, cost) for other in others)))
        return table(title, ("", *names), rows)


def times_as_good(ours: Sequence[Moved], others: Sequence[Moved], cost: Callable[[Moved], float]) -> str:
    """Return how many times as good ours is; each round is compared with itself."""
    ratios = [cost(other) / cost(one) for one, other in zip(ours, others, strict=False) if cost(one)]
    return marked(statistics.median(ratios)) if ratios else ""


def run_transfers(
    results: TransferResults,
    number: int,
    movers: Iterable[Mover] = (),
    shapes: Iterable[Shape] = SHAPES,
) -> None:
    """Move everything once; another program begins in each round, because a machine's speed drifts."""
    able = [mover for mover in movers or (Ours(), Scp(), Curl()) if _is_able(mover, results)]
    for shape in shapes:
        with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
            paths = shape.create(Path(name) / "files")
            done: dict[str, Mapping[str, Moved]] = {}
            for mover in [*able[number % len(able) :], *able[: number % len(able)]]:
                try:
                    done[mover.name] = _move(mover, paths, Path(name))
                except (RuntimeError, OSError) as error:
                    results.failures.append(f"{mover.name}, {shape.name}: {error}")
            for name_, moved in done.items():
                for way in _WAYS:
                    results.moved[shape, way][name_].append(moved[way])


def _move(mover: Mover, paths: Sequence[Path], folder: Path) -> Mapping[str, Moved]:
    with tempfile.TemporaryDirectory(dir=folder) as own:
        return dict(zip(_WAYS, mover.move(paths, Path(own)), strict=True))


def _is_able(mover: Mover, results: TransferResults) -> bool:
    if reason := mover.missing_reason():
        results.absent[mover.name] = reason
    return not reason
