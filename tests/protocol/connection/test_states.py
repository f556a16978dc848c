"""Which frames are allowed in which state."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given

from messango.errors import LocalProtocolError, RemoteProtocolError, RoomMisbehaved
from messango.protocol.connection.states import (
    CLIENT_TRANSITIONS,
    SERVER_TRANSITIONS,
    ConnectionState,
    after_client_frame,
    after_receiving,
    after_sending,
    unexpected_frame_problem,
)
from messango.protocol.error_codes import ALREADY_JOINED, NOT_JOINED
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Delete,
    Earlier,
    Edit,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Proof,
    Reached,
    React,
    Refused,
    Rename,
    Say,
    Search,
    ServerFrame,
    Share,
    Tell,
    Typing,
    Welcome,
)
from tests.support.frames import server_frames

FRAMES: list[ClientFrame] = [
    Look(1),
    Join(1, "Ann"),
    Proof("confirm"),
    Say("7", "hello"),
    Tell("7", "m2", "hello"),
    Share("7", "f1"),
    React("7", 1, "👍", on=True),
    Edit("7", 1, "hello"),
    Delete("7", 1),
    Earlier("7", 1, 1),
    Search("7", "hello"),
    Typing(),
    Rename("Anne"),
    Ping(),
    Pong(),
    Reached([]),
    Leave(),
]

ALWAYS = {"ping", "pong", "leave"}
EXPECTED_FRAMES = {
    ConnectionState.UNJOINED: {"look", "join"} | ALWAYS,
    ConnectionState.CHALLENGED: {"proof"} | ALWAYS,
    ConnectionState.JOINING: set(ALWAYS),
    ConnectionState.PROVING: set(ALWAYS),
    ConnectionState.LOOKING: set[str](),
    ConnectionState.JOINED: {
        *(
            "say",
            "tell",
            "share",
            "react",
            "edit",
            "delete",
            "earlier",
            "search",
            "typing",
            "rename",
            "reached",
        )
    }
    | ALWAYS,
    ConnectionState.ENDED: set[str](),
}


def test_every_frame_is_tested() -> None:
    """A new frame needs a place in the table, and a line above."""
    assert {type(frame) for frame in FRAMES} == set(get_args(ClientFrame))
    assert set().union(*CLIENT_TRANSITIONS.values()) == set(get_args(ClientFrame))
    assert set().union(*SERVER_TRANSITIONS.values()) == set(get_args(ServerFrame))
    assert set(CLIENT_TRANSITIONS) == set(SERVER_TRANSITIONS) == set(ConnectionState)


@pytest.mark.parametrize("state", EXPECTED_FRAMES)
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
def test_each_client_frame_has_its_states(frame: ClientFrame, state: ConnectionState) -> None:
    """A frame that is not allowed is answered with the reason and what to do."""
    tag = frame.__struct_config__.tag
    assert (after_client_frame(state, frame) is not None) is (tag in EXPECTED_FRAMES[state])
    problem = unexpected_frame_problem(frame, state)
    assert problem.code == (ALREADY_JOINED if state is ConnectionState.JOINED else NOT_JOINED)
    assert repr(tag) in problem.reason
    assert problem.hint
    assert problem.id == getattr(frame, "id", None)


@pytest.mark.parametrize("state", ConnectionState)
@given(server_frames)
def test_frames_before_the_welcome(state: ConnectionState, frame: ServerFrame) -> None:
    """A client accepts only frames of the handshake, and those that end the connection."""
    before = {"challenge", "welcome", "refused", "closed", "ping", "pong"}
    tag = str(type(frame).__struct_config__.tag)
    if state in (ConnectionState.JOINED, ConnectionState.LOOKING) or tag in before:
        return
    with pytest.raises(RemoteProtocolError, match=tag):
        after_receiving(state, frame)


def test_a_second_welcome_is_refused() -> None:
    """It would make the client remember room after room."""
    for state in (ConnectionState.UNJOINED, ConnectionState.CHALLENGED, ConnectionState.JOINED):
        assert Welcome not in SERVER_TRANSITIONS[state]
    with pytest.raises(LocalProtocolError):
        after_sending(ConnectionState.JOINED, Welcome)


def test_a_member_is_closed_and_not_refused() -> None:
    """`refused` means that the client never got in; a client that is in ends the connection."""
    refused = Refused("full", "The room is full.", "Wait.")
    for state in set(ConnectionState) - {ConnectionState.JOINED, ConnectionState.ENDED}:
        assert after_sending(state, Refused) is after_receiving(state, refused) is ConnectionState.ENDED
    with pytest.raises(LocalProtocolError):
        after_sending(ConnectionState.JOINED, Refused)
    with pytest.raises(RoomMisbehaved, match="'refused' although you had joined"):
        after_receiving(ConnectionState.JOINED, refused)
    assert after_sending(ConnectionState.JOINED, Closed) is ConnectionState.ENDED


def test_the_order_of_the_states() -> None:
    """From connecting to the end, as in the diagram."""
    state = ConnectionState.UNJOINED
    for step in (Join(1, "Ann"), Challenge, Proof("x"), Welcome, Say("7", "x"), Leave()):
        after = after_sending(state, step) if isinstance(step, type) else after_client_frame(state, step)
        assert after is not None
        state = after
    assert state is ConnectionState.ENDED
