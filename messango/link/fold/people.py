"""The people of the room: who is in it and where, who may return, and who may not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from messango.link.fold.acts import LinkedPerson
from messango.link.fold.kept_state import KeptState
from messango.link.fold.turns import Turns

#: As many sessions as an unlinked room remembers, of members who left and of members who were removed.
MAX_AWAY: Final = 1_000
MAX_REMOVED: Final = 1_000

_PERSON: Final = "person"
_REMOVED: Final = "removed"


class Known(Struct, frozen=True, omit_defaults=True):
    """A person, at the `server` in its `life`, or away (empty) and free to return; since `turn`."""

    person: LinkedPerson
    turn: int
    server: str = ""
    life: str = ""


class Removed(Struct, frozen=True):
    """A person who can't return: the proof of their session, and when they were removed."""

    proof: str
    turn: int


class People:
    """Everybody in the order in which they came or left; two who are present never have the same key."""

    def __init__(self, kept: KeptState, turns: Turns) -> None:
        self._kept = kept
        self._turns = turns
        self._present: dict[str, Known] = {}
        self._away: dict[str, Known] = {}
        self._keys: dict[str, str] = {}
        for member, known in sorted(kept.read_all(_PERSON, Known), key=lambda item: item[1].turn):
            self._remember(member, known)
        removed = sorted(kept.read_all(_REMOVED, Removed), key=lambda item: item[1].turn)
        self._removed = dict(removed)
        self._removed_proofs = {record.proof: member for member, record in removed}

    def present(self) -> Iterator[Known]:
        """Yield those who are in the room, in the order in which they took their seats."""
        return iter(self._present.values())

    def away(self) -> Iterator[Known]:
        """Yield those who may return, in the order in which they left."""
        return iter(self._away.values())

    def find(self, member: str) -> Known | None:
        """Return the person with this id, present or away."""
        return self._present.get(member) or self._away.get(member)

    def find_present(self, member: str) -> Known | None:
        """Return the person with this id if they are in the room."""
        return self._present.get(member)

    def holder_of(self, key: str) -> str | None:
        """Return the id of the person in the room who has the name with this key."""
        return self._keys.get(key)

    def is_removed(self, member: str) -> bool:
        """Return whether the person with this id was removed."""
        return member in self._removed

    def is_removed_session(self, proof: str) -> bool:
        """Return whether this session was removed."""
        return proof in self._removed_proofs

    def seat(self, person: LinkedPerson, server: str, life: str) -> None:
        """Somebody is at this server from now on, wherever they were; the key must be free."""
        self._forget(person.id)
        self._keep(person.id, Known(person, self._turns.next(), server, life))

    def rename(self, member: str, name: str, key: str) -> None:
        """Give somebody who is present another name; the key must be free."""
        known = self._present[member]
        del self._keys[known.person.key]
        self._keep(member, replace(known, person=replace(known.person, name=name, key=key)))

    def leave(self, person: LinkedPerson) -> None:
        """Somebody is not in the room, and may return; beyond `MAX_AWAY` the first who left are forgotten."""
        self._forget(person.id)
        self._keep(person.id, Known(person, self._turns.next()))
        if len(self._away) > MAX_AWAY:
            oldest = next(iter(self._away))
            self._forget(oldest)
            self._kept.delete(f"{_PERSON}:{oldest}")

    def remove(self, person: LinkedPerson) -> None:
        """Somebody is not in the room, and their session can't return."""
        self._forget(person.id)
        self._kept.delete(f"{_PERSON}:{person.id}")
        record = Removed(person.proof, self._turns.next())
        self._removed[person.id] = record
        self._removed_proofs[person.proof] = person.id
        self._kept.put(f"{_REMOVED}:{person.id}", record)
        if len(self._removed) > MAX_REMOVED:
            oldest = next(iter(self._removed))
            self._removed_proofs.pop(self._removed.pop(oldest).proof, None)
            self._kept.delete(f"{_REMOVED}:{oldest}")

    def _keep(self, member: str, known: Known) -> None:
        self._remember(member, known)
        self._kept.put(f"{_PERSON}:{member}", known)

    def _remember(self, member: str, known: Known) -> None:
        if known.server:
            self._present[member] = known
            self._keys[known.person.key] = member
        else:
            self._away[member] = known

    def _forget(self, member: str) -> None:
        if (here := self._present.pop(member, None)) is not None:
            del self._keys[here.person.key]
        self._away.pop(member, None)
