"""Sets up the examination of whether others reach the room, and answers the doctor's request for it.

The reply to the request `reach` has `addresses`, those that others are told: each with its `address`, such as
`192.168.1.20:8000`, and in `seen` what other computers tell of it, the latest first, as objects with `host`,
`name`, `ok` and `time`. Times are in seconds since 1970 UTC; what is not older than `since` was found out for
this request.
"""

from __future__ import annotations

import contextlib
import queue
import time
from collections.abc import Callable, Sequence
from typing import Any, Final

from messango.server.clients.registry.connections import ConnectionRegistry
from messango.server.reachability.reachability import Reachability, ReachChange
from messango.server.reachability.witnesses import Witness, members_to_ask
from messango.server.request_queue import RequestQueue, RoomCall
from messango.transport.addresses import Address

REACH_REQUEST: Final = "reach"

#: The room answers within a batch; a room that is closing does not.
_MEMBERS_TIMEOUT_S: Final = 1.0


def create_reachability(
    request_queue: RequestQueue,
    connections: ConnectionRegistry,
    addresses: Callable[[], Sequence[Address]],
    on_change: Callable[[ReachChange], None],
) -> Reachability:
    """Return the examination for a room with this queue and these connections."""

    def is_welcomed(witness: Witness) -> bool:
        client = connections.get(witness.connection_id)
        return client is not None and client.is_welcomed

    def members() -> list[Witness]:
        found: queue.SimpleQueue[list[Witness]] = queue.SimpleQueue()
        request_queue.put(RoomCall(lambda room: found.put(members_to_ask(room))))
        with contextlib.suppress(queue.Empty):
            # A member whose welcome is not on its way yet must not get anything else before it.
            return [one for one in found.get(timeout=_MEMBERS_TIMEOUT_S) if is_welcomed(one)]
        return []

    def send(connection_id: int, data: bytes) -> None:
        if client := connections.get(connection_id):
            client.send(data)

    return Reachability(members, send, addresses, on_change)


def answer_reach_request(reachability: Reachability) -> dict[str, Any]:
    """Examine the room, which takes some seconds, and return the reply to the request."""
    since, reports = time.time(), reachability.examine()
    return {
        "since": since,
        "addresses": [
            {
                "address": str(report.address),
                "seen": [
                    {"host": seen.host, "name": seen.name, "ok": seen.ok, "time": seen.time_s}
                    for seen in report.seen
                ],
            }
            for report in reports
        ],
    }
