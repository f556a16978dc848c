"""The engines of linked rooms that tests start: one that syncs its disk, and an older one that does not."""

from __future__ import annotations

import functools
import os
from typing import Final, Literal, TypeAlias

import pytest

from messango.link.engine.find_engine import EngineProgram, installed_engines

EngineKind: TypeAlias = Literal["syncing", "older"]

#: The first version that can sync its disk before it acknowledges.
FIRST_SYNCING: Final = (2, 10, 0)

both_kinds = pytest.mark.parametrize("kind", ["syncing", "older"])


@functools.cache
def engine_of(kind: EngineKind) -> EngineProgram:
    """Return an engine of this kind. Without one, the test is skipped; in CI nothing may be missing."""
    for program in installed_engines():
        if (program.version >= FIRST_SYNCING) == (kind == "syncing"):
            return program
    reason = f"no {kind} nats-server is installed"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)
