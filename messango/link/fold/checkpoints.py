"""Where the room stood after each of the last entries, to compare with what other servers say of it."""

from __future__ import annotations

from typing import Final

from messango.link.fold.errors import Forked
from messango.link.fold.kept_state import KeptState
from messango.link.fold.stream_entry import Place, StreamEntry

#: A writer names the place that it had folded. While it waits for the stream, others go on: an older place
#: than these goes unchecked. Nothing is missed by that, since a fork stays in every later digest.
MAX_PLACES: Final = 2_000

#: As many are kept for the next start, each in the slot of its number, so that old ones are overwritten.
STORED_PLACES: Final = 256

_KIND: Final = "checkpoint"

#: The last entry that is not compared, of a replica that was made again after a fork: what forked stays in
#: the stream. This differs from server to server.
UNCHECKED: Final = "unchecked"


class Checkpoints:
    """The last places by their number in the stream."""

    def __init__(self, kept: KeptState) -> None:
        self._kept = kept
        stored = sorted(place for _, place in kept.read_all(_KIND, Place))
        self._places = {place.stream: place for place in stored}
        self._unchecked = kept.read(UNCHECKED, int) or 0

    def add(self, place: Place) -> None:
        """Remember the place after the next entry."""
        self._places[place.stream] = place
        self._places.pop(place.stream - MAX_PLACES, None)
        self._kept.put(f"{_KIND}:{place.stream % STORED_PLACES}", place)

    def check(self, entry: StreamEntry, now: Place) -> None:
        """Raise `Forked` if the writer had made something else of the stream than we have, up to `now`."""
        if now.stream < self._unchecked:
            return
        theirs = entry.at
        if theirs.stream > now.stream:
            raise Forked(
                f"It has read {theirs.stream} entries of a stream that has {now.stream}.", entry.server
            )
        ours = self._places.get(theirs.stream) if theirs.stream else Place()
        if ours is None or ours == theirs:
            return
        if ours.room != theirs.room:
            what = f"the room's last number is {theirs.room} there and {ours.room} here"
        else:
            what = "the room is not the same here and there"
        raise Forked(f"After entry {theirs.stream} of the stream, {what}.", entry.server)
