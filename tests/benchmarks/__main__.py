"""`python -m tests.benchmarks`: runs the cases for all contestants, round by round."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from tests.benchmarks import light
from tests.benchmarks.build import compile_program, load_unavailable_reason
from tests.benchmarks.cases import LATENCY, STORM, fan_outs
from tests.benchmarks.contestants import Contestant, Forwarder, Threaded, ours
from tests.benchmarks.load import Case, run_load
from tests.benchmarks.others import others
from tests.benchmarks.processes import running
from tests.benchmarks.report import Results, tables
from tests.support.network_namespace import move_to_own_network

KINDS = ("fan-out", "latency", "storm", "idle", "memory", "start-up")


@click.command()
@click.option("--rounds", type=click.IntRange(1, 100), default=2, show_default=True)
@click.option("--seconds", type=click.FloatRange(0.05, 60), default=0.3, show_default=True, help="A fan-out.")
@click.option(
    "--size", "sizes", type=click.IntRange(32, 50_000), multiple=True, default=[100], show_default=True
)
@click.option("--only", "kinds", type=click.Choice(KINDS), multiple=True, default=KINDS)
@click.option("--contestant", "wanted", multiple=True, metavar="NAME", help="Only those; ours always.")
@click.option("--idle-seconds", type=click.FloatRange(1, 600), default=10, show_default=True)
@click.option(
    "--json", "json_path", type=click.Path(dir_okay=False, path_type=Path), help="Write it all here."
)
def main(
    *,
    rounds: int,
    seconds: float,
    sizes: tuple[int, ...],
    kinds: tuple[str, ...],
    wanted: tuple[str, ...],
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
    cases = fan_outs(sizes, seconds) if "fan-out" in kinds else []
    cases += [case for kind, case in (("latency", LATENCY), ("storm", STORM)) if kind in kinds]
    results = Results()
    with tempfile.TemporaryDirectory(prefix="benchmark-") as name:
        folder = Path(name)
        load = compile_program("load", folder)
        contestants = [*_available_contestants(folder, wanted, results)]
        for number in range(rounds):
            for case in cases:
                _run_case(load, contestants, case, number, results)
            _run_light_round(kinds, load, folder, idle_seconds, results)
            results.end_round()
            click.echo(f"round {number + 1} of {rounds} done", err=True)
            if json_path is not None:
                results.save(json_path)
    click.echo(tables(results))


def _available_contestants(folder: Path, wanted: Sequence[str], results: Results) -> Iterator[Contestant]:
    yield from ours()
    for contestant in (Threaded(), Forwarder(compile_program("forward", folder)), *others()):
        if wanted and contestant.name not in wanted:
            continue
        if reason := contestant.missing_reason():
            results.absent[contestant.name] = reason
        else:
            yield contestant


def _run_case(
    load: Path, contestants: Sequence[Contestant], case: Case, number: int, results: Results
) -> None:
    """Run the case for all, starting with another one in each round, because a machine's speed drifts."""
    able = [contestant for contestant in contestants if case.size <= contestant.longest]
    first = number % len(able)
    done = {}
    for contestant in [*able[first:], *able[:first]]:
        try:
            with running(contestant, case.clients) as server:
                done[contestant.name] = run_load(load, contestant, server, case)
        except RuntimeError as error:
            results.failures.append(str(error))
    for contestant in able:
        if contestant.name in done:
            results.add(case, contestant.name, done[contestant.name])


def _run_light_round(
    kinds: Sequence[str], load: Path, folder: Path, idle_seconds: float, results: Results
) -> None:
    measured = {}
    if "start-up" in kinds:
        measured["Start-up"] = light.start_up(folder)
    if "memory" in kinds:
        measured["Memory, encrypted"] = light.memory(load, tls=True)
        measured["Memory, plaintext"] = light.memory(load, tls=False)
    if "idle" in kinds:
        measured["Idle with five members"] = light.idle(idle_seconds, advertise=True)
        measured["Idle with five members, not advertised"] = light.idle(idle_seconds, advertise=False)
    for what, figures in measured.items():
        results.light.setdefault(what, []).append(figures)


if __name__ == "__main__":
    main()
