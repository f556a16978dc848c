"""Two servers and a stream, for tests of one rule."""

from __future__ import annotations

from messango.link.fold.acts import AnyAct
from messango.link.fold.ordered import Ordered
from messango.link.fold.refusals import Refusal
from messango.link.fold.roster import Roster
from tests.support.linked.made_up_acts import NORTH, SOUTH, based, opened
from tests.support.linked.memory_ledger import Kept
from tests.support.linked.replica_store import MemoryReplica


class LinkedServers:
    """North and South, both opened unless it is said; North's replica is the one that tests look at."""

    def __init__(self, *, is_open: bool = True) -> None:
        self.stream: list[bytes] = []
        self.north = MemoryReplica(NORTH, "north 1")
        self.south = MemoryReplica(SOUTH, "south 1")
        if is_open:
            self.by_north(based(), opened(NORTH))
            self.by_south(opened(SOUTH))

    @property
    def roster(self) -> Roster:
        """North's roster."""
        return self.north.fold.roster

    @property
    def present(self) -> list[str]:
        """The ids of those who are in the room."""
        return [known.person.id for known in self.roster.people.present()]

    def by_north(self, *acts: AnyAct) -> list[Ordered[Kept]]:
        """Order a round of North's."""
        return self._order_by(self.north, *acts)

    def by_south(self, *acts: AnyAct) -> list[Ordered[Kept]]:
        """Order a round of South's."""
        return self._order_by(self.south, *acts)

    def order(self, data: bytes) -> list[Ordered[Kept]]:
        """Add an entry to the stream; both servers fold it, and North's acts are returned."""
        self.stream.append(data)
        self.south.read(self.stream)
        ordered = self.north.read(self.stream)
        assert self.south.fold.place == self.north.fold.place
        return ordered

    def _order_by(self, writer: MemoryReplica, *acts: AnyAct) -> list[Ordered[Kept]]:
        writer.read(self.stream)
        return self.order(writer.round(*acts))


def refusals(ordered: list[Ordered[Kept]]) -> list[Refusal | None]:
    """Return what became of each act."""
    return [one.refusal for one in ordered]
