"""`python -m tests.benchmarks`: runs the cases for all contestants, round by round."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, get_args

import click

from tests.benchmarks import everyday, light
from tests.benchmarks.build import compile_program, load_unavailable_reason
from tests.benchmarks.cases import long_cases, short_cases
from tests.benchmarks.contestants import OURS, Contestant, Forwarder, Threaded, Tree, variants
from tests.benchmarks.files.talk import talk_beside_files
from tests.benchmarks.files.transfers import TransferResults, run_transfers
from tests.benchmarks.guests.browsers import Browsers
from tests.benchmarks.guests.subjects import FIVE_GUESTS, GUESTS, guest_subjects, run_guest_transfers
from tests.benchmarks.linked.contestants import LinkedRoom
from tests.benchmarks.linked.engines import EngineForm, Engines, engines_unavailable_reason
from tests.benchmarks.linked.subjects import LINKED, LINKED_HALL, linked_subjects
from tests.benchmarks.load import Case, run_load
from tests.benchmarks.old_messages import old_messages
from tests.benchmarks.others import others
from tests.benchmarks.processes import running
from tests.benchmarks.report import tables
from tests.benchmarks.results import Results
from tests.benchmarks.window import window_start, window_unavailable_reason
from tests.support.browser.chromium import chromium_skip_reason
from tests.support.network_namespace import move_to_own_network

#: What is measured in the short form; then what only the long form measures.
_SHORT: Final = ("fan-out", "latency", "joining", "storm")
_KINDS: Final = (
    *_SHORT,
    "back",
    "pipe",
    "old",
    "window",
    "start-up",
    "memory",
    "idle",
    "files",
    "talk beside files",
    GUESTS,
    FIVE_GUESTS,
    LINKED,
    LINKED_HALL,
)

#: What is measured of each tree of ours: its title, and the function that returns its figures.
_Light = Mapping[str, Callable[[Tree], dict[str, float]]]


@click.command()
@click.option("--long", "is_long", is_flag=True, help="Every shape, and what else users wait for.")
@click.option("--rounds", type=click.IntRange(1, 100), default=3, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.05, 60), default=0.3, show_default=True, help="A fan-out.")
@click.option("--only", "kinds", type=click.Choice(_KINDS), multiple=True, help="Only this kind.")
@click.option("--case", "part", default="", metavar="TEXT", help="Only cases with this in their name.")
@click.option("--contestant", "wanted", multiple=True, metavar="NAME", help="Only those; ours always.")
@click.option(
    "--against",
    "against",
    multiple=True,
    metavar="[NAME=]PATH",
    help="Compare with the Messango of another source tree.",
)
@click.option("--spread", is_flag=True, help="Show the lowest and the highest ratio of the rounds.")
@click.option("--idle-seconds", type=click.FloatRange(1, 600), default=10, show_default=True)
@click.option(
    "--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write it all here."
)
def main(
    *,
    is_long: bool,
    rounds: int,
    seconds: float,
    kinds: tuple[str, ...],
    part: str,
    wanted: tuple[str, ...],
    against: tuple[str, ...],
    spread: bool,
    idle_seconds: float,
    json_path: Path | None,
) -> None:
    """Compare Messango with other servers on loopback, in interleaved rounds."""
    if reason := load_unavailable_reason():
        sys.exit(f"The benchmark can't run: {reason}.")
    # If a signal ends the benchmark, it still stops its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    # In a network of our own, if the system allows one, no foreign mDNS traffic disturbs the measurement.
    move_to_own_network()
    kinds = kinds or (_KINDS if is_long else _SHORT)
    cases = [
        case
        for case in (long_cases if is_long else short_cases)(seconds)
        if case.kind in kinds and part in case.name
    ]
    trees = [OURS, *map(_parse_tree, against)]
    results = Results()
    with (
        tempfile.TemporaryDirectory(prefix="benchmark-") as name,
        Browsers() as browsers,
        Engines() as engines,
    ):
        folder = Path(name)
        load = compile_program("load", folder)
        contestants = [server for tree in trees for server in variants(tree)]
        if _may_link(kinds, results):
            contestants += [LinkedRoom(engines, form) for form in get_args(EngineForm)]
        contestants += _available_others(folder, wanted, results)
        subjects = _subjects(kinds, load, idle_seconds, browsers, engines, results)
        movers = [*_movers(kinds, browsers)]
        for number in range(rounds):
            for case in cases:
                _run_case(load, contestants, case, number, results)
            _run_light_round(subjects, trees, number, results)
            for transfers, run_round in movers:
                run_round(transfers, number)
            results.end_round()
            click.echo(f"round {number + 1} of {rounds} done", err=True)
            if json_path is not None:
                results.save(json_path)
    click.echo(tables(results, spread=spread))
    for transfers, _ in movers:
        click.echo(f"\n{transfers.tables()}")


def _movers(
    kinds: Sequence[str], browsers: Browsers
) -> Iterator[tuple[TransferResults, Callable[[TransferResults, int], None]]]:
    """Yield what moves files in each round, with its results."""
    if "files" in kinds:
        yield TransferResults(), run_transfers
    if GUESTS in kinds:
        yield TransferResults(), partial(run_guest_transfers, browsers)


def _parse_tree(text: str) -> Tree:
    """Return the tree of a `[NAME=]PATH`; its folder's name is the default."""
    name, _, path = text.rpartition("=")
    root = Path(path).resolve()
    if not (root / "messango" / "__main__.py").is_file():
        raise click.BadParameter(f"{path} has no messango/__main__.py", param_hint="--against")
    return Tree((name or root.name).replace(",", " "), root)


def _available_others(folder: Path, wanted: Sequence[str], results: Results) -> Iterator[Contestant]:
    for contestant in (Threaded(), Forwarder(compile_program("forward", folder)), *others()):
        if wanted and contestant.name not in wanted:
            continue
        if reason := contestant.missing_reason():
            results.absent[contestant.name] = reason
        else:
            yield contestant


def _may_link(kinds: Sequence[str], results: Results) -> bool:
    """Return whether linked rooms are wanted and possible; note why if they are not."""
    if {LINKED, LINKED_HALL} & {*kinds} and (reason := engines_unavailable_reason()):
        results.absent[LINKED] = reason
    return LINKED in kinds and LINKED not in results.absent


def _run_case(
    load: Path, contestants: Sequence[Contestant], case: Case, number: int, results: Results
) -> None:
    """Run the case for all, starting with another one in each round, because a machine's speed drifts."""
    able = [contestant for contestant in contestants if contestant.able(case)]
    done = {}
    for contestant in _rotated(able, number):
        try:
            with running(contestant, case.clients) as server:
                done[contestant.name] = run_load(load, contestant, server, case)
        except RuntimeError as error:
            results.failures.append(str(error))
    for contestant in able:
        if contestant.name in done:
            results.add(case, contestant.name, done[contestant.name])


def _rotated(every: Sequence[Contestant], number: int) -> list[Contestant]:
    first = number % len(every)
    return [*every[first:], *every[:first]]


def _subjects(
    kinds: Sequence[str],
    load: Path,
    idle_seconds: float,
    browsers: Browsers,
    engines: Engines,
    results: Results,
) -> _Light:
    """Return what is to be measured of each tree, by its title."""
    every: dict[str, _Light] = {
        **guest_subjects(browsers, load, idle_seconds),
        **linked_subjects(engines, idle_seconds),
        "back": {"Coming back after a break": everyday.coming_back},
        "pipe": {"Pipes, until all is accepted": everyday.pipes},
        "old": {"A million old messages": old_messages},
        "window": {"Window": window_start},
        "start-up": {"Start-up": light.start_up},
        "memory": {
            "Memory, encrypted": lambda tree: light.memory(tree, load, tls=True),
            "Memory, plaintext": lambda tree: light.memory(tree, load, tls=False),
        },
        "talk beside files": {"Talk beside files": lambda tree: talk_beside_files(load, tree)},
        "idle": {
            "Idle with five members": lambda tree: light.idle(tree, idle_seconds, advertise=True),
            "Idle with five members, not advertised": lambda tree: light.idle(
                tree, idle_seconds, advertise=False
            ),
        },
    }
    if "window" in kinds and (reason := window_unavailable_reason()):
        results.absent["window"] = reason
        del every["window"]
    if {GUESTS, FIVE_GUESTS} & {*kinds} and (reason := chromium_skip_reason()):
        results.absent["guests"] = reason
        del every[GUESTS], every[FIVE_GUESTS]
    if LINKED in results.absent:
        del every[LINKED], every[LINKED_HALL]
    return {title: measure for kind in every if kind in kinds for title, measure in every[kind].items()}


def _run_light_round(subjects: _Light, trees: Sequence[Tree], number: int, results: Results) -> None:
    """Measure each subject for all trees, every other round in the reverse order."""
    for title, measure in subjects.items():
        done = {}
        for tree in trees if number % 2 == 0 else [*trees][::-1]:
            try:
                done[tree.name] = measure(tree)
            except (RuntimeError, AssertionError, subprocess.SubprocessError) as error:
                results.failures.append(f"{tree.name}, {title}: {error}")
        for tree in trees:
            if tree.name in done:
                results.add_light(title, tree.name, done[tree.name])


if __name__ == "__main__":
    main()
