"""The client's side of one connection, without I/O: takes bytes and the time, yields checked frames.

The client does not trust the server. These end the connection with `RoomMisbehaved`: a frame that the state
table does not allow, a message number that does not grow, a second room id, and a flood of notices; and with
`UnprovedIdentity`, a room id that does not belong to the room's certificate. Until the room has admitted the
client, only the frames of the handshake are accepted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from messango.errors import ConnectionLost, LocalProtocolError, RoomMisbehaved, UnprovedIdentity
from messango.protocol.codec import encode, server_frame_decoder
from messango.protocol.connection.rate_limit import TokenBucket
from messango.protocol.connection.states import ConnectionState, after_client_frame, after_receiving
from messango.protocol.frames import (
    Challenge,
    ClientFrame,
    Entry,
    Join,
    Joined,
    Left,
    Proof,
    Renamed,
    ServerFrame,
    Welcome,
)
from messango.protocol.limits import (
    JOIN_ANSWER_TIMEOUT_S,
    MAX_MEMBERS,
    MAX_SEQ,
    NOTICE_BURST,
    NOTICE_RATE,
)
from messango.protocol.room_id import is_proved


class ClientConnection:
    """The protocol of one connection to a room. For one thread at a time.

    `is_unconfirmed` returns whether our message with this id still waits for its receipt. If we sent a
    message twice, its receipt may have an old number.
    """

    def __init__(
        self, now_s: float, is_unconfirmed: Callable[[str], bool], *, fingerprint: str | None, address: str
    ) -> None:
        """Start after the TLS handshake. All times are seconds of one monotonic clock.

        `fingerprint` is that of the certificate which answered at `address`: the room's id must belong to it.
        """
        self.state = ConnectionState.UNJOINED
        self._decoder = server_frame_decoder()
        self._is_unconfirmed = is_unconfirmed
        self._fingerprint, self._address = fingerprint, address
        self._notices = TokenBucket(NOTICE_RATE, NOTICE_BURST, now_s)
        #: The room's id, once a frame has named it.
        self._room_id: str | None = None
        self._member_id = ""
        #: By name, as front ends keep them: a count would go down for people who were never here.
        self._members: set[str] = set()
        self._seq = 0
        self._join_deadline_s = now_s + JOIN_ANSWER_TIMEOUT_S

    @property
    def is_member(self) -> bool:
        """Whether the room has admitted us."""
        return self.state is ConnectionState.JOINED

    def join_time_left_s(self, now_s: float) -> float:
        """Return how long the room may still take to admit us; infinite once it has.

        Raises `ConnectionLost` if it has taken too long, however many bytes or pings it sends meanwhile.
        """
        if self.is_member:
            return float("inf")
        left_s = self._join_deadline_s - now_s
        if left_s <= 0:
            raise ConnectionLost(
                "The room neither let you in nor refused you.", "Its server may be stuck. Try again later."
            )
        return left_s

    def join(self, join: Join) -> bytes:
        """Return the bytes that ask to join; raises `LocalProtocolError` the second time."""
        return self._send(join)

    def prove(self, proof: Proof) -> bytes:
        """Return the bytes that answer a challenge; raises `LocalProtocolError` if there was none."""
        return self._send(proof)

    def receive(self, data: bytes, now_s: float) -> Iterator[ServerFrame]:
        """Yield the frames that `data` completes, in order.

        After the last valid frame, raises `RemoteProtocolError` for bytes that are not a frame, or its
        subclass `RoomMisbehaved` for a frame that is not allowed. The caller may answer a frame, with
        `prove`, before it takes the next.
        """
        lines = data.count(b"\n")
        while frames := self._decoder.decode(data):
            data = b""
            for frame in frames:
                self.state = after_receiving(self.state, frame)
                self._check(frame, now_s)
                yield frame
            lines -= len(frames)
        # The decoder leaves out frames of a later version; they cost us no less than other notices.
        self._take_notices(lines, now_s)

    def _send(self, frame: ClientFrame) -> bytes:
        state = after_client_frame(self.state, frame)
        if state is None:
            raise LocalProtocolError(f"{type(frame).__name__} can't be sent in the state {self.state.name}")
        self.state = state
        return encode(frame)

    def _check(self, frame: ServerFrame, now_s: float) -> None:
        if isinstance(frame, Entry):
            self._check_entry(frame)
            return
        self._take_notices(1, now_s)
        if isinstance(frame, Challenge):
            self._check_room_id(frame.room)
            self._room_id = frame.room
        elif isinstance(frame, Welcome):
            self._check_welcome(frame)
        elif isinstance(frame, Joined):
            self._add_members([frame.name])
        elif isinstance(frame, Left):
            self._members.discard(frame.name)
        elif isinstance(frame, Renamed) and frame.old in self._members:
            self._members.discard(frame.old)
            self._members.add(frame.name)

    def _take_notices(self, count: int, now_s: float) -> None:
        if count > 0 and self._notices.take(count, now_s) < count:
            raise RoomMisbehaved("The room sends too many notices.")

    def _check_entry(self, entry: Entry) -> None:
        seq = entry.seq
        if not 0 < seq <= MAX_SEQ:
            raise RoomMisbehaved("The room sent an invalid message number.")
        if seq > self._seq:
            self._seq = seq
        elif not (entry.member == self._member_id and self._is_unconfirmed(entry.id)):
            raise RoomMisbehaved("The room sent messages out of order.")

    def _check_welcome(self, welcome: Welcome) -> None:
        if self._room_id is not None and welcome.room.id != self._room_id:
            raise RoomMisbehaved("The room changed its identity while you were joining.")
        self._check_room_id(welcome.room.id)
        if not 0 <= welcome.oldest <= MAX_SEQ or not 0 <= welcome.latest <= MAX_SEQ:
            raise RoomMisbehaved("The room sent an invalid message number.")
        self._room_id, self._member_id = welcome.room.id, welcome.member
        if max(len(welcome.members), len(welcome.unencrypted), len(welcome.people)) > MAX_MEMBERS:
            raise RoomMisbehaved(f"The room lists more than {MAX_MEMBERS:,} members.")
        self._add_members(welcome.members)

    def _check_room_id(self, room_id: str) -> None:
        if not is_proved(room_id, self._fingerprint):
            raise UnprovedIdentity(self._address)

    def _add_members(self, names: list[str]) -> None:
        self._members.update(names)
        if len(self._members) > MAX_MEMBERS:
            raise RoomMisbehaved(f"The room lists more than {MAX_MEMBERS:,} members.")
