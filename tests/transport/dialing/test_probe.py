"""Probing a room."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from messango.errors import ConnectionLost, JoinRefused, RemoteProtocolError, Unreachable
from messango.protocol import error_codes
from messango.protocol.codec import client_frame_decoder, encode, encode_all
from messango.protocol.frames import Closed, Frame, Joined, Look, Ping, Problem, RoomInfoFrame
from messango.protocol.frames import Refused as RefusedFrame
from messango.transport.addresses import Address
from messango.transport.connection import Connection, OutboxFull
from messango.transport.dialing.dial_failure import DialFailed, FailureKind
from messango.transport.dialing.probe import probe
from messango.transport.identity import new_certificate
from messango.transport.identity.certificate import load_or_create_certificate
from messango.transport.writer import WriterThread
from tests.support.certificates import room_id_of
from tests.transport.pairs import (
    TIMEOUT_S,
    accept_in_thread,
    listen_on_loopback,
    receive_all,
    serve_connections,
)

ROOM: Final = RoomInfoFrame(
    protocol=1,
    id=room_id_of(0x12AB),
    name="Table 4",
    version="1.0",
    members=2,
    seats=5,
    locked=False,
    history=False,
)


def answers(*frames: Frame) -> Callable[[Connection], None]:
    """Return a handler that answers a probe with these frames."""

    def handle(connection: Connection) -> None:
        (asked,) = client_frame_decoder().decode(connection.receive(TIMEOUT_S))
        assert isinstance(asked, Look)
        connection.shutdown(encode_all(frames))
        connection.linger(TIMEOUT_S)

    return handle


def test_a_room(writer: WriterThread) -> None:
    """The result has the public info, the certificate and the round trip."""
    with serve_connections(answers(ROOM), writer) as address:
        sighting = probe([address], timeout_s=TIMEOUT_S)
    assert sighting.room == ROOM
    assert sighting.address == address
    assert sighting.fingerprint == load_or_create_certificate().fingerprint
    assert 0 < sighting.ping_ms < TIMEOUT_S * 1000


def test_it_sends_nothing_else(writer: WriterThread) -> None:
    """It asks once and closes."""
    received: list[bytes] = []

    def handle(connection: Connection) -> None:
        received.append(connection.receive(TIMEOUT_S))
        connection.send(encode(ROOM))
        received.append(receive_all(connection))

    with serve_connections(handle, writer) as address:
        probe([address], timeout_s=TIMEOUT_S)
    assert received == [encode(Look(1)), b""]


def test_other_frames_before_the_answer_are_ignored(writer: WriterThread) -> None:
    """The room may send other frames first."""
    with serve_connections(answers(Ping(), Joined("Ann"), ROOM), writer) as address:
        assert probe([address], timeout_s=TIMEOUT_S).room == ROOM


@pytest.mark.parametrize(
    "data",
    [
        RefusedFrame(error_codes.BANNED, "You are not welcome.", "Ask the host."),
        Closed(error_codes.BANNED, "You are not welcome.", "Ask the host."),
    ],
)
def test_refused(writer: WriterThread, data: Frame) -> None:
    """A refusal is raised with the room's own text."""
    with serve_connections(answers(data), writer) as address, pytest.raises(JoinRefused) as error:
        probe([address], timeout_s=TIMEOUT_S)
    assert (error.value.code, str(error.value), error.value.hint) == (
        error_codes.BANNED,
        "You are not welcome.",
        "Ask the host.",
    )


def test_unknown_request(writer: WriterThread) -> None:
    """A room of another version that does not know the request is a protocol error."""
    problem = Problem(error_codes.UNKNOWN_TYPE, "Frames of type\n'look' are unknown.", "Update.")
    with (
        serve_connections(answers(problem), writer) as address,
        pytest.raises(RemoteProtocolError, match="Frames of type 'look' are unknown"),
    ):
        probe([address], timeout_s=TIMEOUT_S)


def test_not_a_frame(writer: WriterThread) -> None:
    """Bytes that are not a frame are a protocol error."""

    def handle(connection: Connection) -> None:
        connection.shutdown(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        connection.linger(TIMEOUT_S)

    with serve_connections(handle, writer) as address, pytest.raises(RemoteProtocolError) as error:
        probe([address], timeout_s=TIMEOUT_S)
    assert error.value.hint


def test_another_encrypted_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its certificate it is not a Messango server, whatever it answers."""
    with monkeypatch.context() as patched:
        patched.setattr(new_certificate, "COMMON_NAME", "printer")
        context = load_or_create_certificate(tmp_path / "printer.pem").context

    def answer(sock: socket.socket) -> None:
        with context.wrap_socket(sock, server_side=True) as encrypted:
            encrypted.recv(4096)
            encrypted.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with accept_in_thread(answer) as address, pytest.raises(DialFailed) as error:
        probe([address], timeout_s=TIMEOUT_S)
    assert error.value.kind is FailureKind.OTHER_TLS


def test_closed_without_an_answer(writer: WriterThread) -> None:
    """The room counts as unreachable."""
    with (
        serve_connections(answers(), writer) as address,
        pytest.raises(Unreachable, match="closes each connection"),
    ):
        probe([address], timeout_s=TIMEOUT_S)


def stay_silent(connection: Connection) -> None:
    receive_all(connection)


def send_forever(connection: Connection) -> None:
    with suppress(ConnectionLost):
        while True:
            with suppress(OutboxFull):
                connection.send(encode(Ping()) * 1000)


@pytest.mark.parametrize("handle", [stay_silent, send_forever])
def test_no_answer(writer: WriterThread, handle: Callable[[Connection], None]) -> None:
    """A peer that does not answer, whether it is silent or sends forever, is dropped when the time is up."""
    with (
        serve_connections(handle, writer) as address,
        pytest.raises(Unreachable, match="does not respond") as error,
    ):
        probe([address], timeout_s=0.3)
    assert error.value.hint


@pytest.fixture
def refusing() -> Address:
    """An address where no program listens."""
    with listen_on_loopback() as (_, address):
        return address


def test_nobody(refusing: Address) -> None:
    """If no program listens, the error says so."""
    with pytest.raises(Unreachable, match="Nothing is listening"):
        probe([refusing], timeout_s=TIMEOUT_S)
