"""The server's side of one connection, without I/O: takes bytes and the time, returns actions.

`server.client_thread` owns the socket: it passes on the bytes and carries out the actions. For members that
only talk, the room thread does that (`server.pooled_member`). The state follows
the table in `protocol.states`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Sequence
from itertools import takewhile
from typing import Final, TypeAlias, cast

import msgspec

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.connection import refusals
from messango.protocol.connection.actions import (
    BLOCKING,
    ROOM_FRAMES,
    Action,
    AskRoom,
    CheckPassword,
    ClientGone,
    Close,
    LeaveRoom,
    PasswordProved,
    PostToRoom,
    ReadHistory,
    ReportReached,
    ReportRefusal,
    RoomFrame,
    Send,
    Wait,
)
from messango.protocol.connection.history_limits import history_buckets
from messango.protocol.connection.rate_limit import TokenBucket
from messango.protocol.connection.states import (
    ConnectionState,
    after_client_frame,
    after_sending,
    unexpected_frame_problem,
)
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Closed,
    Earlier,
    Join,
    Leave,
    Look,
    Ping,
    Pong,
    Problem,
    Proof,
    Reached,
    Refused,
    RoomInfo,
    RoomInfoFrame,
    Say,
    Search,
    Welcome,
)
from messango.protocol.limits import (
    DEAD_AFTER_S,
    MAX_FRAMES_BEFORE_JOIN,
    MESSAGE_BURST,
    MESSAGE_GAP_S,
    PING_MEMBER_AFTER_S,
    REPLY_BURST,
    REPLY_RATE,
)
from messango.protocol.password import ServerExchange
from messango.protocol.peer_codec import END_OF_STREAM, EndOfStream, PeerCodec

#: The reason that the host reads for a client that sends nothing.
SILENT: Final = "was silent for too long"

_PING: Final = Send(encode(Ping()))
_PONG: Final = Send(encode(Pong()))
_ONLY_MESSAGES: Final = {Say}


_Waiting: TypeAlias = ClientFrame | Problem | RemoteProtocolError | EndOfStream


class ServerConnection:
    """The protocol of one client. For one thread at a time; `encode` and `final_bytes` are for any thread.

    Call `receive` with each read, or `on_timeout` at `deadline_s`. After an action of `BLOCKING`, read
    nothing until its outcome was passed on.
    """

    def __init__(
        self,
        codec: PeerCodec,
        room_info: Callable[[], RoomInfo],
        now_s: float,
        *,
        has_session: Callable[[str], bool],
        join_deadline_s: float,
        encrypted: bool,
        needs_password: Callable[[Join], bool],
        rate_limit: float,
    ) -> None:
        """Start with a client that has just connected.

        `room_info` returns the room's public information, `has_session` whether the room has a session with
        this secret, which this client could resume, `needs_password` whether a client that joins like this
        has to prove the password. `rate_limit` is in messages per second, 0 for no limit. All times are
        seconds of one monotonic clock.
        """
        self.state = ConnectionState.UNJOINED
        #: The name in the client's `join`; empty before it.
        self.name = ""
        #: Set it to False when the client can't read answers any more; what it has sent to the room counts.
        self.answers = True
        self.encode = codec.encode
        self._codec = codec
        self._room_info = room_info
        self._has_session = has_session
        self._encrypted = encrypted
        self._needs_password = needs_password
        self._must_prove = False
        self._join_deadline_s = join_deadline_s
        #: The time since which the connection has only been waiting for bytes.
        self._idle_since_s = now_s
        self._ping_sent = False
        self._frames_before_join = 0
        self._join: Join | None = None
        self._exchange: ServerExchange | None = None
        self._message_bucket = TokenBucket(rate_limit, MESSAGE_BURST, now_s)
        self._reply_bucket = TokenBucket(REPLY_RATE, REPLY_BURST, now_s)
        self._history_buckets = history_buckets(now_s)
        self._waiting: deque[_Waiting] = deque()
        #: The number of bytes of the last read.
        self._size = 0

    @property
    def is_member(self) -> bool:
        """Whether the room has admitted the client."""
        return self.state is ConnectionState.JOINED

    @property
    def ended(self) -> bool:
        """Whether the connection has ended, so that nothing more is read."""
        return self.state is ConnectionState.ENDED

    @property
    def uses_json(self) -> bool:
        """Whether the client answers `ping` and can resume its session, unlike the original client."""
        return self._codec.uses_json

    @property
    def shows_each_read(self) -> bool:
        """Whether the client shows each read as a line, so that sends need a pause between them."""
        return self._codec.shows_each_read

    @property
    def final_bytes(self) -> bytes:
        """What ends the connection after the last frames, for any thread."""
        return self._codec.final_bytes

    @property
    def has_unprocessed_input(self) -> bool:
        """Whether input that was read is not processed yet."""
        return bool(self._waiting)

    @property
    def has_incomplete_message(self) -> bool:
        """Whether a pause would end a message now; then `deadline_s` is near."""
        return self._codec.has_incomplete_message

    def deadline_s(self) -> float:
        """Return when to call `on_timeout` if nothing is read until then; infinity for never."""
        if self._codec.has_incomplete_message:
            return self._idle_since_s + MESSAGE_GAP_S
        if not self.is_member:
            return self._join_deadline_s
        if not self.uses_json:
            # TCP keep-alive detects a dead connection of the original client.
            return math.inf
        silence_s = DEAD_AFTER_S if self._ping_sent else min(PING_MEMBER_AFTER_S, DEAD_AFTER_S)
        return self._idle_since_s + silence_s

    def check_by_s(self, now_s: float) -> float:
        """Return by when to read `deadline_s` again if another thread calls `receive`; infinity for never.

        An answer to a ping can bring the deadline closer, because then the next ping is due.
        """
        deadline_s = self.deadline_s()
        return deadline_s if deadline_s == math.inf else min(deadline_s, now_s + PING_MEMBER_AFTER_S)

    def receive(self, data: bytes, now_s: float) -> list[Action]:
        """Handle one read, which is empty at the end of the stream; return the actions."""
        self._size = len(data)
        if data and self.is_member and not self._waiting:
            return self._receive_from_member(data, now_s)
        if data:
            self._decode(data)
        else:
            self._waiting.extend(self._codec.on_eof())
            self._waiting.append(END_OF_STREAM)
        return self.advance(now_s)

    def on_timeout(self, now_s: float) -> list[Action]:
        """Return the actions when nothing was read until `deadline_s`."""
        if self.ended or now_s < self.deadline_s():
            return []
        if self._codec.has_incomplete_message:
            self._waiting.extend(self._codec.on_pause())
            return self.advance(now_s)
        if not self.is_member:
            return self.refuse(refusals.TOO_LATE, SILENT)
        if not self._ping_sent:
            self._ping_sent = True
            return [_PING]
        self.state = ConnectionState.ENDED
        return [ClientGone(silent_s=DEAD_AFTER_S)]

    def advance(self, now_s: float) -> list[Action]:
        """Continue with the input that was read; return the actions up to the first of `BLOCKING`."""
        # The client may have been waiting for us, so its silence starts only now.
        self._idle_since_s, self._ping_sent = now_s, False
        actions: list[Action] = []
        while self._waiting and not self.ended and not (actions and isinstance(actions[-1], BLOCKING)):
            actions += self._handle_next(now_s)
        return actions

    # The outcomes of actions that block.

    def admit(self, now_s: float) -> list[Action]:
        """Continue after the room has admitted and welcomed the client."""
        if self._must_prove and self.state is not ConnectionState.PROVING:
            raise LocalProtocolError("a client that has not proved the password can't be admitted")
        self.state = after_sending(self.state, Welcome)
        return self.advance(now_s)

    def challenge(self, exchange: ServerExchange, now_s: float) -> list[Action]:
        """Send the challenge, which has been computed."""
        self.state = after_sending(self.state, Challenge)
        self._exchange = exchange
        return [Send(encode(exchange.challenge)), *self.advance(now_s)]

    def refuse(self, refusal: Refused, report: str = "") -> list[Action]:
        """Refuse the client and close; report it to the host unless `report` is empty."""
        self.state = after_sending(self.state, Refused)
        reports = [ReportRefusal(self.name, report)] if report else []
        return [*reports, Close(encode(refusal))]

    def fail(self, error: RemoteProtocolError) -> list[Action]:
        """Close because the client broke the protocol, with the reason."""
        reason, hint = str(error), error.hint
        if not self.is_member:
            return self.refuse(Refused(error_codes.PROTOCOL, reason, hint), reason)
        self.state = after_sending(self.state, Closed)
        return [Close(encode(Closed(error_codes.PROTOCOL, reason, hint)))]

    # The input is handled one frame at a time; frames for the room are passed on together.

    def _decode(self, data: bytes) -> None:
        try:
            while frames := self._codec.decode(data):
                self._waiting.extend(frames)
                data = b""
        except RemoteProtocolError as error:
            self._waiting.append(error)

    def _receive_from_member(self, data: bytes, now_s: float) -> list[Action]:
        """Handle a read that nearly always has messages only: those within the rate limit need no queue."""
        try:
            frames = self._codec.decode(data)
        except RemoteProtocolError as error:
            return self.fail(error)
        self._idle_since_s, self._ping_sent = now_s, False
        granted = 0
        if {*map(type, frames)} == _ONLY_MESSAGES:
            granted = self._message_bucket.take(len(frames), now_s)
        self._waiting.extend(frames[granted:])
        if frames:
            self._decode(b"")
        if not granted:
            return self.advance(now_s)
        return [PostToRoom(cast("Sequence[RoomFrame]", frames[:granted]), self._size)]

    def _handle_next(self, now_s: float) -> list[Action]:
        first = self._waiting[0]
        if self.is_member and isinstance(first, ROOM_FRAMES):
            return self._post(now_s)
        if isinstance(first, RemoteProtocolError):
            return self.fail(first)
        if isinstance(first, EndOfStream):
            self.state = ConnectionState.ENDED
            return [ClientGone(None if self.uses_json else "left")]
        if not self.is_member and self._count_unjoined_frame() > MAX_FRAMES_BEFORE_JOIN:
            return self.fail(refusals.TOO_MUCH)
        return self._handle(first, now_s)

    def _count_unjoined_frame(self) -> int:
        self._frames_before_join += 1
        return self._frames_before_join

    def _post(self, now_s: float) -> list[Action]:
        """Pass the frames at the front to the room, as many as the rate limit allows."""
        count = sum(1 for _ in takewhile(lambda frame: isinstance(frame, ROOM_FRAMES), self._waiting))
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
        if isinstance(frame, Reached):
            # It costs us as much as an answer of ours, and nobody has to have asked.
            return self._reply(ReportReached(frame.results), now_s)
        if isinstance(frame, Earlier | Search):
            return self._read_history(frame, now_s)
        self._waiting.popleft()
        return self._handle_allowed(frame, state)

    def _read_history(self, request: Earlier | Search, now_s: float) -> list[Action]:
        """Have the request answered, within the rate limit for its kind."""
        bucket = self._history_buckets[type(request)]
        if self.answers and not bucket.take(1, now_s):
            return [Wait(bucket.next_at_s())]
        self._waiting.popleft()
        return [ReadHistory(request)] if self.answers else []

    def _handle_allowed(self, frame: ClientFrame, state: ConnectionState) -> list[Action]:
        was_member, self.state = self.is_member, state
        if isinstance(frame, Leave):
            return [LeaveRoom()] if was_member else [Close()]
        if isinstance(frame, Look):
            return self._handle_look(frame)
        if isinstance(frame, Join):
            return self._handle_join(frame)
        if isinstance(frame, Proof):
            return self._handle_proof(frame)
        return []

    def _handle_look(self, look: Look) -> list[Action]:
        self.state = after_sending(self.state, RoomInfoFrame)
        info = msgspec.structs.asdict(self._room_info())
        known = None if look.session is None else self._has_session(look.session)
        return [Close(encode(RoomInfoFrame(**info, knows_session=known)))]

    def _reply(self, reply: Send | ReportReached, now_s: float) -> list[Action]:
        """Answer the first frame, within the rate limit for answers."""
        if not self.answers:
            self._waiting.popleft()
            return []
        if not self._reply_bucket.take(1, now_s):
            return [Wait(self._reply_bucket.next_at_s())]
        self._waiting.popleft()
        return [reply]

    def _handle_join(self, join: Join) -> list[Action]:
        if join.protocol < 1:
            reason = f"Protocol version {join.protocol} does not exist."
            return self.fail(RemoteProtocolError(reason, "Update your Messango."))
        if join.room is not None and join.room != self._room_info().id:
            return self.refuse(refusals.OTHER_ROOM)
        self.name, self._join = join.name, join
        self._must_prove = self._needs_password(join)
        if not self._must_prove:
            return [AskRoom(join)]
        # The password is checked before everything else, so that others learn nothing about the room.
        if join.pake is None or not self._encrypted:
            return self.refuse(refusals.PASSWORD_REQUIRED, "gave no password")
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
            return self.refuse(refusals.WRONG_PASSWORD)
        return [PasswordProved(), AskRoom(join)]
