"""What the fuzzer feeds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parser:
    """`check` parses an input and raises for a broken promise; `share` of all inputs go to it."""

    name: str
    share: float
    seeds: tuple[bytes, ...]
    check: Callable[[bytes], None]
