"""What a server can do besides messages: the values of `features` in `room`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from messango.protocol.limits import MAX_FEATURES

PRIVATE: Final = "private"
EARLIER: Final = "earlier"
SEARCH: Final = "search"
REACTIONS: Final = "reactions"
EDITS: Final = "edits"
FILES: Final = "files"
WEB: Final = "web"
LINK: Final = "link"

#: What every room of this version offers; `FILES` unless the host has switched it off, `WEB` while guests may
#: join from a browser, `LINK` if it is linked with others.
FEATURES: Final = (PRIVATE, EARLIER, SEARCH, REACTIONS, EDITS)

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,31}")


def offered_features(*, files: bool, web: bool, link: bool = False) -> tuple[str, ...]:
    """Return the features of a room that takes files and guests and is linked, or is not."""
    offered = {FILES: files, WEB: web, LINK: link}
    return (*FEATURES, *(name for name, is_offered in offered.items() if is_offered))


def clean_features(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that can be features, also of later versions, each once, and not too many."""
    valid = (name for name in dict.fromkeys(names) if _NAME.fullmatch(name))
    return tuple(islice(valid, MAX_FEATURES))
