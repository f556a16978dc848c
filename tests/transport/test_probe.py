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
from messango.transport.certificate import load_or_create_certificate
from messango.transport.connection import Connection, OutboxFull
from messango.transport.probe import probe
from messango.transport.writer import WriterThread
from tests.transport.pairs import TIMEOUT_S, listen_on_loopback, receive_all, serve_connections

ROOM: Final = RoomInfoFrame(
    protocol=1, id="12ab", name="Table 4", version="1.0", members=2, seats=5, locked=False, history=False
)


def answers(*frames: Frame) -> Callable[[Connection], None]:
    """Return how a room answers with these frames, once it was asked."""

    def talk(connection: Connection) -> None:
        (asked,) = client_frame_decoder().decode(connection.receive(TIMEOUT_S))
        assert isinstance(asked, Look)
        connection.shutdown(encode_all(frames))
        connection.linger(TIMEOUT_S)

    return talk


def test_a_room(writer: WriterThread) -> None:
    """It tells what anybody may know, under which certificate, and how far away it is."""
    with serve_connections(answers(ROOM), writer) as address:
        sighting = probe([address], timeout_s=TIMEOUT_S)
    assert sighting.room == ROOM
    assert sighting.address == address
    assert sighting.fingerprint == load_or_create_certificate().fingerprint
    assert 0 < sighting.ping_ms < TIMEOUT_S * 1000


def test_it_says_nothing_else(writer: WriterThread) -> None:
    """It asks once and goes."""
    heard: list[bytes] = []

    def talk(connection: Connection) -> None:
        heard.append(connection.receive(TIMEOUT_S))
        connection.send(encode(ROOM))
        heard.append(receive_all(connection))

    with serve_connections(talk, writer) as address:
        probe([address], timeout_s=TIMEOUT_S)
    assert heard == [encode(Look(1)), b""]


def test_the_answer_may_come_late_among_others(writer: WriterThread) -> None:
    """What else the room says before it answers is passed over."""
    with serve_connections(answers(Ping(), Joined("Ann"), ROOM), writer) as address:
        assert probe([address], timeout_s=TIMEOUT_S).room == ROOM


@pytest.mark.parametrize(
    "said",
    [
        RefusedFrame(error_codes.BANNED, "You are not welcome.", "Ask the host."),
        Closed(error_codes.BANNED, "You are not welcome.", "Ask the host."),
    ],
)
def test_refused(writer: WriterThread, said: Frame) -> None:
    """A room that says no is passed on in its own words."""
    with serve_connections(answers(said), writer) as address, pytest.raises(JoinRefused) as error:
        probe([address], timeout_s=TIMEOUT_S)
    assert (error.value.code, str(error.value), error.value.hint) == (
        error_codes.BANNED,
        "You are not welcome.",
        "Ask the host.",
    )


def test_not_understood(writer: WriterThread) -> None:
    """A room of another age that does not know the question is a peer's problem."""
    problem = Problem(error_codes.UNKNOWN_TYPE, "There is no frame of type 'look'.", "Update.")
    with (
        serve_connections(answers(problem), writer) as address,
        pytest.raises(RemoteProtocolError, match="look"),
    ):
        probe([address], timeout_s=TIMEOUT_S)


def test_something_else(writer: WriterThread) -> None:
    """Bytes that are no frame are a peer's problem."""

    def talk(connection: Connection) -> None:
        connection.shutdown(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.linger(TIMEOUT_S)

    with serve_connections(talk, writer) as address, pytest.raises(RemoteProtocolError) as error:
        probe([address], timeout_s=TIMEOUT_S)
    assert error.value.hint


def test_hangs_up(writer: WriterThread) -> None:
    """Who hangs up without an answer was not there."""
    with serve_connections(answers(), writer) as address, pytest.raises(Unreachable, match="hung up"):
        probe([address], timeout_s=TIMEOUT_S)


def stay_silent(connection: Connection) -> None:
    receive_all(connection)


def send_forever(connection: Connection) -> None:
    with suppress(ConnectionLost):
        while True:
            with suppress(OutboxFull):
                connection.send(encode(Ping()) * 1000)


@pytest.mark.parametrize("talk", [stay_silent, send_forever])
def test_no_answer(writer: WriterThread, talk: Callable[[Connection], None]) -> None:
    """Who does not answer, silent or talking on and on, is given up when the time is up."""
    with (
        serve_connections(talk, writer) as address,
        pytest.raises(Unreachable, match="does not answer") as error,
    ):
        probe([address], timeout_s=0.3)
    assert error.value.hint


@pytest.fixture
def refusing() -> Address:
    """An address where nobody listens."""
    with listen_on_loopback() as (_, address):
        return address


def test_nobody(refusing: Address) -> None:
    """Where nobody listens, that is told."""
    with pytest.raises(Unreachable, match="Nobody answers"):
        probe([refusing], timeout_s=TIMEOUT_S)
