"""Asking a room who it is."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Final

import pytest

from messango.errors import ConnectionLost, JoinRefused, RemoteProtocolError, Unreachable
from messango.protocol import error_codes
from messango.protocol.codec import client_frame_decoder, encode, encode_all
from messango.protocol.frames import Closed, Frame, Joined, Look, Ping, Problem, RoomInfoFrame
from messango.protocol.frames import Refused as RefusedFrame
from messango.transport.addresses import Address
from messango.transport.certificate import own_certificate
from messango.transport.connection import Connection, OutboxFull
from messango.transport.probe import look
from messango.transport.writer import Flusher
from tests.transport.pairs import PATIENCE_S, hear_all, listening, talking

ROOM: Final = RoomInfoFrame(
    protocol=1, id="12ab", name="Table 4", version="1.0", members=2, seats=5, locked=False, history=False
)


def answers(*frames: Frame) -> Callable[[Connection], None]:
    """Return how a room answers with these frames, once it was asked."""

    def talk(connection: Connection) -> None:
        (asked,) = client_frame_decoder().decode(connection.receive(PATIENCE_S))
        assert isinstance(asked, Look)
        connection.finish(encode_all(frames))
        connection.linger(PATIENCE_S)

    return talk


def test_a_room(flusher: Flusher) -> None:
    """It tells what anybody may know, under which certificate, and how far away it is."""
    with talking(answers(ROOM), flusher) as address:
        sighting = look([address], timeout_s=PATIENCE_S)
    assert sighting.room == ROOM
    assert sighting.address == address
    assert sighting.fingerprint == own_certificate().fingerprint
    assert 0 < sighting.ping_ms < PATIENCE_S * 1000


def test_it_says_nothing_else(flusher: Flusher) -> None:
    """It asks once and goes."""
    heard: list[bytes] = []

    def talk(connection: Connection) -> None:
        heard.append(connection.receive(PATIENCE_S))
        connection.send(encode(ROOM))
        heard.append(hear_all(connection))

    with talking(talk, flusher) as address:
        look([address], timeout_s=PATIENCE_S)
    assert heard == [encode(Look(1)), b""]


def test_the_answer_may_come_late_among_others(flusher: Flusher) -> None:
    """What else the room says before it answers is passed over."""
    with talking(answers(Ping(), Joined("Ann"), ROOM), flusher) as address:
        assert look([address], timeout_s=PATIENCE_S).room == ROOM


@pytest.mark.parametrize(
    "said",
    [
        RefusedFrame(error_codes.BANNED, "You are not welcome.", "Ask the host."),
        Closed(error_codes.BANNED, "You are not welcome.", "Ask the host."),
    ],
)
def test_refused(flusher: Flusher, said: Frame) -> None:
    """A room that says no is passed on in its own words."""
    with talking(answers(said), flusher) as address, pytest.raises(JoinRefused) as error:
        look([address], timeout_s=PATIENCE_S)
    assert (error.value.code, str(error.value), error.value.hint) == (
        error_codes.BANNED,
        "You are not welcome.",
        "Ask the host.",
    )


def test_not_understood(flusher: Flusher) -> None:
    """A room of another age that does not know the question is a peer's problem."""
    problem = Problem(error_codes.UNKNOWN_TYPE, "There is no frame of type 'look'.", "Update.")
    with talking(answers(problem), flusher) as address, pytest.raises(RemoteProtocolError, match="look"):
        look([address], timeout_s=PATIENCE_S)


def test_something_else(flusher: Flusher) -> None:
    """Bytes that are no frame are a peer's problem."""

    def talk(connection: Connection) -> None:
        connection.finish(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.linger(PATIENCE_S)

    with talking(talk, flusher) as address, pytest.raises(RemoteProtocolError) as error:
        look([address], timeout_s=PATIENCE_S)
    assert error.value.hint


def test_hangs_up(flusher: Flusher) -> None:
    """Who hangs up without an answer was not there."""
    with talking(answers(), flusher) as address, pytest.raises(Unreachable, match="hung up"):
        look([address], timeout_s=PATIENCE_S)


def says_nothing(connection: Connection) -> None:
    hear_all(connection)


def says_too_much(connection: Connection) -> None:
    with suppress(ConnectionLost):
        while True:
            with suppress(OutboxFull):
                connection.send(encode(Ping()) * 1000)


@pytest.mark.parametrize("talk", [says_nothing, says_too_much])
def test_no_answer(flusher: Flusher, talk: Callable[[Connection], None]) -> None:
    """Who does not answer, silent or talking on and on, is given up when the time is up."""
    with talking(talk, flusher) as address, pytest.raises(Unreachable, match="does not answer") as error:
        look([address], timeout_s=0.3)
    assert error.value.hint


@pytest.fixture
def refusing() -> Address:
    """An address where nobody listens."""
    with listening() as (_, address):
        return address


def test_nobody(refusing: Address) -> None:
    """Where nobody listens, that is told."""
    with pytest.raises(Unreachable, match="Nobody answers"):
        look([refusing], timeout_s=PATIENCE_S)
