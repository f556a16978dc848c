"""What the client knows of the room it is in: makes events of the server's frames."""

from __future__ import annotations

from collections.abc import Iterator

from messango.client.events import (
    Entered,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageHeard,
    RequestFailed,
)
from messango.client.outbox import Unsent
from messango.client.trust_check import Trust
from messango.errors import JoinRefused, PasswordNeeded, RoomClosed, WrongPassword
from messango.protocol import error_codes
from messango.protocol.frames import (
    Closed,
    Joined,
    Left,
    Message,
    Problem,
    Renamed,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.frames import Refused as RefusedFrame
from messango.transport.addresses import Address
from messango.transport.connection import Connection


class Conversation:
    """A stay over several visits: what was heard, as whom, and how to go on after a break.

    For the client's thread; `in_room` may be read by any.
    """

    def __init__(self, unsent: Unsent, trust: Trust) -> None:
        self.session: str | None = None
        self.last_seq: int | None = None
        self.fingerprint = ""
        self.room_id = ""
        self.in_room = False
        self._unsent = unsent
        self._trust = trust
        self._you = ""
        self._member = ""
        self._history_until = 0

    @property
    def entered(self) -> bool:
        """Whether we have been in, so that a break is to be mended."""
        return self.session is not None

    def begin_visit(self, address: Address, connection: Connection) -> None:
        """A connection was made."""
        self._address = address
        self._connection = connection

    def end_visit(self) -> None:
        """The connection is gone."""
        self.in_room = False

    def hear(self, frame: ServerFrame) -> Iterator[Event]:
        """Yield a frame's events; raises `JoinRefused`, `RoomClosed` or `FingerprintMismatch` at the end."""
        if isinstance(frame, Message):
            yield from self._message(frame)
        elif isinstance(frame, Welcome):
            yield self._welcome(frame)
        elif isinstance(frame, Problem):
            yield from self._problem(frame)
        elif isinstance(frame, RefusedFrame):
            raise _refusal(frame)
        elif isinstance(frame, Closed):
            raise RoomClosed(frame.code, frame.reason, frame.hint)
        else:
            yield from self._news(frame)

    def _news(self, frame: ServerFrame) -> Iterator[Event]:
        if isinstance(frame, Joined):
            yield MemberJoined(frame.name, frame.encrypted)
        elif isinstance(frame, Left):
            yield MemberLeft(frame.name, frame.reason)
        elif isinstance(frame, TypingNotice):
            yield MemberTyping(frame.name)
        elif isinstance(frame, Renamed):
            you = frame.old == self._you
            if you:
                self._you = frame.name
            yield MemberRenamed(frame.name, frame.old, you)

    def _welcome(self, welcome: Welcome) -> Entered:
        room, fingerprint = welcome.room, self._connection.fingerprint or ""
        known = self._trust.enter(room, fingerprint, self._address)
        back, gap = welcome.session == self.session, self._leaves_gap(welcome)
        self._take_up(welcome, fingerprint)
        return Entered(
            room=room,
            you=welcome.you,
            member=welcome.member,
            members=tuple(welcome.members),
            latest=welcome.latest,
            fingerprint=fingerprint,
            address=str(self._address),
            encrypted=self._connection.encrypted,
            first_visit=known.first_visit,
            back=back,
            unencrypted=tuple(welcome.unencrypted),
            by_invite=known.by_invite,
            namesake=known.namesake,
            gap=gap,
        )

    def _leaves_gap(self, welcome: Welcome) -> bool:
        """Tell whether the room has forgotten some of what was said since we last heard something."""
        if self.last_seq is None or welcome.latest <= self.last_seq:
            return False
        return not 0 < welcome.oldest <= self.last_seq + 1

    def _take_up(self, welcome: Welcome, fingerprint: str) -> None:
        self.session, self.fingerprint, self.room_id = welcome.session, fingerprint, welcome.room.id
        self._you, self._member = welcome.you, welcome.member
        self._history_until = welcome.latest
        if self.last_seq is not None and self.last_seq > welcome.latest:
            # The room has lost its history, and counts anew.
            self.last_seq = None
        if self.last_seq is None and welcome.oldest == 0:
            # From here on everything is said to us, also where the connection breaks before the first word.
            self.last_seq = welcome.latest
        self.in_room = True

    def _message(self, message: Message) -> Iterator[Event]:
        own = message.member == self._member
        if own:
            self._unsent.settle(message.id)
        if self.last_seq is not None and message.seq <= self.last_seq:
            return  # The receipt of one that was sent twice: it was shown already.
        self.last_seq = message.seq
        yield MessageHeard(
            seq=message.seq,
            id=message.id,
            member=message.member,
            time=message.time,
            name=message.name,
            text=message.text,
            own=own,
            history=message.seq <= self._history_until,
        )

    def _problem(self, problem: Problem) -> Iterator[Event]:
        text = self._unsent.settle(problem.id) if problem.id else None
        if problem.id and text is not None:
            yield MessageFailed(problem.id, text, problem.reason, problem.hint)
        else:
            yield RequestFailed(problem.reason, problem.hint)


def _refusal(frame: RefusedFrame) -> JoinRefused:
    """Return the error for a refusal; of passwords we speak in our own words, whatever a server says."""
    if frame.code == error_codes.PASSWORD_REQUIRED:
        return PasswordNeeded()
    if frame.code == error_codes.WRONG_PASSWORD:
        return WrongPassword()
    return JoinRefused(frame.code, frame.reason, frame.hint)
