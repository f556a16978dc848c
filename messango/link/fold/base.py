"""The beginning of a linked room: what the room was before."""

from __future__ import annotations

from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from messango.link.fold.acts import Based
from messango.link.fold.kept_state import KeptState

_KEY: Final = "link"


class LinkRecord(Struct, frozen=True):
    """The link's id, the room's name, the server that writes its beginning, and whether that is complete.

    `seq` is the number before the first one that the linked room gives.
    """

    link: str
    name: str
    seq: int
    server: str
    complete: bool


class Base:
    """Takes the parts in which one server writes the room's beginning; another life of it may go on."""

    def __init__(self, kept: KeptState) -> None:
        self._kept = kept
        self.record = kept.read(_KEY, LinkRecord)

    @property
    def is_complete(self) -> bool:
        """Whether the room has begun, so that acts are taken."""
        return self.record is not None and self.record.complete

    def accepts(self, based: Based, server: str) -> bool:
        """Return whether this is a part of the beginning."""
        record = self.record
        return record is None or (
            not record.complete and record.link == based.link and record.server == server
        )

    def take(self, based: Based, server: str) -> None:
        """Remember that this part is here."""
        record = self.record or LinkRecord(based.link, based.name, based.seq, server, complete=False)
        self.record = replace(record, seq=based.seq, complete=based.last)
        self._kept.put(_KEY, self.record)
