"""What connections may cost the server, and why these numbers. What one member may send is in
`protocol.limits`.
"""

from __future__ import annotations

from typing import Final

#: Connections that have not joined, in all and from one address. A classroom that presses Join at the
#: same moment fits; a flood costs this many threads for some seconds.
MAX_UNJOINED: Final = 128
MAX_UNJOINED_PER_ADDRESS: Final = 32

#: When unjoined clients have to make room, those that take longer than this go first: an honest client has
#: joined by then.
SLOW_HANDSHAKE_S: Final = 1.0

#: How much of what waits, in bytes on the wire, one batch takes. The shortest messages become some seven
#: times as much for each member, and that has to fit into the outbox of a member who reads well.
BATCH_BYTES: Final = 500_000

#: How long the last frames may take to reach a client before its socket is closed.
CLOSE_GRACE_S: Final = 1.0
