"""A store for each test, closed at its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.server.files.stores import StoreHarness


@pytest.fixture
def harness(tmp_path: Path) -> Iterator[StoreHarness]:
    """A store that nobody has used yet."""
    made = StoreHarness(tmp_path / "room.files")
    yield made
    made.store.close()
