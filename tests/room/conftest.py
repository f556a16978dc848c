"""A table at which people sit already."""

from __future__ import annotations

import pytest

from tests.room.batches import ANN, BEN, CLEO, RoomHarness


@pytest.fixture
def harness() -> RoomHarness:
    """Ann, Ben and Cleo are in, and nothing else has been told."""
    harness = RoomHarness()
    for connection_id, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")):
        harness.join_admitted(connection_id, name)
    harness.clear_received()
    harness.events.clear()
    return harness
