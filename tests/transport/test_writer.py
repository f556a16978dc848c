"""The writer: one thread for all who read slowly."""

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
    """It has one thread, with a name, which has ended when it is closed; closing twice is harmless."""
    writer = WriterThread("test")
    assert threads() == ["messango-test-writer"]
    writer.close()
    assert threads() == []
    writer.close()


def test_many_at_once(writer: WriterThread) -> None:
    """All get what is theirs, whoever reads first; who does not read at all keeps nobody waiting."""
    with ExitStack() as opened:
        pairs = [opened.enter_context(connected_pair(writer, tls=number % 2 == 1)) for number in range(20)]
        for number, (client, _) in enumerate(pairs):
            client.send(b"%02d" % number + MUCH)
        for number, (_, server) in reversed([*enumerate(pairs)][1:]):
            assert receive_bytes(server, len(MUCH) + 2) == b"%02d" % number + MUCH


def test_again_and_again(writer: WriterThread) -> None:
    """A connection that falls behind, catches up and falls behind again loses nothing."""
    with connected_pair(writer, tls=True) as (client, server):
        for _ in range(10):
            client.send(MUCH)
            assert receive_bytes(server, len(MUCH)) == MUCH


def test_numbers_used_anew(writer: WriterThread) -> None:
    """Who gets the descriptor of one that was closed in the middle gets what is its own, and no more."""
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
    """Who is handed over and closed at once is let go of, and the writer goes on."""
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


def test_closing_it_breaks_off() -> None:
    """Connections that it still watches are broken off: the owner, who may be reading, finds the end."""
    writer = WriterThread("test")
    with (
        connected_pair(writer, tls=False) as (client, _),
        in_thread(lambda: client.receive(TIMEOUT_S)) as heard,
    ):
        client.send(MUCH)
        writer.close()
        assert heard.result(TIMEOUT_S) == b""
        # The number stays the owner's until the owner closes it: it may be reading from it just now.
        assert client.fileno() != -1
        client.close()
        assert client.fileno() == -1


def test_closing_it_closes_what_was_left_to_it() -> None:
    """A socket whose owner has closed it already does not outlive the writer."""
    writer = WriterThread("test")
    with connected_pair(writer, tls=False) as (client, _):
        client.send(MUCH)
        client.close()
        writer.close()
        assert client.fileno() == -1


def test_after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that outlives it can be closed, and leaves no descriptor behind."""
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
    """Handing over while it is being closed harms neither; every connection can be closed afterwards."""
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
