"""Hypothesis sends random bytes in random pieces at random times, and checks the rules of a connection."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Final, cast

from hypothesis import given
from hypothesis import strategies as st

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol.codec import encode, encode_all
from messango.protocol.connection.actions import (
    BLOCKING,
    Action,
    AskRoom,
    CheckPassword,
    ClientGone,
    Close,
    LeaveRoom,
    PostToRoom,
    Wait,
)
from messango.protocol.connection.server_connection import ServerConnection
from messango.protocol.frames import Challenge, ClientFrame, Join, Leave, Look, Ping, Proof, Say, Typing
from messango.protocol.password import ServerExchange
from messango.protocol.peer_codec import DetectingCodec, JsonCodec, PeerCodec
from tests.protocol.connections import FULL, FakeServer, connect
from tests.support.frames import client_frames

_ENDINGS: Final = (Close, ClientGone, LeaveRoom)


class _Exchange:
    """A fast `ServerExchange`: `right` is the right proof, and `malformed` is not valid."""

    challenge = Challenge("pake", "confirm", "1f" * 16)

    def verify(self, proof: Proof) -> bool:
        if proof.confirm == "malformed":
            raise RemoteProtocolError("That is not a proof.", "Send one.")
        return proof.confirm == "right"


_EXCHANGE: Final = cast("ServerExchange", _Exchange())

#: What leads somewhere; arbitrary frames hardly ever join.
_likely: Final[st.SearchStrategy[ClientFrame]] = st.sampled_from(
    [
        Join(1, "Ann", pake="x"),
        Join(1, "Ann"),
        Join(0, "Ann"),
        Proof("right"),
        Proof("malformed"),
        Look(1),
        Say("1", "x"),
        Typing(),
        Ping(),
        Leave(),
    ]
)
_encoded: Final = st.lists(_likely | client_frames, max_size=6).map(encode_all)
_other: Final = st.sampled_from(
    [b"joined:Ann", b"joined:AnnAnn: hi", b"Ann: hi\n", b'{"type":"wave"}\n', b"{}\n", b"\n", b"\xff"]
)
_streams: Final = st.lists(_encoded | _other | st.binary(max_size=20), max_size=5).map(b"".join)


def _join_first(stream: bytes) -> bytes:
    return encode(Join(1, "Ann")) + stream


_codecs: Final = st.sampled_from([JsonCodec, DetectingCodec])


def slices(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    """Return the data split at these places."""
    places = [0, *sorted({cut % len(data) for cut in cuts} - {0}), len(data)] if data else [0, 0]
    return [data[start:end] for start, end in itertools.pairwise(places) if end > start]


class _AnyServer:
    """Calls a connection with choices by Hypothesis, and checks every result."""

    def __init__(self, draw: Callable[..., object], connection: ServerConnection) -> None:
        self._draw = draw
        self._connection = connection
        self._now_s = 0.0
        self._admitted = False

    def choose(self, *choices: Callable[[], Sequence[Action]]) -> None:
        """Make one of these calls, and carry out its actions."""
        call = cast("Callable[[], Sequence[Action]]", self._draw(st.sampled_from(choices)))
        actions: Sequence[Action] = self.checked(call)
        while actions:
            actions = self._outcome(actions[-1])

    def checked(self, call: Callable[[], Sequence[Action]]) -> Sequence[Action]:
        """Return the actions of a call, after checking them."""
        was_ended = self._connection.ended
        actions = call()
        assert not (was_ended and actions)
        assert not any(isinstance(action, (*BLOCKING, *_ENDINGS)) for action in actions[:-1])
        if actions:
            assert self._connection.ended is isinstance(actions[-1], _ENDINGS)
        for action in actions:
            self._check(action)
        assert self._connection.ended or self._connection.deadline_s() > 0.0
        return actions

    def _check(self, action: Action) -> None:
        if isinstance(action, PostToRoom):
            assert self._admitted
            assert action.frames
        elif isinstance(action, LeaveRoom):
            assert self._admitted
        elif isinstance(action, Wait):
            assert action.until_s > self._now_s

    def _outcome(self, action: Action) -> Sequence[Action]:
        """Return the next actions after the server has carried out this one."""
        connection = self._connection
        if isinstance(action, (Wait, PostToRoom)):
            waited_until_s = action.until_s if isinstance(action, Wait) else self._now_s
            self._now_s = max(self._now_s, waited_until_s)
            return self.checked(lambda: connection.advance(self._now_s))
        if isinstance(action, (AskRoom, CheckPassword)):
            self._pass_time()
            if self._draw(st.integers(0, 4)) == 0:
                return self.checked(lambda: connection.refuse(FULL, "the room is full"))
            if isinstance(action, CheckPassword):
                return self.checked(lambda: connection.challenge(_EXCHANGE, self._now_s))
            self._admitted = True
            return self.checked(lambda: connection.admit(self._now_s))
        return []

    def _pass_time(self) -> None:
        self._now_s += cast("float", self._draw(st.sampled_from([0.0, 0.01, 0.06, 1.0, 8.0, 30.0])))

    def read(self) -> Sequence[Action]:
        self._pass_time()
        data = cast("bytes", self._draw(_streams))
        (first, *_) = slices(data, cast("list[int]", self._draw(st.lists(st.integers(1, 99))))) or [b"{"]
        return self._connection.receive(first, self._now_s)

    def end_of_stream(self) -> Sequence[Action]:
        return self._connection.receive(b"", self._now_s)

    def time_out(self) -> Sequence[Action]:
        deadline_s = self._connection.deadline_s()
        self._now_s = max(self._now_s, deadline_s if deadline_s < 1e9 else 0.0)
        return self._connection.on_timeout(self._now_s)

    def too_early(self) -> Sequence[Action]:
        if self._now_s < self._connection.deadline_s():
            assert self._connection.on_timeout(self._now_s) == []
        return []

    def misuse(self) -> Sequence[Action]:
        """Pass on an outcome that was not requested: it raises an error or ends the connection."""
        connection = self._connection
        calls: list[Callable[[], Sequence[Action]]] = [
            lambda: connection.admit(self._now_s),
            lambda: connection.challenge(_EXCHANGE, self._now_s),
            lambda: connection.refuse(FULL),
            lambda: connection.fail(RemoteProtocolError("x")),
        ]
        state = connection.state
        try:
            return cast("Callable[[], Sequence[Action]]", self._draw(st.sampled_from(calls)))()
        except LocalProtocolError:
            assert connection.state is state
            return []


@given(data=st.data(), codec=_codecs, has_password=st.booleans(), rate_limit=st.sampled_from([0, 0.5, 20]))
def test_random_input_keeps_the_rules(
    *, data: st.DataObject, codec: Callable[[], PeerCodec], has_password: bool, rate_limit: float
) -> None:
    """At most one blocking action, always the last; no actions after the end; no exception.

    An error of the server raises `LocalProtocolError` and changes nothing.
    """
    connection = connect(
        codec(), encrypted=codec is JsonCodec, has_password=has_password, rate_limit=rate_limit
    )
    server = _AnyServer(data.draw, connection)
    for _ in range(data.draw(st.integers(1, 8))):
        server.choose(
            server.read, server.read, server.read, server.time_out, server.too_early, server.misuse,
            server.end_of_stream,
        )  # fmt: skip


@given(_streams | _streams.map(_join_first), st.lists(st.integers(1, 999)), _codecs, st.sampled_from([0, 1]))
def test_slices_do_not_change_the_actions(
    stream: bytes, cuts: list[int], codec: Callable[[], PeerCodec], rate_limit: float
) -> None:
    """The frames sent and posted, their order, and the end."""
    servers = [
        FakeServer(connect(codec(), encrypted=codec is JsonCodec, rate_limit=rate_limit)).receive(
            *pieces, b""
        )
        for pieces in ([stream] if stream else [], slices(stream, cuts), [bytes([byte]) for byte in stream])
    ]
    whole = servers[0]
    assert whole.connection.ended
    for server in servers[1:]:
        assert (server.log, server.connection.state) == (whole.log, whole.connection.state)
