"""What is said in one piece comes to the same as what is said piece by piece."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.frames import Message, Problem, ServerFrame
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from tests.room.batches import ANN, BEN, CLEO, Table

#: Few ids, so that they come again; and some texts that the room refuses.
says = st.tuples(
    st.sampled_from([*"abcdefgh"]),
    st.sampled_from(["hello", "two\nlines", "", "x" * (MAX_TEXT_CHARACTERS + 1)]),
)
turns = st.lists(st.tuples(st.sampled_from([ANN, BEN]), st.lists(says, min_size=1, max_size=6)), max_size=6)


def table() -> Table:
    """Return a room with three in it, of whom one only listens."""
    made = Table()
    for link, name in ((ANN, "Ann"), (BEN, "Ben"), (CLEO, "Cleo")):
        made.enter(link, name)
    return made


def heard(of: Table, link: int) -> list[tuple[object, ...]]:
    """Return what somebody was told after the welcomes, without what differs from room to room."""
    return [told(frame) for frame in of.heard[link] if isinstance(frame, (Message, Problem))]


def told(frame: ServerFrame) -> tuple[object, ...]:
    """Return what a frame says of a message."""
    if isinstance(frame, Message):
        return frame.seq, frame.id, frame.name, frame.time, frame.text
    assert isinstance(frame, Problem)
    return frame.code, frame.reason, frame.id


@given(turns)
def test_a_batch_is_its_messages_one_after_another(spoken: list[tuple[int, list[tuple[str, str]]]]) -> None:
    """Whatever is repeated, empty or too long in it, and wherever."""
    at_once, one_by_one = table(), table()
    for made in (at_once, one_by_one):
        made.begin()
        for link, batch in spoken:
            if made is at_once:
                made.say_as(link, *batch)
            else:
                for say in batch:
                    made.say_as(link, say)
        made.end()
    for link in (ANN, BEN, CLEO):
        assert heard(at_once, link) == heard(one_by_one, link)
    kept = [[told(message) for message in made.history.since(0)] for made in (at_once, one_by_one)]
    assert kept[0] == kept[1]


def test_a_batch_without_a_fault_is_accepted_whole() -> None:
    """Everybody hears all of it, in order."""
    made = table()
    made.say(ANN, *"abcdef")
    assert [message.text for message in made.heard[CLEO] if isinstance(message, Message)] == [*"abcdef"]
