"""Asks a room who it is, without joining it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from messango.errors import PeerProblem, Refused, Unreachable
from messango.protocol.codec import encode, server_frame_reader
from messango.protocol.frames import Closed, Look, Problem, RoomInfo
from messango.protocol.frames import Refused as RefusedFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dial import dial


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a room told of itself, where, under which certificate (SHA-256, hex), and how far away it is."""

    room: RoomInfo
    address: Address
    fingerprint: str | None
    ping_ms: float


def look(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None = None,
    timeout_s: float = 3.0,
    given_up: Callable[[], bool] = lambda: False,
) -> Sighting:
    """Ask; raises `Unreachable`, `PeerProblem` or `Refused`, and what `dial` does for the rest."""
    deadline = time.monotonic() + timeout_s
    dialled = dial(addresses, fingerprint=fingerprint, timeout_s=timeout_s, given_up=given_up)
    try:
        dialled.connection.send(encode(Look(PROTOCOL_VERSION)))
        room = _answer(dialled.connection, deadline)
    except TimeoutError as error:
        raise Unreachable(
            f"{dialled.address} does not answer.", "The server may be stuck: restart it."
        ) from error
    finally:
        dialled.connection.close()
    return Sighting(room, dialled.address, dialled.connection.fingerprint, dialled.ping_ms)


def _left_s(deadline: float) -> float:
    """Return the time left; raises `TimeoutError` even where the other side talks and talks."""
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _answer(connection: Connection, deadline: float) -> RoomInfo:
    reader = server_frame_reader()
    while data := connection.receive(_left_s(deadline)):
        for frame in reader.receive(data):
            if isinstance(frame, RoomInfo):
                return frame
            if isinstance(frame, (RefusedFrame, Closed)):
                raise Refused(frame.code, frame.reason, frame.hint)
            if isinstance(frame, Problem):
                raise PeerProblem(frame.reason, frame.hint)
        if reader.fault is not None:
            raise reader.fault
    raise Unreachable(
        "The other side hung up without an answer.", "Is it a Messango room that listens there?"
    )
