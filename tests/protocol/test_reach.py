"""The question at which addresses the room can be reached, and its answer: what each end lets through."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.errors import RoomMisbehaved
from messango.protocol.codec import client_frame_decoder, encode, server_frame_decoder
from messango.protocol.connection.actions import ReportReached, Wait
from messango.protocol.connection.states import ConnectionState, after_receiving
from messango.protocol.error_codes import BAD_FRAME, NOT_JOINED
from messango.protocol.frames import Problem, Reach, Reached, ReachResult
from messango.protocol.limits import (
    MAX_ADDRESS_CHARACTERS,
    MAX_REACH_ADDRESSES,
    MAX_REACH_ATTEMPTS,
    REPLY_BURST,
)
from tests.protocol.connections import connect, member, send, sent_frame
from tests.support.decode import decode_all

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=200),
    lambda values: st.lists(values, max_size=6) | st.dictionaries(st.text(max_size=9), values, max_size=4),
    max_leaves=12,
)
results = st.fixed_dictionaries({"address": st.text(max_size=200) | json_values, "ok": json_values})


def line(kind: str, **fields: object) -> bytes:
    """Return a frame with any fields."""
    return json.dumps({"type": kind, **fields}).encode() + b"\n"


@given(st.lists(results, max_size=6) | json_values)
def test_an_answer_is_checked(answer: object) -> None:
    """A member may send anything: what gets through has few and short addresses, all else is a problem."""
    (frame,) = client_frame_decoder().decode(line("reached", results=answer))
    if isinstance(frame, Problem):
        assert frame.code == BAD_FRAME
        return
    assert isinstance(frame, Reached)
    assert len(frame.results) <= MAX_REACH_ATTEMPTS
    assert all(0 < len(result.address) <= MAX_ADDRESS_CHARACTERS for result in frame.results)
    assert all(type(result.ok) is bool for result in frame.results)


@given(st.lists(st.text(max_size=200), max_size=2 * MAX_REACH_ADDRESSES) | json_values)
def test_a_question_is_checked(addresses: object) -> None:
    """A room may send anything: what gets through is bounded, all else ends the connection."""
    frames, error = decode_all(server_frame_decoder().decode, line("reach", addresses=addresses))
    if error is not None:
        assert frames == []
        return
    (frame,) = frames
    assert isinstance(frame, Reach)
    assert len(frame.addresses) <= MAX_REACH_ADDRESSES
    assert all(0 < len(address) <= MAX_ADDRESS_CHARACTERS for address in frame.addresses)


def test_only_members_are_asked() -> None:
    """Before the welcome a room has no business to make its visitor connect to anything."""
    for state in set(ConnectionState) - {ConnectionState.JOINED}:
        with pytest.raises(RoomMisbehaved, match="reach"):
            after_receiving(state, Reach(["192.168.1.20"]))
    assert after_receiving(ConnectionState.JOINED, Reach([])) is ConnectionState.JOINED


def test_a_members_answer_is_reported() -> None:
    """Also one that nobody asked for; the member gets nothing back."""
    answer = [ReachResult("192.168.1.20:8000", ok=True)]
    assert send(member(), Reached(answer)) == [ReportReached(answer)]


def test_a_stranger_gets_a_problem() -> None:
    """Who has not joined was not asked."""
    problem = sent_frame(send(connect(), Reached([])))
    assert isinstance(problem, Problem)
    assert problem.code == NOT_JOINED


def test_a_flood_of_answers_is_slowed_down() -> None:
    """They share the limit of pings and of frames that are not valid."""
    actions = member().receive(encode(Reached([])) * (REPLY_BURST + 9), 0.0)
    assert actions[:-1] == [ReportReached([])] * REPLY_BURST
    assert isinstance(actions[-1], Wait)
