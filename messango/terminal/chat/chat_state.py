"""State of a terminal chat: the room, its members, unsent messages, the connection.

Events in, a status line and the rows above the prompt out. All names in here are safe to print.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Final, TypeAlias

from msgspec.structs import replace
from wcwidth import wcswidth

from messango.client.events import (
    Connecting,
    Disconnected,
    Event,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    PasswordRequired,
    ReceivedMessage,
    RoomJoined,
)
from messango.client.members.presence import Presence
from messango.protocol.frames import Person
from messango.protocol.text.escaping import safe_line, safe_name
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import ellipsized
from messango.terminal.conversation.answers import answered_id

Line: TypeAlias = list[tuple[str, str]]

#: Older pending messages are only counted: the prompt must not push the conversation off the screen.
MAX_PENDING_ROWS: Final = 3

#: After this many wrong passwords a chat ends.
MAX_PASSWORD_ATTEMPTS: Final = 3

_MAX_ROW_CHARACTERS: Final = 60


class ChatState:
    """Everything that a chat shows except the transcript. Used by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        #: The latest `RoomJoined`; None before the first.
        self.joined: RoomJoined | None = None
        self.room = ""
        self.presence = Presence(clock)
        self.leaving = False
        self.disconnected = False
        #: Whether the person is typing a password, not a message.
        self.entering_password = False
        self._clock = clock
        #: By the request's id: what it shows, and whether it is a message.
        self._pending: dict[str, tuple[str, bool]] = {}
        self._retry_at_s = 0.0
        self._connecting = True
        self._is_link_down = False

    def handle(self, event: Event) -> None:
        """Update the state."""
        self._pending.pop(answered_id(event), None)
        self._apply(event)

    def request_queued(self, request_id: str, text: str, *, is_message: bool = True) -> None:
        """Add something of ours to what is not sent yet, until the room accepts or rejects it."""
        self._pending[request_id] = text, is_message

    def is_answer(self, event: Event) -> bool:
        """Return whether the event accepts or rejects something of ours that is not sent yet."""
        return answered_id(event) in self._pending

    @property
    def is_waiting(self) -> bool:
        """Whether the room has not accepted, answered or rejected everything yet."""
        return bool(self._pending)

    @property
    def unsent(self) -> list[str]:
        """Our messages that the room has not accepted yet, in order."""
        return [text for text, is_message in self._pending.values() if is_message]

    @property
    def needs_refresh(self) -> bool:
        """Whether the status line changes with time: a countdown, or somebody who may stop typing."""
        return self.disconnected or bool(self.presence.typing_names)

    def status(self, columns: int, progress: str = "") -> Line:
        """Return the line above the prompt: room, own name, number of members, connection or typing.

        `progress` says how far files on their way are: in a narrow terminal it is all that is shown.
        """
        you = self.presence.you and plain_name(self.presence.you)
        parts = [self.room and quoted_name(self.room), you, self._member_count_text()]
        location = ("class:status", " " + "  ".join(part for part in parts if part) + "  ")
        connection = self._connection_text()
        if connection:
            return [location, ("class:status.trouble", connection)]
        if progress and wcswidth(location[1] + progress) >= columns:
            return [("class:status", f" {progress}")]
        gap = "  " if progress and self.presence.typing_text else ""
        return [location, ("class:status", f"{progress}{gap}{self.presence.typing_text}")]

    def pending_rows(self) -> list[Line]:
        """Return one short row for each unsent message; older ones are counted in the first row."""
        shown = list(self._pending.values())[-MAX_PENDING_ROWS:]
        rows = [f"… {ellipsized(safe_line(text), _MAX_ROW_CHARACTERS)}" for text, _ in shown]
        if len(self._pending) > len(shown):
            rows.insert(0, f"… {len(self._pending) - len(shown)} more waiting to be sent")
        return [[("class:waiting", row)] for row in rows]

    def _member_count_text(self) -> str:
        count = len(self.presence)
        if not count:
            return ""
        return f"{count} here" if count > 1 else "nobody else here"

    def _connection_text(self) -> str:
        if self.leaving:
            return "leaving…"
        if self.entering_password:
            return "this room needs a password (Ctrl-D: leave)"
        if self._connecting:
            return "reconnecting…" if self.disconnected else "connecting…"
        if self.disconnected:
            seconds = max(0, round(self._retry_at_s - self._clock()))
            return f"reconnecting in {seconds} s (Enter: now)"
        return "link down: messages wait" if self._is_link_down else ""

    @singledispatchmethod
    def _apply(self, _event: Event) -> None:
        """Ignore failed requests and the end of the session: only the transcript shows them."""

    @_apply.register
    def _(self, _event: Connecting) -> None:
        self._connecting = True

    @_apply.register
    def _(self, _event: PasswordRequired) -> None:
        self.entering_password, self._connecting = True, False

    @_apply.register
    def _(self, event: RoomJoined) -> None:
        self.joined = event
        self.room, you = safe_name(event.room.name), safe_name(event.you)
        people = [_safe_person(person) for person in event.everybody]
        if you not in (person.name for person in people):
            people.append(Person(event.member, you))
        self.presence.reset(you, people)
        self.disconnected = self._connecting = self._is_link_down = False

    @_apply.register
    def _(self, event: LinkChanged) -> None:
        self._is_link_down = not event.up

    @_apply.register
    def _(self, event: Disconnected) -> None:
        self.disconnected, self._connecting = True, False
        self._retry_at_s = self._clock() + event.retry_in_s
        self.presence.clear_typing()

    @_apply.register
    def _(self, event: ReceivedMessage) -> None:
        self.presence.message_received(safe_name(event.name))

    @_apply.register
    def _(self, event: MemberJoined) -> None:
        self.presence.member_joined(_safe_person(event.person))

    @_apply.register
    def _(self, event: MemberLeft) -> None:
        self.presence.member_left(safe_name(event.name), event.reason)

    @_apply.register
    def _(self, event: MemberRenamed) -> None:
        self.presence.member_renamed(
            safe_name(event.name), safe_name(event.old), event.resembles, _safe_server(event.server)
        )

    @_apply.register
    def _(self, event: MemberTyping) -> None:
        self.presence.typing_started(safe_name(event.name), private=event.private)


def _safe_person(person: Person) -> Person:
    return replace(person, name=safe_name(person.name), server=_safe_server(person.server))


def _safe_server(server: str) -> str:
    return safe_name(server) if server else ""
