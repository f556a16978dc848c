"""Large data is encrypted in pieces, because OpenSSL's buffer never shrinks."""

from __future__ import annotations

import socket

import pytest

from messango.transport.connection import Connection
from messango.transport.tls import PlainRecordLayer
from messango.transport.writer import WriterThread
from tests.transport.pairs import receive_bytes


class MeasuringRecordLayer(PlainRecordLayer):
    """Records the sizes of the pieces."""

    max_chunk_bytes = 10

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def encrypt(self, data: bytes) -> bytes:
        self.sizes.append(len(data))
        return super().encrypt(data)


@pytest.mark.parametrize(
    ("length", "sizes"), [(1, [1]), (10, [10]), (11, [10, 1]), (35, [10, 10, 10, 5]), (0, [])]
)
def test_no_piece_is_larger_than_the_limit(writer: WriterThread, length: int, sizes: list[int]) -> None:
    """However much is sent at once, and it arrives in order."""
    ours, theirs = socket.socketpair()
    record_layer, data = MeasuringRecordLayer(), bytes(range(length))
    sender, receiver = Connection(ours, record_layer, writer), Connection(theirs, PlainRecordLayer(), writer)
    sender.send(data)
    assert record_layer.sizes == sizes
    assert receive_bytes(receiver, length) == data
    sender.close()
    receiver.close()
