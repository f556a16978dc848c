"""One connection as its server sees it, without I/O: bytes and the time go in, actions come out.

`server.client_thread` has the socket: it passes on what it read, and carries out the actions. The state
follows the table in `protocol.states`; nothing here knows of a room, another client, a socket or a clock.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from itertools import takewhile
from typing import Final, TypeAlias, cast

import msgspec

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.actions import (
    BLOCKING,
    Action,
    AskRoom,
    CheckPassword,
    ClientGone,
    Close,
    LeaveRoom,
    PasswordProved,
    PostToRoom,
    ReportRefusal,
    RoomFrame,
    Send,
    Wait,
)
from messango.protocol.codec import encode
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Problem,
    Proof,
    Refused,
    Rename,
    RoomInfo,
    RoomInfoFrame,
    Say,
    Typing,
    Welcome,
)
from messango.protocol.limits import (
    DEAD_AFTER_S,
    JOIN_DEADLINE_S,
    MAX_FRAMES_BEFORE_JOIN,
    MESSAGE_BURST,
    MESSAGE_GAP_S,
    PING_MEMBER_AFTER_S,
    REPLY_BURST,
    REPLY_RATE,
)
from messango.protocol.password import ServerExchange
from messango.protocol.rate_limit import TokenBucket
from messango.protocol.states import (
    ConnectionState,
    after_client_frame,
    after_own_frame,
    unexpected_frame_problem,
)
from messango.protocol.wire_format import PeerCodec

#: What the host reads about a client that sends nothing.
SILENT: Final = "was silent for too long"

_PING: Final = Send(encode(Ping()))
_PONG: Final = Send(encode(Pong()))
_ROOM_FRAMES: Final = (Say, Typing, Rename)

_TOO_LATE: Final = Refused(
    error_codes.PROTOCOL, f"You have not joined within {JOIN_DEADLINE_S:.0f} seconds.", "Connect again."
)
_PASSWORD_REQUIRED: Final = Refused(
    error_codes.PASSWORD_REQUIRED, "This room has a password.", "Join with Messango, and enter it there."
)
_WRONG_PASSWORD: Final = Refused(
    error_codes.WRONG_PASSWORD, "That is not the room's password.", "Ask the host for it."
)
_TOO_MUCH: Final = RemoteProtocolError("You sent too much before you joined.", "Send 'join' first.")
_NO_PROTOCOL: Final = RemoteProtocolError("There is no protocol below 1.", "Update your Messango.")


class _EndOfStream:
    """Stands among the waiting frames where the client ended the stream."""


_END_OF_STREAM: Final = _EndOfStream()

_Waiting: TypeAlias = ClientFrame | Problem | RemoteProtocolError | _EndOfStream


class ServerConnection:
    """The protocol of one client. For one thread at a time; only `encode` is for any thread.

    `deadline_s` says when to call `on_timeout`, unless `receive` is called before. After an action of
    `BLOCKING` nothing more is to be read until its outcome is passed on.
    """

    def __init__(
        self,
        codec: PeerCodec,
        room_info: Callable[[], RoomInfo],
        now_s: float,
        *,
        join_deadline_s: float,
        encrypted: bool,
        has_password: bool,
        rate_limit: float,
    ) -> None:
        """Begin with a client that has just connected. `room_info` returns what anybody may know of the room.

        `rate_limit` is in messages a second, 0 for none; times are of one clock that never jumps.
        """
        self.state = ConnectionState.UNJOINED
        #: What the client called itself when it asked to join.
        self.name = ""
        self.encode = codec.encode
        self._codec = codec
        self._room_info = room_info
        self._encrypted = encrypted
        self._has_password = has_password
        self._join_deadline_s = join_deadline_s
        #: Since when the connection has been waiting for bytes, with nothing left to do.
        self._idle_since_s = now_s
        self._ping_sent = False
        self._frames_before_join = 0
        self._join: Join | None = None
        self._exchange: ServerExchange | None = None
        self._message_bucket = TokenBucket(rate_limit, MESSAGE_BURST, now_s)
        self._reply_bucket = TokenBucket(REPLY_RATE, REPLY_BURST, now_s)
        self._waiting: deque[_Waiting] = deque()
        #: How many bytes the last read had.
        self._size = 0

    @property
    def is_member(self) -> bool:
        """Whether the room has admitted the client."""
        return self.state is ConnectionState.JOINED

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be read."""
        return self.state is ConnectionState.ENDED

    @property
    def uses_json(self) -> bool:
        """Whether the client answers `ping` and can resume its session: the original client does neither."""
        return self._codec.uses_json

    @property
    def has_waiting(self) -> bool:
        """Whether something that was read still waits for its turn."""
        return bool(self._waiting)

    @property
    def has_pending_message(self) -> bool:
        """Whether a pause now would end a message, so that `deadline_s` is near."""
        return self._codec.has_pending_message

    def deadline_s(self) -> float:
        """Return when to call `on_timeout` if nothing is read before; infinity for never."""
        if self._codec.has_pending_message:
            return self._idle_since_s + MESSAGE_GAP_S
        if not self.is_member:
            return self._join_deadline_s
        if not self.uses_json:
            # TCP's keep-alive notices when such a client is gone.
            return math.inf
        silence_s = DEAD_AFTER_S if self._ping_sent else min(PING_MEMBER_AFTER_S, DEAD_AFTER_S)
        return self._idle_since_s + silence_s

    def check_after_s(self, now_s: float) -> float:
        """Return how long to wait before looking at `deadline_s` again, if another thread calls `receive`."""
        return max(0.0, min(self.deadline_s() - now_s, PING_MEMBER_AFTER_S))

    def receive(self, data: bytes, now_s: float) -> list[Action]:
        """Take what was read, nothing at the end of the stream; return what to do about it."""
        self._size = len(data)
        if data:
            self._decode(data)
        else:
            self._waiting.extend(self._codec.on_eof())
            self._waiting.append(_END_OF_STREAM)
        return self.advance(now_s)

    def on_timeout(self, now_s: float) -> list[Action]:
        """Return what to do when `deadline_s` has come and nothing was read."""
        if self.ended or now_s < self.deadline_s():
            return []
        if self._codec.has_pending_message:
            self._waiting.extend(self._codec.on_pause())
            return self.advance(now_s)
        if not self.is_member:
            return self.refuse(_TOO_LATE, SILENT)
        if not self._ping_sent:
            self._ping_sent = True
            return [_PING]
        self.state = ConnectionState.ENDED
        return [ClientGone(silent_s=DEAD_AFTER_S)]

    def advance(self, now_s: float) -> list[Action]:
        """Go on with what was read; return the actions up to the first of `BLOCKING`."""
        # While the client waited for us, its silence meant nothing.
        self._idle_since_s, self._ping_sent = now_s, False
        actions: list[Action] = []
        while self._waiting and not self.ended and not (actions and isinstance(actions[-1], BLOCKING)):
            actions += self._handle_next(now_s)
        return actions

    # The outcomes of actions that block.

    def admit(self, now_s: float) -> list[Action]:
        """The room has admitted and welcomed the client: go on with what it sent meanwhile."""
        if self._has_password and self.state is not ConnectionState.PROVING:
            raise LocalProtocolError("A client that has not proved the password can't be admitted.")
        self.state = after_own_frame(self.state, Welcome)
        return self.advance(now_s)

    def challenge(self, exchange: ServerExchange, now_s: float) -> list[Action]:
        """The challenge to the client's `join` is computed: send it."""
        self.state = after_own_frame(self.state, Challenge)
        self._exchange = exchange
        return [Send(encode(exchange.challenge)), *self.advance(now_s)]

    def refuse(self, refusal: Refused, report: str = "") -> list[Action]:
        """The client does not get in; the host reads `report`, if any."""
        self.state = after_own_frame(self.state, Refused)
        reports = [ReportRefusal(self.name, report)] if report else []
        return [*reports, Close(encode(refusal))]

    def fail(self, error: RemoteProtocolError) -> list[Action]:
        """The client broke the protocol: say so, and close."""
        reason, hint = str(error), error.hint
        if not self.is_member:
            return self.refuse(Refused(error_codes.PROTOCOL, reason, hint), reason)
        self.state = after_own_frame(self.state, Closed)
        return [Close(encode(Closed(error_codes.PROTOCOL, reason, hint)))]

    # What was read, one frame at a time; what is for the room in one go.

    def _decode(self, data: bytes) -> None:
        try:
            while frames := self._codec.decode(data):
                self._waiting.extend(frames)
                data = b""
        except RemoteProtocolError as error:
            self._waiting.append(error)

    def _handle_next(self, now_s: float) -> list[Action]:
        first = self._waiting[0]
        if self.is_member and isinstance(first, _ROOM_FRAMES):
            return self._post(now_s)
        if isinstance(first, RemoteProtocolError):
            return self.fail(first)
        if isinstance(first, _EndOfStream):
            self.state = ConnectionState.ENDED
            return [ClientGone(None if self.uses_json else "left")]
        if not self.is_member and self._is_one_too_many():
            return self.fail(_TOO_MUCH)
        return self._handle(first, now_s)

    def _is_one_too_many(self) -> bool:
        self._frames_before_join += 1
        return self._frames_before_join > MAX_FRAMES_BEFORE_JOIN

    def _post(self, now_s: float) -> list[Action]:
        """Give the room what is at the front for it, as much as the rate limit grants."""
        count = sum(1 for _ in takewhile(lambda frame: isinstance(frame, _ROOM_FRAMES), self._waiting))
        granted = self._message_bucket.take(count, now_s)
        if not granted:
            return [Wait(self._message_bucket.next_at_s())]
        frames = [cast("RoomFrame", self._waiting.popleft()) for _ in range(granted)]
        return [PostToRoom(frames, self._size)]

    def _handle(self, frame: ClientFrame | Problem, now_s: float) -> list[Action]:
        if isinstance(frame, Ping):
            return self._reply(_PONG, now_s)
        if isinstance(frame, Problem):
            return self._reply(Send(encode(frame)), now_s)
        state = after_client_frame(self.state, frame)
        if state is None:
            return self._reply(Send(encode(unexpected_frame_problem(frame, self.state))), now_s)
        self._waiting.popleft()
        was_member, self.state = self.is_member, state
        if isinstance(frame, Leave):
            return [LeaveRoom()] if was_member else [Close()]
        if isinstance(frame, Look):
            self.state = after_own_frame(self.state, RoomInfoFrame)
            return [Close(encode(RoomInfoFrame(**msgspec.structs.asdict(self._room_info()))))]
        if isinstance(frame, Join):
            return self._handle_join(frame)
        if isinstance(frame, Proof):
            return self._handle_proof(frame)
        return []

    def _reply(self, reply: Send, now_s: float) -> list[Action]:
        """Answer the first frame, no faster than any client needs an answer."""
        if not self._reply_bucket.take(1, now_s):
            return [Wait(self._reply_bucket.next_at_s())]
        self._waiting.popleft()
        return [reply]

    def _handle_join(self, join: Join) -> list[Action]:
        if join.protocol < 1:
            return self.fail(_NO_PROTOCOL)
        self.name, self._join = join.name, join
        if not self._has_password:
            return [AskRoom(join)]
        # The password comes before every other question, so that strangers learn nothing of the room.
        if join.pake is None or not self._encrypted:
            return self.refuse(_PASSWORD_REQUIRED, "gave no password")
        return [CheckPassword(join)]

    def _handle_proof(self, proof: Proof) -> list[Action]:
        exchange, join = self._exchange, self._join
        if exchange is None or join is None:
            raise LocalProtocolError("a proof can't come before its challenge")
        try:
            is_correct = exchange.verify(proof)
        except RemoteProtocolError as error:
            return self.fail(error)
        if not is_correct:
            return self.refuse(_WRONG_PASSWORD)
        return [PasswordProved(), AskRoom(join)]
