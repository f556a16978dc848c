"""What is said in one go is encrypted in pieces: a channel's buffer keeps the size that it once had."""

from __future__ import annotations

import socket

import pytest

from messango.transport.connection import Connection
from messango.transport.tls import PlainChannel
from messango.transport.writer import Flusher
from tests.transport.pairs import hear


class MeasuringChannel(PlainChannel):
    """Notes how much it is given at a time."""

    piece_bytes = 10

    def __init__(self) -> None:
        super().__init__()
        self.sizes: list[int] = []

    def seal(self, data: bytes) -> bytes:
        self.sizes.append(len(data))
        return super().seal(data)


@pytest.mark.parametrize(
    ("length", "sizes"), [(1, [1]), (10, [10]), (11, [10, 1]), (35, [10, 10, 10, 5]), (0, [])]
)
def test_no_piece_is_larger_than_the_limit(flusher: Flusher, length: int, sizes: list[int]) -> None:
    """However much is said at once; and it arrives in order."""
    ours, theirs = socket.socketpair()
    channel, said = MeasuringChannel(), bytes(range(length))
    sender, receiver = Connection(ours, channel, flusher), Connection(theirs, PlainChannel(), flusher)
    sender.send(said)
    assert channel.sizes == sizes
    assert hear(receiver, length) == said
    sender.close()
    receiver.close()
