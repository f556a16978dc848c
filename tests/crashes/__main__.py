"""`python -m tests.crashes --faults 200 --seed N`: a course of crashes; status 1 if a promise is broken."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time

import click

from messango.protocol.frames import Entry
from tests.crashes.course import run_course
from tests.support.network_namespace import move_to_own_network

_SEEDS = 2**31


@click.command()
@click.option("--faults", type=click.IntRange(0), default=200, show_default=True, help="How much breaks.")
@click.option("--seed", type=int, help="The same seed gives the same course.  [default: random]")
def main(*, faults: int, seed: int | None) -> None:
    """Kill the server and cut connections while members send requests of all kinds, and check all of it."""
    seed = random.randrange(_SEEDS) if seed is None else seed  # noqa: S311 (a course, no secret)
    move_to_own_network()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-") as folder:
        os.environ.update(MESSANGO_HOME=folder, MESSANGO_INTERFACES="127.0.0.1")
        found, kinds, members = run_course(seed, faults)
    entries: list[Entry] = max((member.entries for member in members), key=len)
    click.echo(f"seed {seed}: {faults} faults in {time.monotonic() - began_s:.0f} s")
    for fault, times in kinds.most_common():
        click.echo(f"  {fault.value:<40} {times}")
    click.echo(f"  requests {sum(len(member.sent) for member in members)}")
    click.echo(f"  of them answered again {sum(member.repeated for member in members)}")
    click.echo(f"  entries up to {entries[-1].seq}, {len(entries)} for one member")
    click.echo("\n".join(found) or "every promise was kept")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
