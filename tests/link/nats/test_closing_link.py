"""A link ends at once, whatever it is doing."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.link.link_file import LinkFile
from messango.link.nats.nats_link import NatsLink
from messango.transport.identity.link_certificates import create_authority
from tests.support.linked.nats_server import LINK, NatsServer, linked
from tests.support.linked.recorder import Recorder, said
from tests.support.proxy import Proxy

#: Much more than it takes, and less than any of the link's own waiting times here.
AT_ONCE_S = 10.0


def file_for(port: int, ca: str = "") -> LinkFile:
    """Return a linked room's file for an engine at this port, which has to encrypt if it has an authority."""
    return LinkFile(LINK, "Hall", (f"127.0.0.1:{port}",), ca)


@contextlib.contextmanager
def listener(*words: bytes) -> Iterator[tuple[int, threading.Event]]:
    """Yield the port of a server that says these words and nothing more, and the event of a connection."""
    connected, ending = threading.Event(), threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            with server.accept()[0] as peer:
                for word in words:
                    peer.sendall(word)
                connected.set()
                ending.wait()

        thread = threading.Thread(target=serve, name="messango-test-listener")
        thread.start()
        try:
            yield server.getsockname()[1], connected
        finally:
            ending.set()
            with contextlib.suppress(OSError), socket.create_connection(server.getsockname()):
                pass
            thread.join()


def closed_at_once(link: NatsLink) -> None:
    """Close the link, and fail if that takes long."""
    began_s = time.monotonic()
    link.close()
    assert time.monotonic() - began_s < AT_ONCE_S


def test_while_the_engine_says_nothing() -> None:
    """It has taken the connection, and does not speak."""
    with (
        listener() as (port, connected),
        linked(file_for(port), "a") as (_, link),
    ):
        assert connected.wait(AT_ONCE_S)
        closed_at_once(link)


def test_while_a_handshake_stalls() -> None:
    """The engine asks for TLS, and then says nothing."""
    greeting = b'INFO {"server_id":"x","version":"2.9.10","tls_required":true,"max_payload":1048576}\r\n'
    ca = create_authority(LINK).certificate
    with (
        listener(greeting) as (port, connected),
        linked(file_for(port, ca), "a") as (_, link),
    ):
        assert connected.wait(AT_ONCE_S)
        closed_at_once(link)


def test_while_the_first_answer_is_missing() -> None:
    """The engine has said who it is, and does not answer to our first words."""
    greeting = b'INFO {"server_id":"x","version":"2.9.10","max_payload":1048576,"headers":true}\r\n'
    with (
        listener(greeting) as (port, connected),
        linked(file_for(port), "a") as (_, link),
    ):
        assert connected.wait(AT_ONCE_S)
        closed_at_once(link)


def test_while_nothing_answers_at_the_address() -> None:
    """Packets to the address are lost, so connecting hangs."""
    with socket.socket() as full:
        # A queue of connections that nobody accepts: the system ignores further ones.
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        with contextlib.ExitStack() as stack:
            for _ in range(4):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex(full.getsockname())
            with linked(file_for(full.getsockname()[1]), "a") as (_, link):
                closed_at_once(link)


def test_while_a_name_is_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's resolver waits for a dead network."""
    asked, ending = threading.Event(), threading.Event()

    def look_up(*_: object, **__: object) -> list[object]:
        asked.set()
        ending.wait()
        return []

    monkeypatch.setattr("messango.link.nats.engine_transport.socket.getaddrinfo", look_up)
    with linked(LinkFile(LINK, "Hall", ("engine.example:4222",)), "a") as (_, link):
        assert asked.wait(AT_ONCE_S)
        closed_at_once(link)
        ending.set()


def test_between_two_attempts() -> None:
    """Nothing listens at the port, so the link pauses."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with linked(file_for(unused.getsockname()[1]), "a") as (
            recorder,
            link,
        ):
            state = recorder.wait_for_state(up=False)
            assert "does not answer" in state.reason
            closed_at_once(link)


@pytest.mark.engine
def test_while_it_is_up(engine: NatsServer) -> None:
    """And after that, offers and notes are ignored, and a second time is harmless."""
    with linked(engine.link_file(), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        closed_at_once(link)
        link.offer([said("ann", "one")])
        link.seen(1)
        link.restart()
        closed_at_once(link)


@pytest.mark.engine
def test_while_the_connection_stalls(engine: NatsServer) -> None:
    """Nothing gets through, and a round is under way."""
    with Proxy(engine.port) as proxy, linked(engine.link_file(proxy.port), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        proxy.drop_data()
        link.offer([said("ann", "x" * 8_000) for _ in range(500)])
        closed_at_once(link)


@pytest.mark.engine
def test_while_the_room_is_slow(engine: NatsServer) -> None:
    """The link waits for the room to fold."""
    with linked(engine.link_file(), "a") as (recorder, link):
        recorder.hold()
        link.offer([said("ann", "one")])
        recorder.wait_until(lambda room: bool(room.batches))
        closed_at_once(link)


@pytest.mark.engine
def test_while_it_is_down_for_good(engine: NatsServer, tmp_path: Path) -> None:
    """It waits for nothing but its end."""
    with NatsServer("older", tmp_path / "other") as other, linked(other.link_file(), "b") as (recorder, link):
        link.offer([said("ann", "one")])
        recorder.wait_for_texts(["one"])
    with linked(engine.link_file(), "a") as (first, link):
        link.offer([said("ann", "other")])
        first.wait_for_texts(["other"])
    with linked(engine.link_file(), "b", recorder) as (_, link):
        recorder.wait_until(lambda room: any(state.permanent for state in room.states))
        closed_at_once(link)


def test_before_it_has_begun() -> None:
    """A link that was just started."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        for _ in range(20):
            with linked(file_for(unused.getsockname()[1]), "a") as (_, link):
                closed_at_once(link)


def test_a_link_that_was_never_started() -> None:
    """It has nothing to end; what is offered waits."""
    recorder = Recorder("a", "life")
    link = NatsLink(
        file_for(1),
        "a",
        "life",
        recorder.place,
        recorder.last_raw_digest,
        recorder.on_entries,
        recorder.on_state,
        recorder.on_note,
    )
    link.offer([said("ann", "one")])
    assert link.waiting_bytes > 0
    closed_at_once(link)
    closed_at_once(link)
