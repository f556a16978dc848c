"""What the doctor finds out about an engine: a real one, and peers that are none."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator

import pytest

from messango.doctor.checks import engine_probe
from messango.doctor.checks.engine_probe import EngineAnswer, EngineTarget, probe_engine
from messango.link.engine.engine_folder import EngineFolder
from messango.link.link_file import LinkFile
from messango.transport.addresses import Address
from messango.transport.identity.link_certificates import create_authority
from messango.transport.link_tls import link_context
from tests.support.engines import EngineKind, both_kinds, engine_of

LINK = "0123456789abcdef" * 2


@pytest.fixture(autouse=True)
def _patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat no engine as dead that is only slow."""
    monkeypatch.setattr(engine_probe, "_TIMEOUT_S", 60.0)


def target_of(link_file: LinkFile, address: Address) -> EngineTarget:
    """Return what the doctor looks for with this file."""
    context = link_context(link_file.ca, link_file.certificate, link_file.key)
    return EngineTarget([address], f"messango_{link_file.link}", context, link_file.tls_name)


@contextlib.contextmanager
def engine(kind: EngineKind = "syncing") -> Iterator[tuple[Address, LinkFile]]:
    """Run an engine, and yield where it is and the file of its room."""
    folder = EngineFolder("Hall")
    with contextlib.closing(folder.engine("127.0.0.1", [], engine_of(kind))) as running:
        running.start()
        yield Address("127.0.0.1", folder.settings.port), folder.link_file(["127.0.0.1"])


def trusting(target: EngineTarget, ca: str) -> EngineTarget:
    """Return the same target for a file with this authority and no certificate of its own."""
    return dataclasses.replace(target, context=link_context(ca))


def create_stream(address: Address, target: EngineTarget) -> None:
    """Have the engine make the room's stream, and one entry in it."""
    assert target.context is not None
    with socket.create_connection((address.host, address.port)) as plain:
        assert plain.recv(4096).startswith(b"INFO")
        with target.context.wrap_socket(plain, server_hostname=target.tls_name) as sock:
            body = f'{{"name": "{target.stream}", "subjects": ["said"], "storage": "memory"}}'
            sock.sendall(
                b'CONNECT {"verbose": false}\r\nSUB answer 1\r\n'
                + f"PUB $JS.API.STREAM.CREATE.{target.stream} answer {len(body)}\r\n{body}\r\n".encode()
            )
            received = b""
            while b'"created"' not in received:
                received += sock.recv(4096)
            sock.sendall(b"PUB said answer 2\r\nhi\r\n")
            while b'"seq"' not in received:
                received += sock.recv(4096)


@pytest.mark.engine
@both_kinds
def test_an_engine(kind: EngineKind) -> None:
    """Before the room has a stream, and with one."""
    with engine(kind) as (address, link_file):
        target = target_of(link_file, address)
        version = engine_of(kind).version_text
        found = EngineAnswer(reached=True, is_nats=True, let_in=True, version=version)
        assert probe_engine(address, target) == found
        create_stream(address, target)
        assert probe_engine(address, target) == dataclasses.replace(found, entries=1)


@pytest.mark.engine
def test_another_rooms_file() -> None:
    """Neither end accepts the other."""
    with engine() as (address, link_file):
        target = trusting(target_of(link_file, address), create_authority(LINK).certificate)
        found = probe_engine(address, target)
        assert found.is_nats
        assert not found.let_in
        assert "certificate" in found.reason


@pytest.mark.engine
def test_a_file_without_certificates() -> None:
    """For an engine that asks for them."""
    with engine() as (address, link_file):
        plain = probe_engine(address, dataclasses.replace(target_of(link_file, address), context=None))
        assert (plain.let_in, plain.reason) == (False, "it wants TLS, and the file has no “ca”")
        unsigned = probe_engine(address, trusting(target_of(link_file, address), link_file.ca))
        assert unsigned.is_nats
        assert not unsigned.let_in


@contextlib.contextmanager
def peer(*answers: bytes, drips: bytes = b"") -> Iterator[Address]:
    """Run a peer that sends this, one answer before each thing that it reads, and drips again and again."""
    done = threading.Event()

    def run() -> None:
        with contextlib.suppress(OSError), listener.accept()[0] as connection:
            for answer in answers:
                connection.sendall(answer)
                if not drips:
                    connection.recv(4096)
            while drips and not done.wait(0.01):
                connection.sendall(drips)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=run, name="peer")
        thread.start()
        yield Address("127.0.0.1", listener.getsockname()[1])
        done.set()
        # If nobody has connected.
        with contextlib.suppress(OSError):
            socket.create_connection(listener.getsockname(), 1).close()
        thread.join()


PLAIN = EngineTarget([], f"messango_{LINK}", None)
INFO = b'INFO {"version": "2.9.10"}\r\n'


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([b"HTTP/1.1 400 Bad Request\r\n"], "another program answers"),
        ([b"INFO [1]\r\n"], "another program answers"),
        ([b"INFO {\r\n"], "another program answers"),
        ([b"x" * 100_000], "another program answers"),
        ([], "it closed the connection"),
        ([INFO, b"-ERR 'Authorization Violation'\r\n"], "Authorization Violation"),
        ([INFO, b"PING\r\nHMSG x 1 16 16\r\nNATS/1.0 503\r\n\r\n\r\n"], "it has no JetStream"),
        ([INFO, b"MSG x 1 2\r\n[]\r\n"], "another program answers"),
        ([INFO, b'MSG x 1 2\r\n{"error": {"code": 503, "description": "no leader"}}\r\n'], "no leader"),
        ([INFO, b'MSG x 1 2\r\n{"error": {"code": 503}}\r\n'], "it does not say why"),
    ],
)
def test_other_peers(answers: list[bytes], reason: str) -> None:
    """Each is reported in words."""
    with peer(*answers) as address:
        found = probe_engine(address, PLAIN)
    assert (found.reached, found.let_in, found.reason) == (True, False, reason)
    assert found.is_nats == (INFO in answers)


def test_one_that_does_not_encrypt() -> None:
    """Is sent nothing if the file has certificates."""
    encrypted = trusting(PLAIN, create_authority(LINK).certificate)
    with peer(INFO) as address:
        assert probe_engine(address, encrypted).reason == "it does not encrypt"


def test_one_that_never_comes_to_its_point(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is waited for only so long, also if it sends a byte now and then; and so is nobody at all."""
    monkeypatch.setattr(engine_probe, "_TIMEOUT_S", 0.3)
    with peer(b"INFO ", drips=b" ") as address:
        assert probe_engine(address, PLAIN) == EngineAnswer(reached=True, reason="no answer")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        closed = Address("127.0.0.1", listener.getsockname()[1])
    assert probe_engine(closed, PLAIN) == EngineAnswer(reason="Connection refused")
