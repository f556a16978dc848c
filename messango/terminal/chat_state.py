"""Where we are: the room, who is in it, what waits to be sent, how the connection does.

Events in, a status line and a prompt out. All names in here are safe to show.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from typing import Final, TypeAlias

from messango.client.events import (
    Connecting,
    Entered,
    Event,
    Interrupted,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    MessageHeard,
    PasswordWanted,
)
from messango.protocol.escaping import safe_line, safe_name
from messango.protocol.limits import TYPING_INTERVAL_S

Line: TypeAlias = list[tuple[str, str]]

#: A little longer than the pause between two signs of typing, or the words would flicker.
TYPING_SHOWN_S: Final = TYPING_INTERVAL_S + 1

#: More waiting messages than these are only counted: the prompt must not push the talk off the screen.
WAITING_SHOWN: Final = 3

_CUT: Final = 60


class Stay:
    """What the face knows beside the transcript. Touched by one thread; `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        #: As we came in last.
        self.entered: Entered | None = None
        self.room = ""
        self.you = ""
        self.members: list[str] = []
        #: Those among them whose connections anybody on the network can read.
        self.unencrypted: set[str] = set()
        self.leaving = False
        self.interrupted = False
        #: Whether a password is typed just now, and not a message.
        self.asks_password = False
        self._clock = clock
        self._waiting: dict[str, str] = {}
        self._typing: dict[str, float] = {}
        self._retry_at = 0.0
        self._trying = True

    def hear(self, event: Event) -> None:
        """Take note of what happened."""
        self._note(event)

    def said(self, message_id: str, text: str) -> None:
        """Take note of what we said: it waits until the room has accepted it."""
        self._waiting[message_id] = text

    @property
    def unsent(self) -> list[str]:
        """What the room has not accepted yet, in order."""
        return [*self._waiting.values()]

    @property
    def restless(self) -> bool:
        """Whether what is shown changes by time alone: a countdown, somebody who may stop typing."""
        return self.interrupted or bool(self._typing)

    def status(self) -> Line:
        """Return the line above the one being typed: room, ourselves, how many, how the connection does."""
        parts = [self.room and f"“{self.room}”", self.you, self._count()]
        where = ("class:status", " " + "  ".join(part for part in parts if part) + "  ")
        trouble = self._trouble()
        return [where, ("class:status.trouble", trouble) if trouble else ("class:status", self._typists())]

    def waiting(self) -> list[Line]:
        """Return what still waits to be accepted, shortly."""
        shown = list(self._waiting.values())[-WAITING_SHOWN:]
        rows = [f"… {_cut(text)}" for text in shown]
        if len(self._waiting) > len(shown):
            rows.insert(0, f"… {len(self._waiting) - len(shown)} more wait to be sent")
        return [[("class:waiting", row)] for row in rows]

    def _count(self) -> str:
        if not self.members:
            return ""
        return f"{len(self.members)} here" if len(self.members) > 1 else "nobody else here"

    def _trouble(self) -> str:
        if self.leaving:
            return "leaving…"
        if self.asks_password:
            return "the room has a password: Ctrl-D leaves"
        if self._trying:
            return "connecting again…" if self.interrupted else "connecting…"
        if self.interrupted:
            seconds = max(0, round(self._retry_at - self._clock()))
            return f"reconnecting in {seconds} s (Enter: now)"
        return ""

    def _typists(self) -> str:
        now = self._clock()
        self._typing = {name: until for name, until in self._typing.items() if until > now}
        names = list(self._typing)
        if not names:
            return ""
        return f"{joined_names(names)} {'is' if len(names) == 1 else 'are'} typing…"

    @singledispatchmethod
    def _note(self, _event: Event) -> None:
        """Failures and the end change nothing here: the transcript tells them."""

    @_note.register
    def _(self, _event: Connecting) -> None:
        self._trying = True

    @_note.register
    def _(self, _event: PasswordWanted) -> None:
        self.asks_password, self._trying = True, False

    @_note.register
    def _(self, event: Entered) -> None:
        self.entered = event
        self.room, self.you = safe_name(event.room.name), safe_name(event.you)
        self.members = [safe_name(name) for name in event.members]
        if self.you not in self.members:
            self.members.append(self.you)
        self.unencrypted = {safe_name(name) for name in event.unencrypted}
        self.interrupted = self._trying = False
        self._typing.clear()

    @_note.register
    def _(self, event: Interrupted) -> None:
        self.interrupted, self._trying = True, False
        self._retry_at = self._clock() + event.retry_in_s
        self._typing.clear()

    @_note.register
    def _(self, event: MessageHeard) -> None:
        self._typing.pop(safe_name(event.name), None)
        if event.own:
            self._waiting.pop(event.id, None)

    @_note.register
    def _(self, event: MessageFailed) -> None:
        self._waiting.pop(event.id, None)

    @_note.register
    def _(self, event: MemberJoined) -> None:
        name = safe_name(event.name)
        if name not in self.members:
            self.members.append(name)
        if not event.encrypted:
            self.unencrypted.add(name)

    @_note.register
    def _(self, event: MemberLeft) -> None:
        self._forget(safe_name(event.name))

    @_note.register
    def _(self, event: MemberRenamed) -> None:
        name, old = safe_name(event.name), safe_name(event.old)
        if old in self.unencrypted:
            self.unencrypted.add(name)
        self._forget(old)
        self.members.append(name)
        if event.you:
            self.you = name

    @_note.register
    def _(self, event: MemberTyping) -> None:
        self._typing[safe_name(event.name)] = self._clock() + TYPING_SHOWN_S

    def _forget(self, name: str) -> None:
        self._typing.pop(name, None)
        self.unencrypted.discard(name)
        if name in self.members:
            self.members.remove(name)


def joined_names(names: list[str], most: int = 4) -> str:
    """Return names as people list them: `ann, bob and cy`, and a long list with the rest counted."""
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _cut(text: str) -> str:
    line = safe_line(text)
    return line if len(line) <= _CUT else line[: _CUT - 1] + "…"
