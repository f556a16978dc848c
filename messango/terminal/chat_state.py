"""Where we are: the room, who is in it, what waits to be sent, how the connection does.

Events in, a status line and a prompt out. All names in here are safe to show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Final, TypeAlias

from messango.client.events import (
    Connecting,
    Disconnected,
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageReceived,
    PasswordRequired,
    RoomJoined,
)
from messango.protocol.escaping import safe_line, safe_name
from messango.protocol.limits import TYPING_INTERVAL_S

Line: TypeAlias = list[tuple[str, str]]

#: A little longer than the pause between two signs of typing, or the words would flicker.
TYPING_SHOWN_S: Final = TYPING_INTERVAL_S + 1

#: More waiting messages than these are only counted: the prompt must not push the talk off the screen.
MAX_PENDING_ROWS: Final = 3

_MAX_ROW_CHARACTERS: Final = 60


class ChatState:
    """What the face knows beside the transcript. Touched by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        #: As we came in last.
        self.joined: RoomJoined | None = None
        self.room = ""
        self.you = ""
        self.members: list[str] = []
        #: Those among them whose connections anybody on the network can read.
        self.unencrypted: set[str] = set()
        self.leaving = False
        self.disconnected = False
        #: Whether a password is typed just now, and not a message.
        self.entering_password = False
        self._clock = clock
        self._pending: dict[str, str] = {}
        self._typing: dict[str, float] = {}
        self._retry_at = 0.0
        self._connecting = True

    def handle(self, event: Event) -> None:
        """Take note of what happened."""
        self._apply(event)

    def message_queued(self, message_id: str, text: str) -> None:
        """Take note of what we said: it waits until the room has accepted it."""
        self._pending[message_id] = text

    @property
    def unsent(self) -> list[str]:
        """What the room has not accepted yet, in order."""
        return [*self._pending.values()]

    @property
    def needs_refresh(self) -> bool:
        """Whether what is shown changes by time alone: a countdown, somebody who may stop typing."""
        return self.disconnected or bool(self._typing)

    def status(self) -> Line:
        """Return the line above the one being typed: room, ourselves, how many, how the connection does."""
        parts = [self.room and f"“{self.room}”", self.you, self._member_count_text()]
        location = ("class:status", " " + "  ".join(part for part in parts if part) + "  ")
        connection = self._connection_text()
        return [
            location,
            ("class:status.trouble", connection) if connection else ("class:status", self._typing_text()),
        ]

    def pending_rows(self) -> list[Line]:
        """Return what still waits to be accepted, shortly."""
        shown = list(self._pending.values())[-MAX_PENDING_ROWS:]
        rows = [f"… {_ellipsized(text)}" for text in shown]
        if len(self._pending) > len(shown):
            rows.insert(0, f"… {len(self._pending) - len(shown)} more wait to be sent")
        return [[("class:waiting", row)] for row in rows]

    def _member_count_text(self) -> str:
        if not self.members:
            return ""
        return f"{len(self.members)} here" if len(self.members) > 1 else "nobody else here"

    def _connection_text(self) -> str:
        if self.leaving:
            return "leaving…"
        if self.entering_password:
            return "the room has a password: Ctrl-D leaves"
        if self._connecting:
            return "connecting again…" if self.disconnected else "connecting…"
        if self.disconnected:
            seconds = max(0, round(self._retry_at - self._clock()))
            return f"reconnecting in {seconds} s (Enter: now)"
        return ""

    def _typing_text(self) -> str:
        now = self._clock()
        self._typing = {name: until for name, until in self._typing.items() if until > now}
        names = list(self._typing)
        if not names:
            return ""
        return f"{join_names(names)} {'is' if len(names) == 1 else 'are'} typing…"

    @singledispatchmethod
    def _apply(self, _event: Event) -> None:
        """Failures and the end change nothing here: the transcript tells them."""

    @_apply.register
    def _(self, _event: Connecting) -> None:
        self._connecting = True

    @_apply.register
    def _(self, _event: PasswordRequired) -> None:
        self.entering_password, self._connecting = True, False

    @_apply.register
    def _(self, event: RoomJoined) -> None:
        self.joined = event
        self.room, self.you = safe_name(event.room.name), safe_name(event.you)
        self.members = [safe_name(name) for name in event.members]
        if self.you not in self.members:
            self.members.append(self.you)
        self.unencrypted = {safe_name(name) for name in event.unencrypted}
        self.disconnected = self._connecting = False
        self._typing.clear()

    @_apply.register
    def _(self, event: Disconnected) -> None:
        self.disconnected, self._connecting = True, False
        self._retry_at = self._clock() + event.retry_in_s
        self._typing.clear()

    @_apply.register
    def _(self, event: MessageReceived) -> None:
        self._typing.pop(safe_name(event.name), None)
        if event.own:
            self._pending.pop(event.id, None)

    @_apply.register
    def _(self, event: MessageFailed) -> None:
        self._pending.pop(event.id, None)

    @_apply.register
    def _(self, event: MemberJoined) -> None:
        name = safe_name(event.name)
        if name not in self.members:
            self.members.append(name)
        if not event.encrypted:
            self.unencrypted.add(name)

    @_apply.register
    def _(self, event: MemberLeft) -> None:
        self._remove_member(safe_name(event.name))

    @_apply.register
    def _(self, event: MemberRenamed) -> None:
        name, old = safe_name(event.name), safe_name(event.old)
        if old in self.unencrypted:
            self.unencrypted.add(name)
        self._remove_member(old)
        self.members.append(name)
        if event.you:
            self.you = name

    @_apply.register
    def _(self, event: MemberTyping) -> None:
        self._typing[safe_name(event.name)] = self._clock() + TYPING_SHOWN_S

    def _remove_member(self, name: str) -> None:
        self._typing.pop(name, None)
        self.unencrypted.discard(name)
        if name in self.members:
            self.members.remove(name)


def join_names(names: list[str], most: int = 4) -> str:
    """Return names as people list them: `ann, bob and cy`, and a long list with the rest counted."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _ellipsized(text: str) -> str:
    line = safe_line(text)
    return line if len(line) <= _MAX_ROW_CHARACTERS else line[: _MAX_ROW_CHARACTERS - 1] + "…"
