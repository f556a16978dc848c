"""What a fold needs from the room: somebody who decides and numbers the requests of members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from messango.link.fold.acts import Based, LinkedPerson, Posted

_Result_co = TypeVar("_Result_co", covariant=True)


class Ledger(Protocol[_Result_co]):
    """Decides by the whole history and the act, and by nothing else: no clock, no settings, no chance.

    What it raises means that this server's disk failed: the fold and the ledger are then made again from
    what is stored.
    """

    @property
    def latest(self) -> int:
        """The highest number that was given."""

    def post(self, author: LinkedPerson, posted: Posted) -> Sequence[_Result_co]:
        """Number and keep what `author` asks for, except what is known by its (member, id) already.

        `author` has the name that they have in the room by then.
        """

    def base(self, based: Based) -> None:
        """Keep a part of the room as it was before it was linked, but for entries that are kept already."""
