"""The limits on connections, and the reasons for them. `protocol.limits` has those on one member's frames."""

from __future__ import annotations

from typing import Final

#: Connections that have not joined, in total and from one address. A classroom can press Join at the same
#: moment; a flood costs this many threads for some seconds.
MAX_UNJOINED: Final = 128
MAX_UNJOINED_PER_ADDRESS: Final = 32

#: Unjoined connections older than this are evicted first: an honest client has joined by then.
SLOW_HANDSHAKE_S: Final = 1.0

#: Where plaintext is allowed, a client that has sent nothing for this long counts as the original one, whose
#: user is typing a name. It may take as long as people leave a window open before they join.
SILENT_AFTER_S: Final = 1.0
SILENT_PLAINTEXT_S: Final = 600.0

#: Such clients in total and from one address: each costs a thread and a descriptor for minutes. One computer
#: may have a few windows open.
MAX_SILENT: Final = 32
MAX_SILENT_PER_ADDRESS: Final = 4

#: A client treats a connection as dead after this time without a byte, so a throttle that would let it wait
#: longer refuses it.
MAX_THROTTLE_WAIT_S: Final = 5.0

#: Received bytes of one batch. The shortest messages grow about seven times when they are sent to a member,
#: and a batch has to fit into the outbox of a member who reads quickly.
BATCH_BYTES: Final = 500_000

#: How long the last frames may take to reach a client before its socket is closed.
CLOSE_GRACE_S: Final = 1.0
