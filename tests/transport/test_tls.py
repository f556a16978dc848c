"""Record layers: bytes in, bytes out, without a socket."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.transport.identity.certificate import client_context, load_or_create_certificate
from messango.transport.tls import PlainRecordLayer, RecordLayer, TlsRecordLayer
from tests.transport.pairs import old_client_context, record_layers


def connected_layers(*, tls: bool) -> tuple[RecordLayer, RecordLayer]:
    """Return a client's and a server's record layer after their handshake."""
    client, server = record_layers(tls=tls)
    while not (client.do_handshake() & server.do_handshake()):
        server.feed(client.pending_output())
        client.feed(server.pending_output())
    return client, server


@pytest.mark.parametrize("tls", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.lists(st.binary(min_size=1, max_size=40_000), max_size=6), cut=st.integers(1, 9_000))
def test_any_slicing(data: list[bytes], cut: int, *, tls: bool) -> None:
    """Bytes that one writes the other reads, however they are split, and only once."""
    client, server = connected_layers(tls=tls)
    wire = b"".join(map(client.encrypt, data))
    assert client.pending_output() == b""
    received = b""
    for start in range(0, len(wire), cut):
        server.feed(wire[start : start + cut])
        received += server.read()
    assert received == b"".join(data)
    assert server.read() == b""
    assert not server.eof_received


def test_properties() -> None:
    """Each layer knows whether it encrypts, and the peer's certificate."""
    client, server = connected_layers(tls=True)
    assert client.encrypted
    assert client.peer_fingerprint() == load_or_create_certificate().fingerprint
    assert server.peer_fingerprint() is None
    assert not PlainRecordLayer().encrypted
    assert PlainRecordLayer().peer_fingerprint() is None


def test_close_notify() -> None:
    """After it the other side knows that nothing follows, and may still answer."""
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
def test_close_notify_before_all_is_read(fed: int) -> None:
    """Bytes that have arrived, whole records or a part of one, can be read after our close_notify."""
    client, server = connected_layers(tls=True)
    wire = server.encrypt(b"data before") + server.encrypt(b" and then")
    client.feed(wire[:fed])
    client.close_notify()
    client.feed(wire[fed:])
    assert client.read() == b"data before and then"


def test_close_notify_twice() -> None:
    """Ending twice, or before the handshake, is harmless."""
    client, _ = connected_layers(tls=True)
    client.close_notify()
    client.close_notify()
    for record_layer in record_layers(tls=True):
        record_layer.close_notify()


def test_records_before_damage() -> None:
    """Records before a damaged one are read first; then every read raises."""
    client, server = connected_layers(tls=True)
    good = client.encrypt(b"whole")
    bad = bytearray(client.encrypt(b"changed"))
    bad[-1] ^= 1
    server.feed(good + bad)
    assert server.read() == b"whole"
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            server.read()


def test_a_replayed_record() -> None:
    """A record that comes twice is damage."""
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
    """No ticket follows the handshake: a new member would have to read it first."""
    _, server = connected_layers(tls=True)
    assert server.pending_output() == b""


def test_only_tls_1_3() -> None:
    """A client with TLS 1.2 at most is refused, and so is such a server."""
    client = TlsRecordLayer(old_client_context(), server_side=False)
    server = TlsRecordLayer(load_or_create_certificate().context, server_side=True)
    client.do_handshake()
    server.feed(client.pending_output())
    with pytest.raises(RemoteProtocolError):
        server.do_handshake()
    with pytest.raises(RemoteProtocolError):
        legacy_server_handshake(TlsRecordLayer(client_context(), server_side=False))


def legacy_server_handshake(client: TlsRecordLayer) -> None:
    """Answer a ClientHello as TLS 1.2 does."""
    client.do_handshake()
    hello = client.pending_output()
    session = hello[43 : 44 + hello[43]]
    body = b"\x03\x03" + bytes(range(32)) + session + b"\xc0\x2b\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    client.feed(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message)
    client.do_handshake()


@given(st.binary(max_size=300))
def test_any_bytes(noise: bytes) -> None:
    """Bytes that are not TLS raise `RemoteProtocolError` or need more bytes; nothing else is raised."""
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
    """After the handshake they raise `ConnectionLost` or need more bytes, and are never data."""
    _, server = connected_layers(tls=True)
    server.feed(noise)
    try:
        assert server.read() == b""
    except ConnectionLost as lost:
        assert lost.hint  # noqa: PT017
