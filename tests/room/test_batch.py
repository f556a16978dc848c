"""Deliveries and their order."""

from __future__ import annotations

from messango.protocol.frames import Closed, Joined, Left, ServerFrame
from messango.room.batch import Batch

ANN, BEN, CLEO = Joined("Ann"), Joined("Ben"), Joined("Cleo")
BYE = Closed("closing", "It is late.", "Come tomorrow.")


def frames_for_connection(batch: Batch, connection_id: int) -> list[ServerFrame]:
    """Return the frames of a batch for one connection."""
    return [
        frame
        for delivery in batch.deliveries
        if connection_id in delivery.recipients
        for frame in delivery.frames
    ]


def test_consecutive_frames_share_a_delivery() -> None:
    """For the same recipients, so that they are encoded once and sent at once."""
    batch = Batch()
    batch.send((1, 2), ANN)
    batch.send((1, 2), BEN)
    assert [(delivery.recipients, delivery.frames) for delivery in batch.deliveries] == [((1, 2), [ANN, BEN])]


def test_other_recipients_keep_the_order() -> None:
    """Each connection receives its frames in the order in which they were added."""
    batch = Batch()
    batch.send((1, 2), ANN)
    batch.send((2,), BEN)
    batch.send((1, 2), CLEO)
    assert frames_for_connection(batch, 1) == [ANN, CLEO]
    assert frames_for_connection(batch, 2) == [ANN, BEN, CLEO]


def test_frames_for_returns_a_live_list() -> None:
    """Frames that are appended to it come in that place."""
    batch = Batch()
    frames = batch.frames_for((1,))
    frames += [ANN, BEN]
    batch.send((1,), CLEO)
    assert frames_for_connection(batch, 1) == [ANN, BEN, CLEO]


def test_close_connection_closes_one_connection() -> None:
    """The last frames are a delivery of their own."""
    batch = Batch()
    batch.send((1,), ANN)
    batch.close_connection(1, BYE)
    batch.send((2,), BEN)
    assert [(delivery.recipients, delivery.closes) for delivery in batch.deliveries] == [
        ((1,), False),
        ((1,), True),
        ((2,), False),
    ]
    assert frames_for_connection(batch, 1) == [ANN, BYE]


def test_nothing_is_added_to_a_closing_delivery() -> None:
    """Later frames for the same connection are another delivery."""
    batch = Batch()
    batch.close_connection(1)
    batch.send((1,), Left("Ann", "left"))
    assert batch.deliveries[0].frames == []
    assert batch.deliveries[0].closes
