"""`python -m tests.crashes.files --transfers 200 --faults 100 --seed N`: status 1 if a promise is broken."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import click

from messango.protocol.files.file_line import format_size
from tests.crashes.files.course import run_course
from tests.crashes.files.plan import MB
from tests.support.network_namespace import move_to_own_network

_SEEDS = 2**31


@click.command()
@click.option("--transfers", type=click.IntRange(1), default=200, show_default=True, help="How many files.")
@click.option("--faults", type=click.IntRange(0), default=100, show_default=True, help="How much breaks.")
@click.option("--largest", type=click.IntRange(0, 200), default=200, show_default=True, help="Megabytes.")
@click.option(
    "--total", type=click.IntRange(1), default=900, show_default=True, help="Megabytes of all files."
)
@click.option("--no-history", is_flag=True, help="In a room that keeps nothing.")
@click.option("--seed", type=int, help="The same seed gives the same plan.  [default: random]")
def main(
    *, transfers: int, faults: int, largest: int, total: int, no_history: bool, seed: int | None
) -> None:
    """Send files among four members through kills, cuts, a full disk and more, and check all of them."""
    seed = random.randrange(_SEEDS) if seed is None else seed  # noqa: S311 (a course, no secret)
    move_to_own_network()
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crashes-files-") as folder:
        os.environ.update(MESSANGO_HOME=f"{folder}/server", MESSANGO_INTERFACES="127.0.0.1")
        result = run_course(
            seed,
            Path(folder) / "members",
            transfers=transfers,
            faults=faults,
            most_bytes=total * MB,
            largest=largest * MB,
            keep_history=not no_history,
        )
    sent = result.sent.values()
    click.echo(f"seed {seed}: {transfers} files and {faults} faults in {time.monotonic() - began_s:.0f} s")
    for fault, times in result.faults.most_common():
        click.echo(f"  {fault.value:<40} {times}")
    for outcome, times in Counter(each.outcome for each in sent).most_common():
        click.echo(f"  files that are {outcome.value:<26} {times}")
    total_size = format_size(sum(each.content.size for each in sent))
    click.echo(f"  {total_size} were sent, and {result.received} files received")
    click.echo(
        f"  most memory: server {result.server_peak / MB:.0f} MB, member {result.member_peak / MB:.0f} MB"
    )
    for reason, times in Counter(each.reason for each in sent if each.reason).most_common(12):
        click.echo(f"  {times:>3} {reason}")
    click.echo("\n".join(result.found) or "every promise was kept")
    sys.exit(bool(result.found))


if __name__ == "__main__":
    main()
