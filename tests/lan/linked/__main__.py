"""`python -m tests.lan.linked --faults 200 --seed N --seconds T`: run the laboratory of linked rooms."""

from __future__ import annotations

import json
import random
import signal
import sys
from pathlib import Path

import click

from messango.link.engine.find_engine import installed_engines
from tests.lan.linked.laboratory import NAMES, SERVERS, Laboratory
from tests.lan.linked.plan import make_plan

_SEEDS = 2**31


@click.command()
@click.option("--faults", type=click.IntRange(0), default=200, show_default=True, help="How much breaks.")
@click.option("--seed", type=int, help="The plan's; the same seed gives the same plan.  [default: random]")
@click.option(
    "--seconds", type=float, default=14_400, show_default=True, help="No further fault after this long."
)
@click.option("--engines", type=click.Choice(["1", "3"]), default="3", show_default=True)
@click.option("--only", default="", help="Only faults with this text in their kind.")
@click.option("--oldest", is_flag=True, help="With the oldest nats-server on this computer, not the newest.")
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    default=Path("linked"),
    show_default=True,
    help="Where the record and the histories go.",
)
def main(
    *, faults: int, seed: int | None, seconds: float, engines: str, only: str, oldest: bool, into: Path
) -> None:
    """Break things for a while and check every promise; status 1 if one was broken."""
    seed = random.randrange(_SEEDS) if seed is None else seed  # noqa: S311 (a plan, no secret)
    found = sorted(installed_engines(), key=lambda program: program.version)
    program = found[0] if oldest else found[-1]
    plan = make_plan(seed, faults, servers=SERVERS, engines=int(engines), members=len(NAMES), only=only)
    click.echo(f"seed {seed}: {len(plan)} faults, {engines} of nats-server {program.version_text}", err=True)
    # If a signal ends it, it still removes the LAN.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with Laboratory(seed, into, program, int(engines), lambda line: click.echo(line, err=True)) as laboratory:
        result = laboratory.run(plan, seconds)
    click.echo(result.as_table())
    click.echo(json.dumps(result.as_json(), indent=2))
    sys.exit(not result.ok)


if __name__ == "__main__":
    main()
