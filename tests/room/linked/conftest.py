"""What each test of linked rooms leaves tidy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.room.linked.linked_rooms import close_histories


@pytest.fixture(autouse=True)
def _closed_histories() -> Iterator[None]:
    """Close the histories of all servers at the end."""
    yield
    close_histories()
