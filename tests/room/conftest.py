"""A room with three members."""

from __future__ import annotations

import pytest

from tests.room.batches import ANN, BEN, CLEO, RoomHarness


@pytest.fixture
def harness() -> RoomHarness:
    """A room with Ann, Ben and Cleo, whose frames so far are forgotten."""
    harness = RoomHarness()
    for connection_id, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")):
        harness.join_admitted(connection_id, name)
    harness.clear_received()
    harness.events.clear()
    return harness
