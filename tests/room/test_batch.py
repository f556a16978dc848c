"""The round: who hears which frames, and in which order."""

from __future__ import annotations

from messango.protocol.frames import Closed, Joined, Left, ServerFrame
from messango.room.batch import Round

ANN, BEN, CLEO = Joined("Ann"), Joined("Ben"), Joined("Cleo")
BYE = Closed("closing", "It is late.", "Come tomorrow.")


def heard(said: Round, link: int) -> list[ServerFrame]:
    """Return what one connection hears of a round."""
    return [frame for segment in said.segments if link in segment.audience for frame in segment.frames]


def test_neighbours_for_one_audience_are_encoded_together() -> None:
    """Frames for the same audience share a segment, so that they are encoded once and sent at once."""
    said = Round()
    said.tell((1, 2), ANN)
    said.tell((1, 2), BEN)
    assert [(segment.audience, segment.frames) for segment in said.segments] == [((1, 2), [ANN, BEN])]


def test_another_audience_between_keeps_the_order() -> None:
    """What one connection hears comes in the order in which it was told, whoever else hears it."""
    said = Round()
    said.tell((1, 2), ANN)
    said.tell((2,), BEN)
    said.tell((1, 2), CLEO)
    assert heard(said, 1) == [ANN, CLEO]
    assert heard(said, 2) == [ANN, BEN, CLEO]


def test_a_list_of_frames_grows_in_its_place() -> None:
    """Frames that are appended to the list come where the list was asked for."""
    said = Round()
    frames = said.frames_for((1,))
    frames += [ANN, BEN]
    said.tell((1,), CLEO)
    assert heard(said, 1) == [ANN, BEN, CLEO]


def test_last_words_end_one_connection() -> None:
    """The last words are a segment of their own, which ends that connection and no other."""
    said = Round()
    said.tell((1,), ANN)
    said.end(1, BYE)
    said.tell((2,), BEN)
    assert [(segment.audience, segment.ends) for segment in said.segments] == [
        ((1,), False),
        ((1,), True),
        ((2,), False),
    ]
    assert heard(said, 1) == [ANN, BYE]


def test_nothing_is_added_to_last_words() -> None:
    """What is told to the same number afterwards does not slip into the segment that ended it."""
    said = Round()
    said.end(1)
    said.tell((1,), Left("Ann", "left"))
    assert said.segments[0].frames == []
    assert said.segments[0].ends
