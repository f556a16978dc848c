"""Matrices of which every run tries a few cases; .ci/run tries all, once: they are `exhaustive`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")


def sampled(cases: Iterable[Case], *always: Case) -> list[Any]:
    """Return the cases for `parametrize`, all exhaustive but those that every run tries."""
    return sampled_by(cases, lambda case: case in always)


def sampled_by(cases: Iterable[Case], is_sample: Callable[[Case], bool]) -> list[Any]:
    """Return the cases for `parametrize`, all exhaustive but those that `is_sample` accepts.

    A case that is a tuple has a value for each parameter.
    """
    return [case if is_sample(case) else _exhaustive(case) for case in cases]


def _exhaustive(case: object) -> Any:
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=pytest.mark.exhaustive)
