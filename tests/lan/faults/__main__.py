"""`python -m tests.lan.faults --seconds 1800 --faults 200 --seed N`: run the harness."""

from __future__ import annotations

import json
import random
import signal
import sys
from pathlib import Path

import click

from tests.lan.faults.harness import NAMES, PROXIED, FaultHarness
from tests.lan.faults.plan import make_plan

_SEEDS = 2**31


@click.command()
@click.option(
    "--seconds", type=click.FloatRange(10), default=1800, show_default=True, help="How long the members chat."
)
@click.option("--faults", type=click.IntRange(0), default=200, show_default=True, help="How much breaks.")
@click.option("--seed", type=int, help="The plan's; the same seed gives the same plan.  [default: random]")
@click.option("--same-address", is_flag=True, help="Never move the server to another address.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("faults"),
    show_default=True,
    help="Where the record and the history go.",
)
def main(*, seconds: float, faults: int, seed: int | None, same_address: bool, into: Path) -> None:
    """Break things for a while and check every promise; status 1 if one was broken."""
    seed = random.randrange(_SEEDS) if seed is None else seed  # noqa: S311 (a plan, no secret)
    plan = make_plan(seed, seconds, faults, NAMES, PROXIED, new_addresses=not same_address)
    click.echo(f"seed {seed}: {len(plan)} faults in {seconds:g} s", err=True)
    # If a signal ends it, it still removes the LAN.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with FaultHarness(seed, into, seconds, lambda line: click.echo(line, err=True)) as harness:
        result = harness.run(plan)
    click.echo(result.as_table())
    click.echo(json.dumps(result.as_json(), indent=2))
    sys.exit(not result.ok)


if __name__ == "__main__":
    main()
