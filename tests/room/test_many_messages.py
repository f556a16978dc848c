"""Many messages in one request have the same effect as one at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.frames import Message, Problem, ServerFrame
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.room.batches import ANN, BEN, CLEO, RoomHarness

#: Few ids, so that they come again; and some texts that the room refuses.
says = st.tuples(
    st.sampled_from([*"abcdefgh"]),
    st.sampled_from(["hello", "two\nlines", "", "x" * (MAX_TEXT_CHARACTERS + 1)]),
)
turns = st.lists(st.tuples(st.sampled_from([ANN, BEN]), st.lists(says, min_size=1, max_size=6)), max_size=6)


def room_of_three() -> RoomHarness:
    """Return a room with three in it, of whom one only listens."""
    harness = RoomHarness()
    for connection_id, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")):
        harness.join_admitted(connection_id, name)
    return harness


def received_by(of: RoomHarness, connection_id: int) -> list[tuple[object, ...]]:
    """Return the frames that a member received after the welcome, without the parts that are random."""
    return [summary(frame) for frame in of.received[connection_id] if isinstance(frame, (Message, Problem))]


def summary(frame: ServerFrame) -> tuple[object, ...]:
    """Return the part of a frame that is the same in both rooms."""
    if isinstance(frame, Message):
        return frame.seq, frame.id, frame.name, frame.time, frame.text
    assert isinstance(frame, Problem)
    return frame.code, frame.reason, frame.id


@given(turns)
def test_many_messages_are_like_one_after_another(requests: list[tuple[int, list[tuple[str, str]]]]) -> None:
    """Also if some are repeated, empty or too long."""
    at_once, one_by_one = room_of_three(), room_of_three()
    for made in (at_once, one_by_one):
        made.begin_batch()
        for connection_id, batch in requests:
            if made is at_once:
                made.post_with_ids(connection_id, *batch)
            else:
                for say in batch:
                    made.post_with_ids(connection_id, say)
        made.end_batch()
    for connection_id in (ANN, BEN, CLEO):
        assert received_by(at_once, connection_id) == received_by(one_by_one, connection_id)
    kept = [[summary(message) for message in made.history.since(0)] for made in (at_once, one_by_one)]
    assert kept[0] == kept[1]


def test_valid_messages_are_accepted_together() -> None:
    """Every member receives all of them, in order."""
    made = room_of_three()
    made.post(ANN, *"abcdef")
    assert [message.text for message in made.received[CLEO] if isinstance(message, Message)] == [*"abcdef"]
