"""What a server can do besides messages: the values of `features` in `room`."""

from __future__ import annotations

from typing import Final

PRIVATE: Final = "private"
EARLIER: Final = "earlier"
SEARCH: Final = "search"
REACTIONS: Final = "reactions"
EDITS: Final = "edits"

#: What every room of this version offers.
FEATURES: Final = (PRIVATE, EARLIER, SEARCH, REACTIONS, EDITS)
