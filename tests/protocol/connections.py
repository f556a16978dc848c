"""Factories of `ServerConnection`, and a fake server that carries out its actions and records them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import Final

from messango.protocol.codec import encode, encode_all, server_frame_decoder
from messango.protocol.connection.actions import (
    Action,
    AskRoom,
    CheckPassword,
    Close,
    PostToRoom,
    ReadHistory,
    RoomFrame,
    Send,
    Wait,
)
from messango.protocol.connection.server_connection import ServerConnection
from messango.protocol.connection.states import ConnectionState
from messango.protocol.frames import ClientFrame, Join, Leave, Problem, Refused, RoomInfo, ServerFrame
from messango.protocol.limits import PROTOCOL_VERSION
from messango.protocol.password import ClientExchange, Password, ServerExchange
from messango.protocol.peer_codec import JsonCodec, PeerCodec
from tests.support.decode import decode_all

ROOM: Final = RoomInfo(
    PROTOCOL_VERSION, "1f" * 16, "Tea", "1.0", members=2, seats=5, locked=False, history=True
)
CERTIFICATE: Final = hashlib.sha256(b"the certificate").hexdigest()
SESAME: Final = Password("open sesame")
DEADLINE_S: Final = 10.0
#: The states in which a server reads; in the others it first waits for an outcome.
OPEN_STATES: Final = (ConnectionState.UNJOINED, ConnectionState.CHALLENGED, ConnectionState.JOINED)
FULL: Final = Refused("full", "“Tea” is full.", "Try again.")
JOIN: Final = Join(PROTOCOL_VERSION, "Ann")
#: The secret of the only session that the room has.
SESSION: Final = "5e55"


def connect(
    codec: PeerCodec | None = None,
    *,
    encrypted: bool = True,
    has_password: bool = False,
    rate_limit: float = 0,
) -> ServerConnection:
    """Return the connection of a client that connected at 0 s; its join deadline is `DEADLINE_S`."""
    return ServerConnection(
        codec or JsonCodec(),
        lambda: ROOM,
        0.0,
        has_session=lambda session: session == SESSION,
        join_deadline_s=DEADLINE_S,
        encrypted=encrypted,
        needs_password=lambda _join: has_password,
        rate_limit=rate_limit,
    )


def send(connection: ServerConnection, *frames: ClientFrame, now_s: float = 0.0) -> list[Action]:
    """Return the actions after these frames in one read."""
    return connection.receive(encode_all(frames), now_s)


def member(*, codec: PeerCodec | None = None, rate_limit: float = 0) -> ServerConnection:
    """Return the connection of a member."""
    connection = connect(codec, rate_limit=rate_limit)
    assert send(connection, JOIN) == [AskRoom(JOIN)]
    assert connection.admit(0.0) == []
    return connection


def in_state(state: ConnectionState) -> ServerConnection:
    """Return a connection in a state in which it handles a client's frame."""
    if state is ConnectionState.JOINED:
        return member()
    connection = connect(has_password=state is ConnectionState.CHALLENGED)
    if state is ConnectionState.CHALLENGED:
        FakeServer(connection).receive(encode(Join(1, "Ann", pake=ClientExchange(SESAME).pake)))
    if state is ConnectionState.ENDED:
        send(connection, Leave())
    return connection


def sent_frames(actions: Iterable[Action]) -> list[ServerFrame | Problem]:
    """Return the frames that are sent to the client."""
    data = b"".join(action.data for action in actions if isinstance(action, (Send, Close)))
    frames, error = decode_all(server_frame_decoder().decode, data)
    assert error is None
    return frames


def sent_frame(actions: Iterable[Action]) -> ServerFrame | Problem:
    """Return the only frame that is sent to the client."""
    (frame,) = sent_frames(actions)
    return frame


class FakeServer:
    """Carries out the actions of a connection: admits, challenges, and waits on its own clock.

    `log` has everything in its order: frames sent and frames posted, and each other action as it is.
    """

    def __init__(self, connection: ServerConnection) -> None:
        self.connection = connection
        self.now_s = 0.0
        self.log: list[Action | ServerFrame | Problem | RoomFrame] = []
        self.posted: list[RoomFrame] = []

    def receive(self, *pieces: bytes) -> FakeServer:
        """Receive these pieces in order, until the connection ends."""
        for data in pieces:
            if not self.connection.ended:
                self.carry_out(self.connection.receive(data, self.now_s))
        return self

    def time_out(self) -> FakeServer:
        """Move the clock to the connection's deadline."""
        self.now_s = self.connection.deadline_s()
        self.carry_out(self.connection.on_timeout(self.now_s))
        return self

    def carry_out(self, actions: Sequence[Action]) -> None:
        """Carry out these actions and those that follow from them."""
        while actions:
            more: Sequence[Action] = []
            for action in actions:
                more = self._carry_out(action)
            actions = more

    def _carry_out(self, action: Action) -> Sequence[Action]:
        if isinstance(action, PostToRoom):
            self.posted += action.frames
            self.log += action.frames
            return self.connection.advance(self.now_s)
        if isinstance(action, Wait):
            assert action.until_s > self.now_s
            self.now_s = action.until_s
            return self.connection.advance(self.now_s)
        if isinstance(action, (Send, Close)) and action.data:
            self.log += sent_frames([action])
            return []
        self.log.append(action)
        return self._answer(action)

    def _answer(self, action: Action) -> Sequence[Action]:
        if isinstance(action, AskRoom):
            return self.connection.admit(self.now_s)
        if isinstance(action, ReadHistory):
            return self.connection.advance(self.now_s)
        if isinstance(action, CheckPassword):
            exchange = ServerExchange(SESAME, action.join.pake or "", CERTIFICATE, ROOM.id)
            return self.connection.challenge(exchange, self.now_s)
        return []
