"""Feeds damaged inputs to every parser: `python -m tests.hostile.fuzz --inputs 5000000 --seed 1`.

Ends with status 1 if one raised a wrong exception, took a second for one input, or kept memory.
"""

from __future__ import annotations

import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import click

from tests.hostile.measure import Usage
from tests.hostile.mutate import mutate
from tests.hostile.parser import Parser
from tests.hostile.parsers import parsers

#: An input that takes this long blocks a thread of the room for as long.
_MAX_INPUT_S: Final = 1.0
#: By then the caches of imports and of fingerprint words are full.
_WARMUP_SHARE: Final = 0.02
_MEMORY_MB: Final = 10.0
_MAX_FAILURES: Final = 20


@dataclass(slots=True)
class Result:
    """The result of a run; memory in MB, times in seconds."""

    inputs: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    slowest_s: float = 0.0
    grown_mb: float = 0.0
    took_s: float = 0.0

    @property
    def ok(self) -> bool:
        return not self.failures and self.slowest_s < _MAX_INPUT_S and self.grown_mb < _MEMORY_MB


def run(inputs: int, seed: int, report: Callable[[str], None] = lambda _: None) -> Result:
    """Feed this many inputs, generated from this seed."""
    result, random_ = Result(), random.Random(seed)  # noqa: S311 (no secret)
    began_s = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, parsers(Path(folder)) as all_parsers:
        shares = [parser.share for parser in all_parsers]
        warm_mb = 0.0
        for number in range(inputs):
            (parser,) = random_.choices(all_parsers, shares)
            feed(parser, mutate(random_, parser.seeds), result)
            if number == int(inputs * _WARMUP_SHARE):
                warm_mb = Usage.of().resident_mb
            if number % 250_000 == 249_999:
                report(
                    f"{number + 1:,} inputs, {len(result.failures)} faults, {Usage.of().resident_mb:.1f} MB"
                )
            if len(result.failures) >= _MAX_FAILURES:
                break
        result.grown_mb = Usage.of().resident_mb - warm_mb
    result.took_s = time.monotonic() - began_s
    return result


def feed(parser: Parser, data: bytes, result: Result) -> None:
    """Feed one input to a parser, and record the result."""
    result.inputs[parser.name] = result.inputs.get(parser.name, 0) + 1
    began_s = time.perf_counter()
    try:
        parser.check(data)
    except Exception as error:  # noqa: BLE001 (whatever comes is the finding)
        result.failures.append(f"{parser.name}: {type(error).__name__}: {error}\n    input {data[:300]!r}")
    result.slowest_s = max(result.slowest_s, time.perf_counter() - began_s)


@click.command()
@click.option("--inputs", default=5_000_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(*, inputs: int, seed: int) -> None:
    """Feed damaged inputs to every parser."""
    logging.disable(logging.CRITICAL)
    result = run(inputs, seed, click.echo)
    for failure in result.failures:
        click.echo(failure)
    for name, count in sorted(result.inputs.items(), key=lambda item: -item[1]):
        click.echo(f"{count:>12,}  {name}")
    click.echo(
        f"{sum(result.inputs.values()):,} inputs in {result.took_s:.0f} s, {len(result.failures)} failures, "
        f"slowest {result.slowest_s * 1_000:.0f} ms, memory {result.grown_mb:+.1f} MB"
    )
    sys.exit(not result.ok)


if __name__ == "__main__":
    main()
