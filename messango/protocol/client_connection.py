"""One connection as its client sees it, without I/O: bytes and the time go in, frames that are in place come
out.

A server is as little trusted as a client. A frame that the table of states does not list, a number that
falls, a second identity, or a flood of notices ends the connection with `RemoteProtocolError`; nothing that a
room sends before it has admitted the client comes out, but what leads there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from messango.errors import LocalProtocolError, RemoteProtocolError
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Join,
    Joined,
    Left,
    Message,
    Proof,
    ServerFrame,
    Welcome,
)
from messango.protocol.limits import MAX_MEMBERS, MAX_SEQ, NOTICE_BURST, NOTICE_RATE
from messango.protocol.rate_limit import TokenBucket
from messango.protocol.states import ConnectionState, after_client_frame, after_server_frame

_HINT: Final = "Something is wrong with this room: ask its host, or join another one."


class ClientConnection:
    """The protocol of one connection to a room. For one thread at a time.

    `is_unconfirmed` returns whether a message of ours, by its id, still waits for its receipt: the receipt of
    one that was sent twice may have any number that was given before.
    """

    def __init__(self, now_s: float, is_unconfirmed: Callable[[str], bool]) -> None:
        """Begin with a connection that is secured; `now_s` is of a clock that never jumps."""
        self.state = ConnectionState.UNJOINED
        self._decoder = server_frame_decoder()
        self._is_unconfirmed = is_unconfirmed
        self._notices = TokenBucket(NOTICE_RATE, NOTICE_BURST, now_s)
        #: The room's id, from the first frame that names it on.
        self._room_id: str | None = None
        self._member_id = ""
        self._member_count = 0
        self._seq = 0

    @property
    def is_member(self) -> bool:
        """Whether the room has admitted us."""
        return self.state is ConnectionState.JOINED

    def join(self, join: Join) -> bytes:
        """Return what to send to join; raises `LocalProtocolError` the second time."""
        return self._send(join)

    def prove(self, proof: Proof) -> bytes:
        """Return what to send as the answer to a challenge; raises `LocalProtocolError` without one."""
        return self._send(proof)

    def receive(self, data: bytes, now_s: float) -> Iterator[ServerFrame]:
        """Yield the frames that `data` completes, in order; raises `RemoteProtocolError` behind the last good
        one.

        What is yielded may be answered, by `prove`, before the next one is asked for.
        """
        while frames := self._decoder.decode(data):
            data = b""
            for frame in frames:
                self.state = after_server_frame(self.state, frame)
                self._check(frame, now_s)
                yield frame

    def _send(self, frame: ClientFrame) -> bytes:
        state = after_client_frame(self.state, frame)
        if state is None:
            raise LocalProtocolError(f"{type(frame).__name__} can't be sent in the state {self.state.name}.")
        self.state = state
        return encode(frame)

    def _check(self, frame: ServerFrame, now_s: float) -> None:
        if isinstance(frame, Message):
            self._check_message(frame)
            return
        if not self._notices.take(1, now_s):
            raise RemoteProtocolError("The room sends more notices than a room can have.", _HINT)
        if isinstance(frame, Challenge):
            self._room_id = frame.room
        elif isinstance(frame, Welcome):
            self._check_welcome(frame)
        elif isinstance(frame, (Joined, Left)):
            self._count_members(1 if isinstance(frame, Joined) else -1)

    def _check_message(self, message: Message) -> None:
        seq = message.seq
        if not 0 < seq <= MAX_SEQ:
            raise RemoteProtocolError("The room sent a message with an impossible number.", _HINT)
        if seq > self._seq:
            self._seq = seq
        elif not (message.member == self._member_id and self._is_unconfirmed(message.id)):
            raise RemoteProtocolError("The room sent messages out of their order.", _HINT)

    def _check_welcome(self, welcome: Welcome) -> None:
        if self._room_id is not None and welcome.room.id != self._room_id:
            raise RemoteProtocolError("The room changed its identity while you were joining.", _HINT)
        if not 0 <= welcome.oldest <= MAX_SEQ or not 0 <= welcome.latest <= MAX_SEQ:
            raise RemoteProtocolError("The room sent an impossible number.", _HINT)
        self._room_id, self._member_id = welcome.room.id, welcome.member
        self._count_members(len(welcome.members))

    def _count_members(self, delta: int) -> None:
        self._member_count = max(0, self._member_count + delta)
        if self._member_count > MAX_MEMBERS:
            raise RemoteProtocolError(f"The room names more than {MAX_MEMBERS:,} members.", _HINT)
