"""The fold: entries of the stream in, the room's one history out. The same entries give the same anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Generic, TypeVar

from msgspec import Struct

from messango.link.fold.acts import AnyAct, Based, LinkedPerson, Posted
from messango.link.fold.base import Base
from messango.link.fold.checkpoints import Checkpoints
from messango.link.fold.errors import StreamGap
from messango.link.fold.kept_state import KeptState
from messango.link.fold.ledger import Ledger
from messango.link.fold.lives import Lives
from messango.link.fold.ordered import DONE, Ordered, Ruling, Writer
from messango.link.fold.roster import Roster
from messango.link.fold.stream_entry import Place, StreamEntry, next_digest, raw_digest, read_entry
from messango.link.fold.turns import Turns
from messango.protocol.text.validation import HOST_MEMBER_ID, HOST_NAME

_Result = TypeVar("_Result")

_PLACE: Final = "place"

#: The author of what is said by no member but by a server's host. No member can have this name.
_HOST: Final = LinkedPerson(HOST_MEMBER_ID, HOST_NAME, HOST_NAME, "", host=True)

_ALREADY_BASED: Final = Ruling("already-based")
_NOT_BASED: Final = Ruling("not-based")


class _Standing(Struct, frozen=True):
    """The place, the digest of the entry there, and how many entries counted for nothing."""

    place: Place = Place()
    raw: str = ""
    skipped: int = 0


class Fold(Generic[_Result]):
    """One server's fold, for the thread that owns the room; nothing in it waits, or asks what time it is.

    `state` is what was stored of an earlier one, empty for a new replica. Store `take_changes` in one
    transaction with what the ledger keeps. When that fails, or `take` raises what the ledger raised, make
    fold and ledger again from what is stored.
    """

    def __init__(self, state: Mapping[str, str], ledger: Ledger[_Result], server: str, life: str) -> None:
        """Continue after `state` as `server`, whose present `life` is new for each start."""
        self._kept = KeptState(state)
        self._ledger = ledger
        self._server = server
        self._life = life
        turns = Turns(self._kept)
        self._lives = Lives(self._kept, turns)
        self._checkpoints = Checkpoints(self._kept)
        self._base = Base(self._kept)
        self._standing = self._kept.read(_PLACE, _Standing) or _Standing()
        self.roster = Roster(self._kept, turns, self._lives)

    @property
    def place(self) -> Place:
        """How far the stream is folded, for `StreamEntry.at`."""
        return self._standing.place

    @property
    def last_raw_digest(self) -> str:
        """`raw_digest` of the stream's entry at the place; empty before the first."""
        return self._standing.raw

    @property
    def skipped(self) -> int:
        """How many entries counted for nothing: repeated, of an ended life, or not ours."""
        return self._standing.skipped

    @property
    def link(self) -> str:
        """The id of the link, empty before the stream's first entry."""
        return "" if self._base.record is None else self._base.record.link

    @property
    def name(self) -> str:
        """The linked room's name, empty before the stream's first entry."""
        return "" if self._base.record is None else self._base.record.name

    @property
    def is_based(self) -> bool:
        """Whether the room's beginning is complete."""
        return self._base.is_complete

    @property
    def my_round(self) -> int:
        """The last round of this server's life that is folded."""
        return self._lives.rounds(self._life)

    @property
    def is_over(self) -> bool:
        """Whether this server has begun another life, so that nothing more of this one counts."""
        return self._lives.is_over(self._life)

    def take(self, stream_seq: int, data: bytes) -> list[Ordered[_Result]]:
        """Fold an entry; returns its acts in order, none if it was folded before or counts for nothing.

        Raises `Forked`, `StreamGap` or `NewerStream`, and has changed nothing then.
        """
        now = self.place
        if stream_seq <= now.stream:
            return []
        if stream_seq != now.stream + 1:
            raise StreamGap(f"The stream goes on with entry {stream_seq}, not {now.stream + 1}.")
        entry = read_entry(data)
        if entry is not None:
            self._checkpoints.check(entry, now)
        if entry is None or not self._lives.count(entry):
            self._move(stream_seq, data, "skipped")
            return []
        ordered = self._order_all(entry, stream_seq)
        self._move(stream_seq, data, ",".join([item.refusal or "" for item in ordered]))
        return ordered

    def take_changes(self) -> dict[str, str | None]:
        """Return what to store since the last call: JSON by key, or None for what is not kept any more."""
        return self._kept.take_changes()

    def _order_all(self, entry: StreamEntry, stream_seq: int) -> list[Ordered[_Result]]:
        is_mine = entry.life == self._life and entry.server == self._server
        writer = Writer(entry.server, entry.life, entry.at.stream, stream_seq, is_mine)
        return [self._order(act, writer) for act in entry.acts]

    def _order(self, act: AnyAct, writer: Writer) -> Ordered[_Result]:
        if isinstance(act, Posted):
            return self._post(act, writer)
        if isinstance(act, Based):
            return self._ordered(act, writer, self._take_base(act, writer))
        ruling = self.roster.apply(act, writer) if self._base.is_complete else _NOT_BASED
        return self._ordered(act, writer, ruling)

    def _post(self, act: Posted, writer: Writer) -> Ordered[_Result]:
        if not self._base.is_complete:
            return self._ordered(act, writer, _NOT_BASED)
        if act.member == HOST_MEMBER_ID:
            author = _HOST
        else:
            known = self.roster.people.find(act.member)
            if known is None:
                is_removed = self.roster.people.is_removed(act.member)
                return self._ordered(act, writer, Ruling("removed" if is_removed else "unknown-member"))
            author = known.person
        results = self._ledger.post(author, act)
        return Ordered(act, writer.server, writer.life, writer.is_mine, DONE, results)

    def _take_base(self, act: Based, writer: Writer) -> Ruling:
        if not self._base.accepts(act, writer.server):
            return _ALREADY_BASED
        self._base.take(act, writer.server)
        self._ledger.base(act)
        for person in act.people:
            self.roster.admit_known(person)
        return DONE

    def _ordered(self, act: AnyAct, writer: Writer, ruling: Ruling) -> Ordered[_Result]:
        return Ordered(act, writer.server, writer.life, writer.is_mine, ruling)

    def _move(self, stream_seq: int, data: bytes, outcome: str) -> None:
        # The server that writes the beginning has the whole history already, and the others have not.
        room = self._ledger.latest if self._base.is_complete else 0
        raw = raw_digest(data)
        place = Place(stream_seq, room, next_digest(self.place.digest, raw, f"{room} {outcome}"))
        self._standing = _Standing(place, raw, self.skipped + (outcome == "skipped"))
        self._kept.put(_PLACE, self._standing)
        self._checkpoints.add(place)
