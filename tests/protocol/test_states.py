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
from messango.protocol.states import ALLOWED, Phase, out_of_place

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
PLACES = {
    Phase.STRANGER: {"look", "join"} | ALWAYS,
    Phase.CHALLENGED: {"proof"} | ALWAYS,
    Phase.MEMBER: {"say", "typing", "rename"} | ALWAYS,
    Phase.ENDED: set[str](),
}


def test_every_frame_is_tried() -> None:
    """A new frame of a client needs a place, and a line above."""
    assert {type(frame) for frame in FRAMES} == set(get_args(ClientFrame))
    assert set().union(*ALLOWED.values()) == set(get_args(ClientFrame))


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: frame.__struct_config__.tag)
def test_a_frame_has_its_phases(frame: ClientFrame, phase: Phase) -> None:
    """A frame in its place passes; elsewhere it is answered with the reason and what to do."""
    kind = frame.__struct_config__.tag
    problem = out_of_place(frame, phase)
    if kind in PLACES[phase]:
        assert problem is None
        return
    assert problem is not None
    assert problem.code == (ALREADY_JOINED if phase is Phase.MEMBER else NOT_JOINED)
    assert repr(kind) in problem.reason
    assert problem.hint
    assert problem.id == ("7" if kind == "say" else None)
