"""Channels: bytes in, bytes out, and no socket anywhere."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from messango.errors import ConnectionLost, RemoteProtocolError
from messango.transport.certificate import client_context, own_certificate
from messango.transport.tls import Channel, PlainChannel, TlsChannel
from tests.transport.pairs import channels, old_client_context


def connected(*, tls: bool) -> tuple[Channel, Channel]:
    """Return a client's channel and a server's that have shaken hands."""
    client, server = channels(tls=tls)
    while not (client.shake_hands() & server.shake_hands()):
        server.feed(client.take())
        client.feed(server.take())
    return client, server


@pytest.mark.parametrize("tls", [False, True])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.binary(min_size=1, max_size=40_000), max_size=6), cut=st.integers(1, 9_000))
def test_any_slicing(said: list[bytes], cut: int, *, tls: bool) -> None:
    """What one writes the other reads, however the wire slices it; what was taken is not given again."""
    client, server = connected(tls=tls)
    wire = b"".join(map(client.seal, said))
    assert client.take() == b""
    heard = b""
    for start in range(0, len(wire), cut):
        server.feed(wire[start : start + cut])
        heard += server.read()
    assert heard == b"".join(said)
    assert server.read() == b""
    assert not server.ended


def test_what_they_are() -> None:
    """Each tells whether it encrypts, and whose certificate it saw."""
    client, server = connected(tls=True)
    assert client.encrypted
    assert client.peer_fingerprint() == own_certificate().fingerprint
    assert server.peer_fingerprint() is None
    assert not PlainChannel().encrypted
    assert PlainChannel().peer_fingerprint() is None


def test_a_goodbye() -> None:
    """After the goodbye the other side knows that nothing follows, and may still answer."""
    client, server = connected(tls=True)
    server.feed(client.seal(b"last"))
    client.end()
    server.feed(client.take())
    assert server.read() == b"last"
    assert server.ended
    client.feed(server.seal(b"answer"))
    assert client.read() == b"answer"
    assert server.read() == b""


@pytest.mark.parametrize("fed", range(1, 80, 7))
def test_a_goodbye_before_all_is_read(fed: int) -> None:
    """What has come already, whole records or a part of one, can be read after our goodbye."""
    client, server = connected(tls=True)
    wire = server.seal(b"said before") + server.seal(b" and then")
    client.feed(wire[:fed])
    client.end()
    client.feed(wire[fed:])
    assert client.read() == b"said before and then"


def test_an_end_twice() -> None:
    """Ending twice, or before the handshake, is harmless."""
    client, _ = connected(tls=True)
    client.end()
    client.end()
    for channel in channels(tls=True):
        channel.end()


def test_what_came_before_the_damage() -> None:
    """Records before one that was tampered with are heard first, then the damage is told, each time."""
    client, server = connected(tls=True)
    good = client.seal(b"whole")
    bad = bytearray(client.seal(b"changed"))
    bad[-1] ^= 1
    server.feed(good + bad)
    assert server.read() == b"whole"
    for _ in range(2):
        with pytest.raises(ConnectionLost):
            server.read()


def test_a_record_twice() -> None:
    """A record that somebody plays again is damage."""
    client, server = connected(tls=True)
    wire = client.seal(b"pay 10")
    server.feed(wire + wire)
    assert server.read() == b"pay 10"
    with pytest.raises(ConnectionLost):
        server.read()


def test_too_early() -> None:
    """Nothing can be written before the handshake."""
    client, _ = channels(tls=True)
    with pytest.raises(ConnectionLost):
        client.seal(b"hello")
    assert b"hello" not in client.take()


def test_no_tickets() -> None:
    """No ticket follows the handshake: a joiner would have to read it first."""
    _, server = connected(tls=True)
    assert server.take() == b""


def test_tls_1_3_alone() -> None:
    """A client that speaks TLS 1.2 at most is refused, and so is a server."""
    client = TlsChannel(old_client_context(), server_side=False)
    server = TlsChannel(own_certificate().context, server_side=True)
    client.shake_hands()
    server.feed(client.take())
    with pytest.raises(RemoteProtocolError):
        server.shake_hands()
    with pytest.raises(RemoteProtocolError):
        old_server_shakes_hands(TlsChannel(client_context(), server_side=False))


def old_server_shakes_hands(client: TlsChannel) -> None:
    """Answer a client's greeting as TLS 1.2 does."""
    client.shake_hands()
    hello = client.take()
    session = hello[43 : 44 + hello[43]]
    body = b"\x03\x03" + bytes(range(32)) + session + b"\xc0\x2b\x00"
    message = b"\x02" + len(body).to_bytes(3, "big") + body
    client.feed(b"\x16\x03\x03" + len(message).to_bytes(2, "big") + message)
    client.shake_hands()


@given(st.binary(max_size=300))
def test_any_bytes(noise: bytes) -> None:
    """Bytes that are no TLS are the peer's problem, or not enough yet; nothing else is raised."""
    client, server = channels(tls=True)
    client.shake_hands()
    for channel in (client, server):
        channel.feed(noise)
        try:
            assert not channel.shake_hands()
        except RemoteProtocolError as problem:
            assert problem.hint  # noqa: PT017 (either may happen)


@given(st.binary(min_size=1, max_size=300))
def test_any_bytes_later(noise: bytes) -> None:
    """After the handshake they are damage, or not enough yet, and never something that was said."""
    _, server = connected(tls=True)
    server.feed(noise)
    try:
        assert server.read() == b""
    except ConnectionLost as lost:
        assert lost.hint  # noqa: PT017
