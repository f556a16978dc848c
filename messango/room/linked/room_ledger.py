"""What becomes of the requests in a linked room's stream: the rules of every room, applied in its order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, cast

from messango.link.fold.acts import Based, LinkedPerson, Posted
from messango.link.fold.people import People
from messango.protocol.frames import Message, Problem, Say
from messango.room.entry_rules import Accepted, EntryRules
from messango.room.sequencer import Sequencer

#: A new plain message, or what the rules say of any other request.
Outcome: TypeAlias = Message | Accepted | Problem


class LinkedAuthor(NamedTuple):
    """A member as the stream knows them: what the rules need."""

    id: str
    name: str
    encrypted: bool
    is_host: bool


class LinkedPeople:
    """The people of the stream, as the rules look them up."""

    def __init__(self) -> None:
        #: The people of the fold, which is made after its ledger.
        self.roster: People | None = None

    def by_id(self, member_id: str) -> LinkedAuthor | None:
        """Return the member or former member with this public id, or None."""
        known = self.roster.find(member_id) if self.roster else None
        return None if known is None else author_of(known.person)

    def is_away(self, member_id: str) -> bool:
        """Return whether a member or former member is not in the room."""
        return self.roster is None or self.roster.find_present(member_id) is None


def author_of(person: LinkedPerson, *, is_host: bool = False) -> LinkedAuthor:
    """Return a person as an author; who is host is said with each request."""
    return LinkedAuthor(person.id, person.name, person.encrypted, is_host)


class RoomLedger:
    """A `Ledger`: numbers and keeps requests by `Sequencer` and `EntryRules`. For the room's thread."""

    def __init__(self, sequencer: Sequencer) -> None:
        self.people = LinkedPeople()
        self._sequencer = sequencer
        self._rules = EntryRules(self.people, sequencer)

    @property
    def latest(self) -> int:
        return self._sequencer.latest

    def post(self, author: LinkedPerson, posted: Posted) -> Sequence[Outcome]:
        """Number and keep requests, except what is known already; texts were checked by their server."""
        if _is_plain(posted):
            messages = cast("list[Say]", posted.requests)
            ids = [say.id for say in messages]
            if len({*ids}) == len(ids) and not self._sequencer.find_duplicates(author.id, ids):
                texts = [say.text for say in messages]
                return self._sequencer.assign_seqs(author.id, author.name, posted.time, ids, texts)
        files = {file.id: file for file in posted.files}
        member = author_of(author, is_host=posted.host)
        return [self._rules.accept(member, request, posted.time, files) for request in posted.requests]

    def base(self, based: Based) -> None:
        """Keep a part of the room as it was before it was linked."""
        for entry in based.entries:
            self._sequencer.add(entry)
        self._sequencer.latest = max(self._sequencer.latest, based.seq)


def _is_plain(posted: Posted) -> bool:
    """Return whether these are messages to all that answer nothing, as nearly all are."""
    return all(type(request) is Say and request.reply_to is None for request in posted.requests)
