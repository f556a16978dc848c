"""With TLS: the engine has the certificate that the file says, and the server shows its own."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.link.link_file import LinkFile
from messango.link.nats.nats_link import NatsLink
from messango.transport.identity.link_certificates import create_authority, sign_for_servers
from tests.support.engines import EngineKind, both_kinds
from tests.support.linked.nats_server import LINK, NatsServer, linked
from tests.support.linked.recorder import Recorder, said
from tests.support.proxy import Proxy
from tests.support.raw_client import TIMEOUT_S


@pytest.fixture(params=["syncing", "older"])
def encrypted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NatsServer]:
    """An engine of each kind that encrypts, and wants a certificate of its clients."""
    with NatsServer(request.param, tmp_path / "engine", create_authority(LINK)) as server:
        yield server


@pytest.mark.engine
def test_two_servers(encrypted: NatsServer) -> None:
    """They get what the other says."""
    with linked(encrypted.link_file(), "a") as (_, link), linked(encrypted.link_file(), "b") as (bob, other):
        link.offer([said("ann", "one")])
        other.offer([said("bob", "two", "x" * 8_000)])
        bob.wait_for_texts(["one", "two", "x" * 64])


@pytest.mark.engine
def test_a_killed_engine(encrypted: NatsServer, caplog: pytest.LogCaptureFixture) -> None:
    """The link comes back with TLS as without; asyncio has nothing to complain about."""
    with Proxy(encrypted.port) as proxy, linked(encrypted.link_file(proxy.port), "a") as (recorder, link):
        recorder.wait_for_state(up=True)
        encrypted.kill()
        recorder.wait_for_state(up=False, since=len(recorder.states) - 1)
        link.offer([said("ann", "one")])
        encrypted.start()
        recorder.wait_for_texts(["one"])
        assert link.engine_version == encrypted.version
    assert [record.message for record in caplog.records if record.name == "asyncio"] == []


@pytest.mark.engine
def test_another_engine(encrypted: NatsServer) -> None:
    """One that another authority has signed for is not the room's."""
    authority = create_authority(LINK)
    own = sign_for_servers(authority)
    stranger = dataclasses.replace(
        encrypted.link_file(), ca=authority.certificate, certificate=own.certificate, key=own.key
    )
    with linked(stranger, "a") as (recorder, _):
        recorder.wait_for_reason("certificate is another one")


@pytest.mark.engine
def test_an_engine_of_another_name(encrypted: NatsServer) -> None:
    """Signed by the right authority, but for another name."""
    other = dataclasses.replace(encrypted.link_file(), tls_name="another.messango.internal")
    with linked(other, "a") as (recorder, _):
        recorder.wait_for_reason("certificate is another one")


@pytest.mark.engine
def test_a_server_without_a_certificate(encrypted: NatsServer) -> None:
    """The engine does not accept it, and that is what the host reads."""
    bare = dataclasses.replace(encrypted.link_file(), certificate="", key="")
    with linked(bare, "a") as (recorder, _):
        recorder.wait_for_reason("does not accept this server")


@pytest.mark.engine
@both_kinds
def test_an_engine_that_does_not_encrypt(kind: EngineKind, tmp_path: Path) -> None:
    """Where TLS is expected, a plain engine is refused."""
    ca = create_authority(LINK).certificate
    with NatsServer(kind, tmp_path / "engine") as plain:
        link_file = dataclasses.replace(plain.link_file(), ca=ca, tls_name="engine")
        with linked(link_file, "a") as (recorder, _):
            recorder.wait_for_reason("does not encrypt")


def test_a_password_is_never_sent_in_the_clear() -> None:
    """Not even to a peer that says that it needs no TLS."""
    got: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(TIMEOUT_S)

        def serve() -> None:
            with server.accept()[0] as peer:
                peer.sendall(
                    b'INFO {"server_id":"x","version":"2.9.10","auth_required":true,"max_payload":9}\r\n'
                )
                with contextlib.suppress(ConnectionError):
                    while data := peer.recv(4096):
                        got.append(data)

        thread = threading.Thread(target=serve, name="messango-test-listener")
        thread.start()
        ca = create_authority(LINK).certificate
        address = f"127.0.0.1:{server.getsockname()[1]}"
        link_file = LinkFile(LINK, "Hall", (address,), ca, user="ann", password="secret")  # noqa: S106
        with linked(link_file, "a") as (recorder, _):
            recorder.wait_for_reason("does not encrypt")
            thread.join()
    assert got == []


def test_damaged_certificates_are_found_before_the_start() -> None:
    """Whoever makes the link is told; nothing was started then."""
    recorder = Recorder("a", "life")
    with pytest.raises(ValueError, match="damaged"):
        NatsLink(
            LinkFile(LINK, "Hall", ("127.0.0.1:1",), "-----BEGIN CERTIFICATE-----\nx"),
            "a",
            "life",
            recorder.place,
            recorder.last_raw_digest,
            recorder.on_entries,
            recorder.on_state,
            recorder.on_note,
        )


@pytest.mark.engine
@both_kinds
def test_a_user_and_a_password(kind: EngineKind, tmp_path: Path) -> None:
    """As an own NATS may want them; wrong ones are said."""
    with NatsServer(kind, tmp_path / "engine", more="authorization { user: ann, password: right }") as engine:
        right = dataclasses.replace(engine.link_file(), user="ann", password="right")  # noqa: S106
        wrong = dataclasses.replace(engine.link_file(), user="ann", password="wrong")  # noqa: S106
        with linked(right, "a") as (recorder, link):
            link.offer([said("ann", "one")])
            recorder.wait_for_texts(["one"])
        with linked(wrong, "b") as (other, _):
            other.wait_for_reason("does not accept this server")
