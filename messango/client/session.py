"""One session in a room: turns the server's frames into client events."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from messango.client.events import (
    Event,
    HistoryEnded,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    RequestFailed,
    RoomJoined,
)
from messango.client.files.talk import Membership, Talk
from messango.client.linked.room_servers import RoomServers
from messango.client.received import change_event, earlier_event, may_concern, message_event, search_event
from messango.client.requests.failures import failed, lost_history
from messango.client.requests.outbox import Outbox, OwnRequest
from messango.client.requests.questions import Question, Questions
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
    AnyMessage,
    Closed,
    Earlier,
    EarlierMessages,
    Entry,
    Found,
    Joined,
    Left,
    Problem,
    Renamed,
    RoomInfo,
    Search,
    ServerFrame,
    TypingNotice,
    Welcome,
)
from messango.protocol.frames import Refused as RefusedFrame
from messango.transport.addresses import Address, without_scope
from messango.transport.connection import Connection

_OTHER_ROOM: Final = ("Another room of that host answers there.", "Reconnecting…")


class Session:
    """A session over one or more connections: who we are, what we received, and how to resume.

    For the client's thread; any thread may read `in_room`, `features` and `is_link_down`.
    """

    def __init__(
        self,
        outbox: Outbox,
        questions: Questions,
        trust_check: TrustCheck,
        servers: RoomServers | None = None,
    ) -> None:
        #: Where the room goes on if its server is away.
        self.servers = servers or RoomServers()
        self.token: str | None = None
        self.last_seq: int | None = None
        self.fingerprint = ""
        self.room_id = ""
        self.in_room = False
        #: What the room can do besides messages: see `protocol.features`.
        self.features: frozenset[str] = frozenset()
        #: Whether our server has lost the other servers of its room: then it accepts nothing new.
        self.is_link_down = False
        #: The name that we last asked for; the client sets it before it hands over an answer.
        self.wanted_name = ""
        #: What file transfers need to know of the session.
        self.talk = Talk()
        self._outbox = outbox
        self._questions = questions
        self._trust_check = trust_check
        self._you = ""
        self._member_id = ""
        self._history_until = 0
        #: The number of the last entry of the history that is still to come; None if it has ended.
        self._history_end: int | None = None
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
        self.talk.disconnected()

    def handle_frame(self, frame: ServerFrame) -> Iterator[Event]:
        """Yield the events of a frame. Raises `JoinRefused`, `RoomClosed` or `FingerprintMismatch`."""
        if isinstance(frame, Entry):
            yield from self._handle_entry(frame)
        elif isinstance(frame, EarlierMessages | Found):
            yield from self._handle_answer(frame)
        elif isinstance(frame, Welcome):
            yield from self._handle_welcome(frame)
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
                frame.name,
                frame.encrypted,
                frame.member,
                frame.host,
                frame.web,
                frame.resembles,
                frame.server,
            )
        elif isinstance(frame, Left):
            yield MemberLeft(frame.name, on_one_line(frame.reason), frame.member, on_one_line(frame.note))
        elif isinstance(frame, TypingNotice):
            yield MemberTyping(frame.name, frame.member, frame.private)
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
            frame.server,
        )

    def _handle_welcome(self, welcome: Welcome) -> Iterator[Event]:
        room, fingerprint = welcome.room, self._connection.fingerprint or ""
        servers, is_elsewhere = self.servers, self.servers.is_other(room, fingerprint)
        former_server = servers.name if is_elsewhere and self.has_session else ""
        servers.learn(welcome, fingerprint, self._address)
        trust = self._trust_check.remember_visit(
            room, fingerprint, self._address, servers.name, servers.others, is_named=is_elsewhere
        )
        resumed, gap = welcome.session == self.token, self._has_gap(welcome)
        moved_from = self._moved_from() if not is_elsewhere and (resumed or not self.has_session) else ""
        self.expected_at = self._address
        since = self._continued_from(welcome)
        # Before anything can be sent: a number may be another message's now.
        begins_again = self.last_seq is not None and since is None
        lost = self._outbox.take_numbered() if begins_again else []
        if self.has_session and (is_elsewhere or not resumed):
            self._outbox.drop_shares()  # What we have uploaded is at the server that we have left.
        self._update_session(welcome, fingerprint)
        yield RoomJoined(
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
            since=since,
            oldest=welcome.oldest,
            server=servers.name,
            former_server=former_server,
            servers=servers.names,
        )
        for request in lost:
            yield lost_history(request, self._outbox.file_name(request.id))
        yield from self._begin_history(welcome, since or 0)

    def _continued_from(self, welcome: Welcome) -> int | None:
        """Return the number after which entries follow; None if the room has no entry with that number."""
        if self.last_seq is None or self.last_seq > welcome.latest:
            return None
        return self.last_seq

    def _begin_history(self, welcome: Welcome, since: int) -> Iterator[Event]:
        last = welcome.last
        if last is None:
            last = welcome.latest if welcome.room.history else 0
        self._history_end = last
        if last <= since:
            yield from self._end_history()

    def _end_history(self) -> Iterator[Event]:
        self._history_end = None
        yield HistoryEnded()

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
        self.features = frozenset(welcome.room.features)
        self.is_link_down = False
        if self.last_seq is not None and self.last_seq > welcome.latest:
            # The room has lost its history and numbers its messages from the start again.
            self.last_seq = None
        if self.last_seq is None and welcome.oldest == 0:
            # Everything from here on must reach us, even if the connection breaks before the first message.
            self.last_seq = welcome.latest
        self.in_room = True
        self.talk.joined(
            Membership(self._address, fingerprint, welcome.session, welcome.room.id, self.features)
        )

    def _handle_entry(self, entry: Entry) -> Iterator[Event]:
        own = entry.member == self._member_id
        request = self._outbox.acknowledge(entry.id) if own else None
        is_new = self.last_seq is None or entry.seq > self.last_seq
        if is_new:
            self.last_seq = entry.seq
        elif request is None:
            return  # The second receipt of a request that we sent twice.
        event = self._event_of(entry, own=own)
        if event is not None:
            yield event
        if is_new and self._history_end is not None and entry.seq >= self._history_end:
            yield from self._end_history()

    def _event_of(self, entry: Entry, *, own: bool) -> Event | None:
        history = entry.seq <= self._history_until
        if not isinstance(entry, AnyMessage):
            return change_event(entry, own=own, history=history)
        return message_event(entry, own=own, history=history) if may_concern(entry, self._member_id) else None

    def _handle_answer(self, frame: EarlierMessages | Found) -> Iterator[Event]:
        """Yield the answer, if we have asked."""
        if isinstance(frame, EarlierMessages):
            asked = self._questions.answered(frame.id, Earlier)
            if asked is not None:
                yield earlier_event(frame, asked.before, self._member_id)
        else:
            searched = self._questions.answered(frame.id, Search)
            if searched is not None:
                yield search_event(frame, searched.before, self._member_id)

    def _handle_problem(self, problem: Problem) -> Iterator[Event]:
        reason, hint = on_one_line(problem.reason), on_one_line(problem.hint)
        if not problem.id and problem.code in (error_codes.LINK_DOWN, error_codes.LINK_UP):
            yield from self._handle_link(
                is_down=problem.code == error_codes.LINK_DOWN, reason=reason, hint=hint
            )
            return
        request: OwnRequest | Question | None = None
        if problem.id:
            request = self._outbox.acknowledge(problem.id) or self._questions.rejected(problem.id)
        if request is None:
            yield RequestFailed(reason, hint, problem.code)
        else:
            yield failed(request, reason, hint, problem.code, self._outbox.file_name(request.id))

    def _handle_link(self, *, is_down: bool, reason: str, hint: str) -> Iterator[Event]:
        """Yield the new state of the server's link; while it is down, the sender keeps what is not sent."""
        if is_down != self.is_link_down:
            self.is_link_down = is_down
            yield LinkChanged(up=not is_down, reason=reason, hint=hint)


def _unscoped(address: Address) -> Address:
    return Address(without_scope(address.host), address.port)
