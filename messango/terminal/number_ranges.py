"""Numbers of lines, in words."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Final

#: More ranges than this are cut off; it is a sentence and not a list.
_MAX_RANGES: Final = 20


def number_ranges(noun: str, numbers: Iterable[int]) -> str:
    """Return numbers as ranges: `line 3`, `lines 3, 5 to 7, 9`; many ranges end with `…`."""
    ordered = sorted(numbers)
    runs = [
        [number for _, number in run]
        for _, run in groupby(enumerate(ordered), lambda pair: pair[1] - pair[0])
    ]
    ranges = [f"{run[0]}" if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs]
    shown = ranges[:_MAX_RANGES] + ["…"] * (len(ranges) > _MAX_RANGES)
    return f"{noun if len(ordered) == 1 else noun + 's'} {', '.join(shown)}"
