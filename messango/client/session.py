"""One session in a room: turns the server's frames into client events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from messango.client.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
)
from messango.client.requests.outbox import Outbox
from messango.client.trust.trust_check import TrustCheck, another_room
from messango.errors import (
    ConnectionLost,
    JoinRefused,
    MessangoError,
    PasswordNeeded,
    RoomClosed,
    Unreachable,
    WrongPassword,
    on_one_line,
)
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Entry,
    Joined,
    Left,
    Message,
    Problem,
    Renamed,
    RoomInfo,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.frames import Refused as RefusedFrame
from messango.protocol.text.validation import clean_text
from messango.transport.addresses import Address, without_scope
from messango.transport.connection import Connection

_OTHER_ROOM: Final = ("Another room of that host answers there.", "Reconnecting…")


class Session:
    """A session over one or more connections: who we are, what we received, and how to resume.

    For the client's thread; any thread may read `in_room`.
    """

    def __init__(self, outbox: Outbox, trust_check: TrustCheck) -> None:
        self.token: str | None = None
        self.last_seq: int | None = None
        self.fingerprint = ""
        self.room_id = ""
        self.in_room = False
        #: The name that we last asked for; the client sets it before it hands over an answer.
        self.wanted_name = ""
        self._outbox = outbox
        self._trust_check = trust_check
        self._you = ""
        self._member_id = ""
        self._history_until = 0
        #: Where we joined last; before the first join the address in the invite link, if there is one.
        self.expected_at: Address | None = None

    @property
    def has_session(self) -> bool:
        """Whether we have joined before, so that the client reconnects."""
        return self.token is not None

    def other_room_error(self, room: RoomInfo, address: Address) -> Unreachable | None:
        """Return the error if this is not the room that we joined, or on the first visit chose.

        It is another room of the same host, or answers at the old address.
        """
        if not self.has_session:
            return None if self._trust_check.is_wanted(room) else another_room(address)
        return None if room.id == self.room_id else ConnectionLost(*_OTHER_ROOM)

    def _refusal_error(self, frame: RefusedFrame) -> MessangoError:
        """Return the error for a refusal. Errors about passwords have our own texts, not the server's."""
        if frame.code == error_codes.PASSWORD_REQUIRED:
            return PasswordNeeded()
        if frame.code == error_codes.WRONG_PASSWORD:
            return WrongPassword()
        if frame.code == error_codes.OTHER_ROOM:
            return ConnectionLost(*_OTHER_ROOM) if self.has_session else another_room(self._address)
        return JoinRefused(frame.code, frame.reason, frame.hint)

    def is_our_server(self, welcome: Welcome) -> bool:
        """Return whether the server knows our session and has all that we have received.

        A copy of the host's folder on another computer has the same identity, but not what came later.
        """
        if not self.has_session:
            return True
        return welcome.session == self.token and welcome.latest >= (self.last_seq or 0)

    def attach(self, address: Address, connection: Connection) -> None:
        """Use a new connection."""
        self._address = address
        self._connection = connection

    def detach(self) -> None:
        """Drop the connection."""
        self.in_room = False

    def handle_frame(self, frame: ServerFrame) -> Iterator[Event]:
        """Yield the events of a frame. Raises `JoinRefused`, `RoomClosed` or `FingerprintMismatch`."""
        if isinstance(frame, Message):
            yield from self._handle_message(frame)
        elif isinstance(frame, Entry):
            # No front end shows these yet; they count as received all the same.
            self.last_seq = max(self.last_seq or 0, frame.seq)
        elif isinstance(frame, Welcome):
            yield self._handle_welcome(frame)
        elif isinstance(frame, Problem):
            yield from self._handle_problem(frame)
        elif isinstance(frame, RefusedFrame):
            raise self._refusal_error(frame)
        elif isinstance(frame, Closed):
            raise RoomClosed(frame.code, frame.reason, frame.hint)
        else:
            yield from self._handle_member_frame(frame)

    def _handle_member_frame(self, frame: ServerFrame) -> Iterator[Event]:
        if isinstance(frame, Joined):
            yield MemberJoined(
                frame.name, frame.encrypted, frame.member, frame.host, frame.web, frame.resembles
            )
        elif isinstance(frame, Left):
            yield MemberLeft(frame.name, on_one_line(frame.reason), frame.member, on_one_line(frame.note))
        elif isinstance(frame, TypingNotice):
            yield MemberTyping(frame.name, frame.member)
        elif isinstance(frame, Renamed):
            yield self._handle_renamed(frame)

    def _handle_renamed(self, frame: Renamed) -> MemberRenamed:
        you = frame.member == self._member_id if frame.member else frame.old == self._you
        if you:
            self._you = frame.name
        return MemberRenamed(
            frame.name,
            frame.old,
            you,
            frame.member,
            frame.host,
            frame.web,
            frame.encrypted,
            frame.resembles,
            self.wanted_name if you else "",
        )

    def _handle_welcome(self, welcome: Welcome) -> RoomJoined:
        room, fingerprint = welcome.room, self._connection.fingerprint or ""
        trust = self._trust_check.remember_visit(room, fingerprint, self._address)
        resumed, gap = welcome.session == self.token, self._has_gap(welcome)
        moved_from = self._moved_from() if resumed or not self.has_session else ""
        self.expected_at = self._address
        self._update_session(welcome, fingerprint)
        return RoomJoined(
            room=room,
            you=welcome.you,
            member=welcome.member,
            members=tuple(welcome.members),
            latest=welcome.latest,
            fingerprint=fingerprint,
            address=str(self._address),
            encrypted=self._connection.encrypted,
            first_visit=trust.first_visit,
            resumed=resumed,
            unencrypted=tuple(welcome.unencrypted),
            by_invite=trust.by_invite,
            namesake=trust.namesake,
            former_name=trust.former_name,
            same_name=trust.same_name,
            gap=gap,
            moved_from=moved_from,
            wanted=self.wanted_name,
            people=tuple(welcome.people),
        )

    def _moved_from(self) -> str:
        expected = self.expected_at
        # Another scope is the same address, as another computer of the network writes it.
        if expected is None or _unscoped(expected) == _unscoped(self._address):
            return ""
        return str(expected)

    def _has_gap(self, welcome: Welcome) -> bool:
        """Return whether the room no longer stores some messages since the last one that we received."""
        if self.last_seq is None or welcome.latest <= self.last_seq:
            return False
        return not 0 < welcome.oldest <= self.last_seq + 1

    def _update_session(self, welcome: Welcome, fingerprint: str) -> None:
        self.token, self.fingerprint, self.room_id = welcome.session, fingerprint, welcome.room.id
        self._you, self._member_id = welcome.you, welcome.member
        self._history_until = welcome.latest
        if self.last_seq is not None and self.last_seq > welcome.latest:
            # The room has lost its history and numbers its messages from the start again.
            self.last_seq = None
        if self.last_seq is None and welcome.oldest == 0:
            # Everything from here on must reach us, even if the connection breaks before the first message.
            self.last_seq = welcome.latest
        self.in_room = True

    def _handle_message(self, message: Message) -> Iterator[Event]:
        own = message.member == self._member_id
        if own:
            self._outbox.acknowledge(message.id)
        if self.last_seq is not None and message.seq <= self.last_seq:
            return  # The second receipt of a message that we sent twice.
        self.last_seq = message.seq
        if message.deleted:
            return
        yield MessageReceived(
            seq=message.seq,
            id=message.id,
            member=message.member,
            time=message.time,
            name=message.name,
            # A server of an earlier version does not clean everything.
            text=clean_text(message.text),
            own=own,
            history=message.seq <= self._history_until,
        )

    def _handle_problem(self, problem: Problem) -> Iterator[Event]:
        reason, hint = on_one_line(problem.reason), on_one_line(problem.hint)
        text = self._outbox.acknowledge(problem.id) if problem.id else None
        if problem.id and text is not None:
            yield MessageFailed(problem.id, text, reason, hint)
        else:
            yield RequestFailed(reason, hint, problem.code)


def _unscoped(address: Address) -> Address:
    return Address(without_scope(address.host), address.port)
