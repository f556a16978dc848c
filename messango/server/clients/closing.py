"""The end of all connections when the room closes."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Final

from messango.protocol import error_codes
from messango.protocol.codec import encode
from messango.protocol.frames import Closed, Refused
from messango.server.clients.connected_client import ConnectedClient
from messango.server.limits import CLOSE_GRACE_S

_CLOSING: Final = (error_codes.CLOSING, "The host is closing the room.", "Try again later.")
_REFUSED: Final = encode(Refused(*_CLOSING))
_CLOSED: Final = encode(Closed(*_CLOSING))


def close_clients(clients: Sequence[ConnectedClient]) -> None:
    """Give every client `CLOSE_GRACE_S` to read the goodbye, then abort the rest; join their threads."""
    for client in clients:
        if client.is_welcomed:
            # It has the room's goodbye already, unless the room failed.
            client.close_after(_CLOSED)
        else:
            client.resolve_join(admitted=False)
            client.close_after(_REFUSED)
    _join_threads(clients)
    for client in clients:
        client.abort()
    _join_threads(clients)


def _join_threads(clients: Sequence[ConnectedClient]) -> None:
    """Wait for all together: each of them may wait for the same disk."""
    deadline_s = time.monotonic() + CLOSE_GRACE_S
    for client in clients:
        client.join_thread(deadline_s - time.monotonic())
