"""Who is in the room, by which server, under which name: one rule for each act."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from messango.link.fold.acts import (
    AnyAct,
    Banned,
    Came,
    Gone,
    LinkedPerson,
    Locked,
    Opened,
    Renamed,
    Silent,
    Unbanned,
)
from messango.link.fold.kept_state import KeptState
from messango.link.fold.lives import Lives
from messango.link.fold.ordered import Ruling, Writer
from messango.link.fold.people import People
from messango.link.fold.restrictions import Restrictions
from messango.link.fold.servers import Servers
from messango.link.fold.turns import Turns

_NOT_HERE: Final = Ruling("not-here")


class Roster:
    """People, servers, bans and the lock as the stream has them. The room reads it; the fold changes it."""

    def __init__(self, kept: KeptState, turns: Turns, lives: Lives) -> None:
        self._lives = lives
        self.people = People(kept, turns)
        self.servers = Servers(kept, turns)
        self.restrictions = Restrictions(kept)
        #: What depends on who proposes it, and what is the same by any server.
        self._rules_by_writer: dict[type[Any], Callable[[Any, Writer], Ruling]] = {
            Opened: self._opened,
            Came: self._came,
            Gone: self._gone,
            Renamed: self._renamed,
        }
        self._rules: dict[type[Any], Callable[[Any], Ruling]] = {
            Silent: self._silent,
            Banned: self.restrictions.ban,
            Unbanned: self.restrictions.unban,
            Locked: self.restrictions.lock,
        }

    def apply(self, act: AnyAct, writer: Writer) -> Ruling:
        """Do what the act says, if the rules allow it."""
        rule = self._rules_by_writer.get(type(act))
        return self._rules[type(act)](act) if rule is None else rule(act, writer)

    def admit_known(self, person: LinkedPerson) -> None:
        """Let somebody of the room as it was before it was linked return."""
        if self.people.find(person.id) is None:
            self.people.leave(person)

    def _opened(self, act: Opened, writer: Writer) -> Ruling:
        refusal = self.servers.open(act, writer)
        if refusal is None:
            self._lives.end_others(writer.server, writer.life)
        return Ruling(refusal)

    def _silent(self, act: Silent) -> Ruling:
        if not self.servers.silence(act.server, act.life):
            return Ruling("unchanged")
        gone = tuple(known.person for known in self.people.present() if known.server == act.server)
        for person in gone:
            self.people.leave(person)
        return Ruling(people=gone)

    def _came(self, act: Came, writer: Writer) -> Ruling:
        person = act.person
        if not self.servers.is_here(writer.server, writer.life):
            return _NOT_HERE
        if self.people.is_removed_session(person.proof) or self.people.is_removed(person.id):
            return Ruling("banned")
        if act.newcomer and self.restrictions.is_locked:
            return Ruling("locked")
        if self._is_taken(person.key, person.id):
            return Ruling("name-taken")
        before = self.people.find_present(person.id)
        moved = before is not None and before.server != writer.server
        self.people.seat(person, writer.server, writer.life)
        return Ruling(people=(person,), moved_from=before.server if before is not None and moved else "")

    def _gone(self, act: Gone, writer: Writer) -> Ruling:
        if self.people.is_removed(act.member):
            return Ruling("removed")
        known = self.people.find(act.member)
        if known is None:
            return Ruling("unknown-member")
        if act.removed:
            self.people.remove(known.person)
        elif self._is_at(act.member, writer):
            self.people.leave(known.person)
        else:
            return _NOT_HERE
        return Ruling(people=(known.person,))

    def _renamed(self, act: Renamed, writer: Writer) -> Ruling:
        known = self.people.find_present(act.member)
        if known is None or not self._is_at(act.member, writer):
            return _NOT_HERE
        if self._is_taken(act.key, act.member):
            return Ruling("name-taken")
        self.people.rename(act.member, act.name, act.key)
        return Ruling(people=(known.person,))

    def _is_taken(self, key: str, member: str) -> bool:
        holder = self.people.holder_of(key)
        return holder is not None and holder != member

    def _is_at(self, member: str, writer: Writer) -> bool:
        known = self.people.find_present(member)
        return (
            known is not None
            and known.server == writer.server
            and self.servers.is_here(writer.server, writer.life)
        )
