"""A table at which people sit already."""

from __future__ import annotations

import pytest

from tests.room.batches import ANN, BEN, CLEO, Table


@pytest.fixture
def table() -> Table:
    """Ann, Ben and Cleo are in, and nothing else has been told."""
    table = Table()
    for link, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")):
        table.enter(link, name)
    table.hush()
    table.notices.clear()
    return table
