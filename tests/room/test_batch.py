"""The round: who hears which frames, and in which order."""

from __future__ import annotations

from messango.protocol.frames import Closed, Joined, Left, ServerFrame
from messango.room.batch import Batch

ANN, BEN, CLEO = Joined("Ann"), Joined("Ben"), Joined("Cleo")
BYE = Closed("closing", "It is late.", "Come tomorrow.")


def frames_for_connection(batch: Batch, connection_id: int) -> list[ServerFrame]:
    """Return what one connection hears of a round."""
    return [
        frame
        for delivery in batch.deliveries
        if connection_id in delivery.recipients
        for frame in delivery.frames
    ]


def test_neighbours_for_one_audience_are_encoded_together() -> None:
    """Frames for the same audience share a segment, so that they are encoded once and sent at once."""
    batch = Batch()
    batch.send((1, 2), ANN)
    batch.send((1, 2), BEN)
    assert [(delivery.recipients, delivery.frames) for delivery in batch.deliveries] == [((1, 2), [ANN, BEN])]


def test_another_audience_between_keeps_the_order() -> None:
    """What one connection hears comes in the order in which it was told, whoever else hears it."""
    batch = Batch()
    batch.send((1, 2), ANN)
    batch.send((2,), BEN)
    batch.send((1, 2), CLEO)
    assert frames_for_connection(batch, 1) == [ANN, CLEO]
    assert frames_for_connection(batch, 2) == [ANN, BEN, CLEO]


def test_a_list_of_frames_grows_in_its_place() -> None:
    """Frames that are appended to the list come where the list was asked for."""
    batch = Batch()
    frames = batch.frames_for((1,))
    frames += [ANN, BEN]
    batch.send((1,), CLEO)
    assert frames_for_connection(batch, 1) == [ANN, BEN, CLEO]


def test_last_words_end_one_connection() -> None:
    """The last words are a segment of their own, which ends that connection and no other."""
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


def test_nothing_is_added_to_last_words() -> None:
    """What is told to the same number afterwards does not slip into the segment that ended it."""
    batch = Batch()
    batch.close_connection(1)
    batch.send((1,), Left("Ann", "left"))
    assert batch.deliveries[0].frames == []
    assert batch.deliveries[0].closes
