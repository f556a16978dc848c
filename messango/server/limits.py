"""What one peer may cost the room, and why these numbers."""

from __future__ import annotations

import time
from typing import Final

#: Connections that have not joined, in all and from one address. A classroom that presses Join at the
#: same moment fits; a flood costs this many threads for some seconds.
MAX_UNJOINED: Final = 128
MAX_UNJOINED_PER_ADDRESS: Final = 32

#: Where unjoined clients have to go, those go first who have not joined within this; a client that means
#: it has.
SLOW_HANDSHAKE_S: Final = 1.0

#: Before it has joined a client needs three frames; more is somebody trying things out.
MAX_FRAMES_BEFORE_JOIN: Final = 16

#: What one round takes of all that waits, on the wire. The shortest messages become some seven times as
#: much for each member, and that is to fit into the outbox of somebody who reads well.
BATCH_BYTES: Final = 500_000

#: Messages a second for one member, and how many it may have saved up for one burst.
DEFAULT_RATE_LIMIT: Final = 20
BURST: Final = 50

#: Answers a second that one member gets of its own thread (to pings, and to frames that are none of ours):
#: far more than a client asks for, and few enough that asking without end costs the room nothing.
REPLY_RATE: Final = 50
REPLY_BURST: Final = 200

#: A client asks after five seconds of silence, but in a room that talks it hears none: after this long
#: without a byte of its own it is asked, and its answer shows that it is there.
PING_MEMBER_AFTER_S: Final = 7.0

#: What follows within this time belongs to the same message where none has an end: the pieces of one come
#: within a round trip, and nobody types a line so fast.
MESSAGE_GAP_S: Final = 0.05

#: How long the last words may take to reach a peer before its socket is closed.
CLOSE_GRACE_S: Final = 1.0


class TokenBucket:
    """Counts what one member says; not for several threads. A rate of 0 sets no limit."""

    def __init__(self, rate: float, burst: int) -> None:
        self._rate = rate
        self._burst = burst
        self._tokens = float(burst)
        self._refilled_at_s = time.monotonic()

    def take(self, wanted: int) -> int:
        """Return how many of `wanted` may pass now, and take them."""
        if not self._rate:
            return wanted
        now_s = time.monotonic()
        self._tokens = min(self._burst, self._tokens + (now_s - self._refilled_at_s) * self._rate)
        self._refilled_at_s = now_s
        granted = min(wanted, int(self._tokens))
        self._tokens -= granted
        return granted

    def wait_s(self) -> float:
        """Return the time until one more may pass."""
        return max(0.0, (1.0 - self._tokens) / self._rate) if self._rate else 0.0
