"""The writer: one thread for all slow peers."""

from __future__ import annotations

import socket
import threading
from contextlib import ExitStack

import pytest

from messango.transport import connection as connection_module
from messango.transport.connection import Connection, OutboxFull
from messango.transport.tls import PlainRecordLayer
from messango.transport.writer import WriterThread
from tests.transport.pairs import TIMEOUT_S, connected_pair, in_thread, receive_all, receive_bytes, wait_until

MUCH = b"0123456789" * 100_000


def threads() -> list[str]:
    return [thread.name for thread in threading.enumerate() if thread.name.endswith("-writer")]


def test_its_thread() -> None:
    """Its one thread has a name and ends with `close`; closing twice is harmless."""
    writer = WriterThread("test")
    assert threads() == ["messango-test-writer"]
    writer.close()
    assert threads() == []
    writer.close()


def test_many_at_once(writer: WriterThread) -> None:
    """All get their own bytes, in whatever order they read; a peer that does not read delays nobody."""
    with ExitStack() as opened:
        pairs = [opened.enter_context(connected_pair(writer, tls=number % 2 == 1)) for number in range(20)]
        for number, (client, _) in enumerate(pairs):
            client.send(b"%02d" % number + MUCH)
        for number, (_, server) in reversed([*enumerate(pairs)][1:]):
            assert receive_bytes(server, len(MUCH) + 2) == b"%02d" % number + MUCH


def test_repeatedly(writer: WriterThread) -> None:
    """A connection that falls behind, catches up and falls behind again loses nothing."""
    with connected_pair(writer, tls=True) as (client, server):
        for _ in range(10):
            client.send(MUCH)
            assert receive_bytes(server, len(MUCH)) == MUCH


def test_reused_descriptors(writer: WriterThread) -> None:
    """A connection that gets the descriptor of a closed one receives its own bytes and no others."""
    for number in range(30):
        with connected_pair(writer, tls=False) as (client, server):
            client.send(MUCH)
            assert receive_bytes(server, 10).startswith(MUCH[:10])
            client.close()
        with connected_pair(writer, tls=False) as (client, server):
            client.send(b"%02d" % number + MUCH)
            client.shutdown()
            assert receive_all(server) == b"%02d" % number + MUCH


def test_closed_before_its_turn(writer: WriterThread) -> None:
    """The writer drops a connection that is closed right after it was handed over, and goes on."""
    with (
        connected_pair(writer, tls=False) as (client, _),
        connected_pair(writer, tls=False) as (other, server),
    ):
        for connection in (client, other):
            connection.send(MUCH)
        client.close()
        assert writer.watch(client)
        assert writer.watch(client)
        assert wait_until(lambda: client.fileno() == -1)
        assert receive_bytes(server, len(MUCH)) == MUCH


def test_closing_the_writer_aborts() -> None:
    """It aborts connections that it still watches: the owner, who may be reading, receives the end."""
    writer = WriterThread("test")
    with (
        connected_pair(writer, tls=False) as (client, _),
        in_thread(lambda: client.receive(TIMEOUT_S)) as received,
    ):
        client.send(MUCH)
        writer.close()
        assert received.result(TIMEOUT_S) == b""
        # The descriptor stays the owner's until the owner closes it, because it may be reading from it.
        assert client.fileno() != -1
        client.close()
        assert client.fileno() == -1


def test_closing_the_writer_closes_abandoned_sockets() -> None:
    """A socket that its owner has already closed does not outlive the writer."""
    writer = WriterThread("test")
    with connected_pair(writer, tls=False) as (client, _):
        client.send(MUCH)
        client.close()
        writer.close()
        assert client.fileno() == -1


def test_after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that outlives the writer can be closed, and leaves no descriptor behind."""
    monkeypatch.setattr(connection_module, "OUTBOX_BYTES", len(MUCH))
    writer = WriterThread("test")
    with connected_pair(writer, tls=False) as (client, _):
        writer.close()
        assert not writer.watch(client)
        client.send(MUCH + MUCH)
        with pytest.raises(OutboxFull):
            client.send(MUCH)
        client.close()
        assert client.fileno() == -1


def test_closed_while_others_hand_over() -> None:
    """Handing over while the writer closes harms neither; every connection can be closed afterwards."""
    for _ in range(20):
        writer = WriterThread("test")
        ours, theirs = socket.socketpair()
        with theirs:
            connection = Connection(ours, PlainRecordLayer(), writer)
            with in_thread(lambda: connection.send(MUCH)) as sent:  # noqa: B023 (run within this turn)
                writer.close()
                sent.exception(TIMEOUT_S)
            connection.close()
            assert connection.fileno() == -1
