"""The limits on batches."""

from __future__ import annotations

from messango.protocol.codec import encode
from messango.protocol.frames import Message, Say
from messango.protocol.limits import MAX_FRAME_BYTES, MAX_NAME_CHARACTERS
from messango.server.limits import BATCH_BYTES
from messango.transport.connection import OUTBOX_BYTES


def test_a_batch_fits_into_an_outbox() -> None:
    """Even of the shortest messages with the longest name: a flood must not disconnect a member who reads."""
    sent = encode(Say("1", "x"))
    heard = encode(
        Message(10**18, "1", "0" * 16, 1764366260.1234567, "\U0001f96d" * MAX_NAME_CHARACTERS, "x")
    )
    taken = BATCH_BYTES + 2 * MAX_FRAME_BYTES  # The last read may begin just below the limit.
    assert taken / len(sent) * len(heard) < OUTBOX_BYTES
