"""Asks a room for its name, id and seats without joining it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.errors import JoinRefused, RemoteProtocolError, UnprovedIdentity, on_one_line
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.frames import Closed, Look, Problem, RoomInfoFrame
from messango.protocol.frames import Refused as RefusedFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.room_id import is_proved
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing.dial import CONNECT_PATIENCE_S, dial
from messango.transport.dialing.dial_failure import FailureKind
from messango.transport.dialing.dial_pace import SLOW_CONNECT_S
from messango.transport.dialing.first_answer import is_messango, no_room_answered

#: On a slow network, a probe takes three round trips and a second or two for each packet that is lost. One in
#: a list may be repeated; one that decides whether somebody gets into the room has as long as `dial`.
PROBE_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """A room's answer, the address and the certificate (SHA-256, hex) it came from, and the round trip."""

    room: RoomInfoFrame
    address: Address
    fingerprint: str | None
    ping_ms: float


def probe(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None = None,
    session: str | None = None,
    timeout_s: float = 3.0,
    patience_s: float = CONNECT_PATIENCE_S,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> ProbeResult:
    """Ask a room about itself; raises `Unreachable`, `RemoteProtocolError`, `JoinRefused`, or as `dial`.

    Gives up after `timeout_s`, on a slow network after `patience_s` (`dial_pace`).
    With `session`, also ask whether the room knows this secret, which only it may see: so with `fingerprint`.
    Raises `UnprovedIdentity` if the room's id does not belong to the certificate that answered.
    """
    began = time.monotonic()
    dial_result = dial(
        addresses,
        fingerprint=fingerprint,
        timeout_s=timeout_s,
        patience_s=patience_s,
        is_cancelled=is_cancelled,
    )
    is_slow = dial_result.ping_ms >= SLOW_CONNECT_S * 1000
    deadline = began + (max(timeout_s, patience_s) if is_slow else timeout_s)
    try:
        dial_result.connection.send(encode(Look(PROTOCOL_VERSION, session)))
        room = _read_room_info(dial_result.connection, deadline)
    except (TimeoutError, EOFError, RemoteProtocolError) as error:
        connection, address = dial_result.connection, dial_result.address
        if isinstance(error, RemoteProtocolError) and is_messango(connection):
            raise  # A room of another version.
        silence = FailureKind.SLOW if is_slow else FailureKind.SILENT
        kind = FailureKind.CLOSED if isinstance(error, EOFError) else silence
        raise no_room_answered(connection, address, kind, time.monotonic() - began) from error
    finally:
        dial_result.connection.close()
    seen = dial_result.connection.fingerprint
    if not is_proved(room.id, seen):
        raise UnprovedIdentity(str(dial_result.address))
    return ProbeResult(room, dial_result.address, seen, dial_result.ping_ms)


def _time_left_s(deadline: float) -> float:
    """Return the seconds left; raises `TimeoutError` if there are none, even if bytes keep arriving."""
    left_s = deadline - time.monotonic()
    if left_s <= 0:
        raise TimeoutError
    return left_s


def _read_room_info(connection: Connection, deadline: float) -> RoomInfoFrame:
    """Return the answer; raises `TimeoutError`, `EOFError` if there is none, and as `probe`."""
    reader = server_frame_decoder()
    while data := connection.receive(_time_left_s(deadline)):
        while frames := reader.decode(data):
            data = b""
            for frame in frames:
                if isinstance(frame, RoomInfoFrame):
                    return frame
                if isinstance(frame, (RefusedFrame, Closed)):
                    raise JoinRefused(frame.code, frame.reason, frame.hint)
                if isinstance(frame, Problem):
                    raise RemoteProtocolError(on_one_line(f"{frame.reason} {frame.hint}"))
    raise EOFError
