"""What a fold hands out: acts in the order of all, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Generic, NamedTuple, TypeVar

from msgspec import Struct

from messango.link.fold.acts import AnyAct, LinkedPerson
from messango.link.fold.refusals import Refusal

_Result = TypeVar("_Result")


class Writer(NamedTuple):
    """Who proposes an act: a life of a server that had `folded` so many entries. It is in entry `place`.

    `is_mine`: it is the server that folds, in its present life.
    """

    server: str
    life: str
    folded: int
    place: int
    is_mine: bool


class Ruling(NamedTuple):
    """What became of an act; with a `refusal` nothing did.

    `people`: those whom it changed, as they were before (of `Came`: as they are). `moved_from`: the server at
    which somebody who `Came` was until then, if it is another one. `lifted`: the keys of the bans that are
    not in force any more.
    """

    refusal: Refusal | None = None
    people: tuple[LinkedPerson, ...] = ()
    moved_from: str = ""
    lifted: tuple[str, ...] = ()


#: The ruling on an act that is done and changed nobody.
DONE: Final = Ruling()


class Ordered(Struct, Generic[_Result], frozen=True):
    """One act that has its place in the order, the life of the server that proposed it, and its `ruling`.

    `is_mine`: this server proposed it, in this life. `results` is what the ledger made of the requests.
    """

    act: AnyAct
    server: str
    life: str
    is_mine: bool
    ruling: Ruling = DONE
    results: Sequence[_Result] = ()

    @property
    def refusal(self) -> Refusal | None:
        """Why the act has no effect, or None."""
        return self.ruling.refusal
