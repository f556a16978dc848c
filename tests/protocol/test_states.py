"""Each frame has its time: before joining, while the password is checked, as a member."""

from __future__ import annotations

from typing import get_args

import pytest

from messango.protocol.error_codes import ALREADY_JOINED, NOT_JOINED
from messango.protocol.frames import (
    ClientFrame,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Proof,
    Rename,
    Say,
    Typing,
)
from messango.protocol.states import ALLOWED_FRAMES, ConnectionState, unexpected_frame_problem

FRAMES: list[ClientFrame] = [
    Look(1),
    Join(1, "Ann"),
    Proof("confirm"),
    Say("7", "hello"),
    Typing(),
    Rename("Anne"),
    Ping(),
    Pong(),
    Leave(),
]

ALWAYS = {"ping", "pong", "leave"}
EXPECTED_FRAMES = {
    ConnectionState.UNJOINED: {"look", "join"} | ALWAYS,
    ConnectionState.CHALLENGED: {"proof"} | ALWAYS,
    ConnectionState.JOINED: {"say", "typing", "rename"} | ALWAYS,
    ConnectionState.ENDED: set[str](),
}


def test_every_frame_is_tried() -> None:
    """A new frame of a client needs a place, and a line above."""
    assert {type(frame) for frame in FRAMES} == set(get_args(ClientFrame))
    assert set().union(*ALLOWED_FRAMES.values()) == set(get_args(ClientFrame))


@pytest.mark.parametrize("state", ConnectionState)
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
def test_a_frame_has_its_phases(frame: ClientFrame, state: ConnectionState) -> None:
    """A frame in its place passes; elsewhere it is answered with the reason and what to do."""
    kind = frame.__struct_config__.tag
    problem = unexpected_frame_problem(frame, state)
    if kind in EXPECTED_FRAMES[state]:
        assert problem is None
        return
    assert problem is not None
    assert problem.code == (ALREADY_JOINED if state is ConnectionState.JOINED else NOT_JOINED)
    assert repr(kind) in problem.reason
    assert problem.hint
    assert problem.id == ("7" if kind == "say" else None)
