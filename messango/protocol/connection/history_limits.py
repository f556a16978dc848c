"""How often a member may read from the history: each answer costs the host's computer some milliseconds."""

from __future__ import annotations

from messango.protocol.connection.rate_limit import TokenBucket
from messango.protocol.frames import Earlier, Search
from messango.protocol.limits import EARLIER_BURST, EARLIER_RATE, SEARCH_BURST, SEARCH_RATE


def history_buckets(now_s: float) -> dict[type[Earlier | Search], TokenBucket]:
    """Return the limits for one member, by the kind of the request."""
    return {
        Earlier: TokenBucket(EARLIER_RATE, EARLIER_BURST, now_s),
        Search: TokenBucket(SEARCH_RATE, SEARCH_BURST, now_s),
    }
