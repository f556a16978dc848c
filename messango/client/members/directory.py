"""Whom a name means: the members, and those who were here or have written. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from functools import singledispatchmethod
from typing import Final

from messango.client.events import (
    Event,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    PrivateMessageReceived,
    ReceivedMessage,
    RoomJoined,
)
from messango.protocol import leave_reasons
from messango.protocol.text.validation import HOST_MEMBER_ID, normalized_name

#: Of more people than this who are not here, the first are forgotten.
_MAX_AWAY: Final = 1_000


class MemberDirectory:
    """Finds public ids by name. Used by one thread."""

    def __init__(self) -> None:
        self.you = ""
        #: By public id: the names of those who are here, and of the others, in the order of their last sign.
        self._present: dict[str, str] = {}
        self._away: dict[str, str] = {}
        self._gone: set[str] = set()

    @property
    def names(self) -> list[str]:
        """The names of all, those who are here first, without duplicates and without ours."""
        others = {member: name for member, name in self._present.items() if member != self.you}
        return [*dict.fromkeys((*others.values(), *reversed(self._away.values())))]

    def find(self, name: str) -> str | None:
        """Return the public id of the member with this name: of one who is here, or else the latest other."""
        key = normalized_name(name)
        return _find(key, self._present.items()) or _find(key, reversed(self._away.items()))

    def name_of(self, member: str) -> str:
        """Return a member's name as far as it is known, or an empty one."""
        return self._present.get(member) or self._away.get(member, "")

    def is_present(self, member: str) -> bool:
        """Return whether the member is in the room."""
        return member in self._present

    def is_gone(self, member: str) -> bool:
        """Return whether the member has left for good: they would come back as another member."""
        return member in self._gone

    def handle(self, event: Event) -> None:
        """Learn from an event."""
        self._apply(event)

    @singledispatchmethod
    def _apply(self, _event: Event) -> None:
        """Ignore other events."""

    @_apply.register
    def _(self, event: RoomJoined) -> None:
        self.you = event.member
        for member, name in self._present.items():
            self._note_away(member, name)
        self._present = {person.id: person.name for person in event.everybody if person.id}
        self._away = {member: name for member, name in self._away.items() if member not in self._present}

    @_apply.register
    def _(self, event: MemberJoined) -> None:
        if event.member:
            self._present[event.member] = event.name
            self._away.pop(event.member, None)
            self._gone.discard(event.member)

    @_apply.register
    def _(self, event: MemberLeft) -> None:
        if name := self._present.pop(event.member, ""):
            self._note_away(event.member, name)
            if event.reason in leave_reasons.FOR_GOOD:
                self._gone.add(event.member)

    @_apply.register
    def _(self, event: MemberRenamed) -> None:
        if event.member in self._present:
            self._present[event.member] = event.name

    @_apply.register
    def _(self, event: ReceivedMessage) -> None:
        self._note_away(event.member, event.name)
        if isinstance(event, PrivateMessageReceived):
            self._note_away(event.to, event.to_name)

    def _note_away(self, member: str, name: str) -> None:
        if not member or not name or member in self._present or member in (self.you, HOST_MEMBER_ID):
            return
        self._away.pop(member, None)
        self._away[member] = name
        while len(self._away) > _MAX_AWAY:
            oldest = next(iter(self._away))
            del self._away[oldest]
            self._gone.discard(oldest)


def _find(key: str, people: Iterable[tuple[str, str]]) -> str | None:
    return next((member for member, name in people if normalized_name(name) == key), None)
