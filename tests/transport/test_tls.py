"""Channels: bytes in, bytes out, and no socket anywhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.transport.certificate import client_context, load_or_create_certificate
from messango.transport.tls import PlainRecordLayer, RecordLayer, TlsRecordLayer
from tests.transport.pairs import old_client_context, record_layers


def connected_layers(*, tls: bool) -> tuple[RecordLayer, RecordLayer]:
    """Return a client's record_layer and a server's that have shaken hands."""
    client, server = record_layers(tls=tls)
    while not (client.do_handshake() & server.do_handshake()):
        server.feed(client.pending_output())
        client.feed(server.pending_output())
    return client, server


@pytest.mark.parametrize("tls", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.binary(min_size=1, max_size=40_000), max_size=6), cut=st.integers(1, 9_000))
def test_any_slicing(said: list[bytes], cut: int, *, tls: bool) -> None:
    """What one writes the other reads, however the wire slices it; what was taken is not given again."""
    client, server = connected_layers(tls=tls)
    wire = b"".join(map(client.encrypt, said))
    assert client.pending_output() == b""
    heard = b""
    for start in range(0, len(wire), cut):
        server.feed(wire[start : start + cut])
        heard += server.read()
    assert heard == b"".join(said)
    assert server.read() == b""
    assert not server.eof_received


def test_what_they_are() -> None:
    """Each tells whether it encrypts, and whose certificate it saw."""
    client, server = connected_layers(tls=True)
    assert client.encrypted
    assert client.peer_fingerprint() == load_or_create_certificate().fingerprint
    assert server.peer_fingerprint() is None
    assert not PlainRecordLayer().encrypted
    assert PlainRecordLayer().peer_fingerprint() is None


def test_a_goodbye() -> None:
    """After the goodbye the other side knows that nothing follows, and may still answer."""
    client, server = connected_layers(tls=True)
    server.feed(client.encrypt(b"last"))
    client.close_notify()
    server.feed(client.pending_output())
    assert server.read() == b"last"
    assert server.eof_received
    client.feed(server.encrypt(b"answer"))
    assert client.read() == b"answer"
    assert server.read() == b""


@pytest.mark.parametrize("fed", range(1, 80, 7))
def test_a_goodbye_before_all_is_read(fed: int) -> None:
    """What has come already, whole records or a part of one, can be read after our goodbye."""
    client, server = connected_layers(tls=True)
    wire = server.encrypt(b"said before") + server.encrypt(b" and then")
    client.feed(wire[:fed])
    client.close_notify()
    client.feed(wire[fed:])
    assert client.read() == b"said before and then"


def test_an_end_twice() -> None:
    """Ending twice, or before the handshake, is harmless."""
    client, _ = connected_layers(tls=True)
    client.close_notify()
    client.close_notify()
    for record_layer in record_layers(tls=True):
        record_layer.close_notify()


def test_what_came_before_the_damage() -> None:
    """Records before one that was tampered with are heard first, then the damage is told, each time."""
    client, server = connected_layers(tls=True)
    good = client.encrypt(b"whole")
    bad = bytearray(client.encrypt(b"changed"))
    bad[-1] ^= 1
    server.feed(good + bad)
    assert server.read() == b"whole"
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            server.read()


def test_a_record_twice() -> None:
    """A record that somebody plays again is damage."""
    client, server = connected_layers(tls=True)
    wire = client.encrypt(b"pay 10")
    server.feed(wire + wire)
    assert server.read() == b"pay 10"
    with pytest.raises(ConnectionLost):
        server.read()


def test_too_early() -> None:
    """Nothing can be written before the handshake."""
    client, _ = record_layers(tls=True)
    with pytest.raises(ConnectionLost):
        client.encrypt(b"hello")
    assert b"hello" not in client.pending_output()


def test_no_tickets() -> None:
    """No ticket follows the handshake: a joiner would have to read it first."""
    _, server = connected_layers(tls=True)
    assert server.pending_output() == b""


def test_tls_1_3_alone() -> None:
    """A client that speaks TLS 1.2 at most is refused, and so is a server."""
    client = TlsRecordLayer(old_client_context(), server_side=False)
    server = TlsRecordLayer(load_or_create_certificate().context, server_side=True)
    client.do_handshake()
    server.feed(client.pending_output())
    with pytest.raises(RemoteProtocolError):
        server.do_handshake()
    with pytest.raises(RemoteProtocolError):
        legacy_server_handshake(TlsRecordLayer(client_context(), server_side=False))


def legacy_server_handshake(client: TlsRecordLayer) -> None:
    """Answer a client's greeting as TLS 1.2 does."""
    client.do_handshake()
    hello = client.pending_output()
    session = hello[43 : 44 + hello[43]]
    body = b"\x03\x03" + bytes(range(32)) + session + b"\xc0\x2b\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    client.feed(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message)
    client.do_handshake()


@given(st.binary(max_size=300))
def test_any_bytes(noise: bytes) -> None:
    """Bytes that are no TLS are the peer's problem, or not enough yet; nothing else is raised."""
    client, server = record_layers(tls=True)
    client.do_handshake()
    for record_layer in (client, server):
        record_layer.feed(noise)
        try:
            assert not record_layer.do_handshake()
        except RemoteProtocolError as problem:
            assert problem.hint  # noqa: PT017 (either may happen)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_later(noise: bytes) -> None:
    """After the handshake they are damage, or not enough yet, and never something that was said."""
    _, server = connected_layers(tls=True)
    server.feed(noise)
    try:
        assert server.read() == b""
    except ConnectionLost as lost:
        assert lost.hint  # noqa: PT017
