"""What members read when one of several servers closes."""

from __future__ import annotations

from pathlib import Path

from messango.protocol import error_codes
from messango.protocol.frames import Closed
from tests.room.batches import ANN, BEN
from tests.room.linked.hall import Hall


def test_members_read_that_this_server_closes(tmp_path: Path) -> None:
    """The room goes on at the others, so it is not the room that has closed."""
    hall = Hall(tmp_path)
    hall.join(hall.east, ANN, "Ann")
    hall.join(hall.west, BEN, "Ben")
    hall.east.close()
    closed = hall.east.last_frame(ANN, Closed)
    assert (closed.code, closed.reason) == (
        error_codes.CLOSING,
        "The host has closed this server of “Hall”.",
    )
    assert not [frame for frame in hall.west.received[BEN] if isinstance(frame, Closed)]
