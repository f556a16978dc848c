"""Tries whether large packets get through to a room: a path that drops them lets a chat begin, then hang."""

from __future__ import annotations

import contextlib
import json
import time
from typing import Final

from messango.errors import MessangoError
from messango.protocol.limits import PROTOCOL_VERSION
from messango.transport.addresses import Address
from messango.transport.dial import dial

#: Fills several packets of an Ethernet (1,500 bytes), and is far below the largest frame.
_PADDING_BYTES: Final = 6_000

_TIMEOUT_S: Final = 1.5


def large_packets_pass(address: Address, fingerprint: str | None) -> bool:
    """Ask a room that answers once more, in a request that needs large packets; return whether it answers.

    A room ignores unknown fields, so the padding is harmless. Only the way there is tried: nothing that a
    room says to strangers is large, except its certificate, which has come.
    """
    deadline = time.monotonic() + _TIMEOUT_S
    frame = {"type": "look", "protocol": PROTOCOL_VERSION, "padding": "x" * _PADDING_BYTES}
    with contextlib.suppress(MessangoError, TimeoutError, OSError):
        connection = dial([address], fingerprint=fingerprint, timeout_s=_TIMEOUT_S).connection
        try:
            connection.send(json.dumps(frame).encode() + b"\n")
            return bool(connection.receive(max(0.05, deadline - time.monotonic())))
        finally:
            connection.close()
    return False
