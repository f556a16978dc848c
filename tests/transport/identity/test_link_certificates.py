"""The certificates of a linked room's engine: who accepts whom, with TLS over memory."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from cryptography import x509

from messango.transport.identity.link_certificates import (
    KeyPair,
    create_authority,
    engine_tls_name,
    is_for,
    sign_for_engine,
    sign_for_servers,
)
from messango.transport.link_tls import link_context

LINK = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def authority() -> KeyPair:
    """Return the authority of a linked room."""
    return create_authority(LINK)


def engine_context(folder: Path, engine: KeyPair, authority: KeyPair) -> ssl.SSLContext:
    """Return a context that asks for a certificate, as the engine does."""
    path = folder / "engine.pem"
    path.write_text(engine.certificate + engine.key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    context.load_verify_locations(cadata=authority.certificate)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def context_of(servers: KeyPair, authority: KeyPair) -> ssl.SSLContext:
    """Return the context of a server with this certificate, which trusts this authority."""
    return link_context(authority.certificate, servers.certificate, servers.key)


def shake_hands(client: ssl.SSLContext, server: ssl.SSLContext, name: str) -> None:
    """Do a handshake over memory; raises `ssl.SSLError`."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    ends = [
        client.wrap_bio(to_client, to_server, server_hostname=name),
        server.wrap_bio(to_server, to_client, server_side=True),
    ]
    unfinished = list(ends)
    for _ in range(10):
        for end in list(unfinished):
            try:
                end.do_handshake()
            except ssl.SSLWantReadError:
                continue
            unfinished.remove(end)
    assert unfinished == []


@pytest.mark.parametrize("name", [engine_tls_name(LINK), "192.168.1.20", "fd00::1", "127.0.0.1", "localhost"])
def test_the_engine_and_a_server(tmp_path: Path, authority: KeyPair, name: str) -> None:
    """Accept each other, by the room's own name and at the addresses of the computer."""
    engine, servers = (
        sign_for_engine(authority, LINK, ["192.168.1.20", "fd00::1"]),
        sign_for_servers(authority),
    )
    client = context_of(servers, authority)
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    shake_hands(client, engine_context(tmp_path, engine, authority), name)


def test_a_server_of_another_room(tmp_path: Path, authority: KeyPair) -> None:
    """Is accepted by nobody here, and does not accept the engine either."""
    engine = engine_context(tmp_path, sign_for_engine(authority, LINK, []), authority)
    other = create_authority(LINK)
    stranger = sign_for_servers(other)
    with pytest.raises(ssl.SSLError):
        shake_hands(context_of(stranger, authority), engine, "localhost")
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(context_of(stranger, other), engine, "localhost")
    with pytest.raises(ssl.SSLError):
        shake_hands(link_context(authority.certificate), engine, "localhost")


def test_a_server_can_not_pass_for_the_engine(tmp_path: Path, authority: KeyPair) -> None:
    """The key in the file is for clients only."""
    servers = sign_for_servers(authority)
    pretender = engine_context(tmp_path, servers, authority)
    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(
            context_of(servers, authority),
            pretender,
            engine_tls_name(LINK),
        )


def test_other_addresses(authority: KeyPair) -> None:
    """A certificate that is for more is kept, one that lacks an address is not."""
    engine = sign_for_engine(authority, LINK, ["192.168.1.20", "10.0.0.1"])
    assert is_for(engine.certificate, LINK, ["10.0.0.1"])
    assert is_for(engine.certificate, LINK, [])
    assert not is_for(engine.certificate, LINK, ["10.0.0.1", "10.0.0.2"])
    assert not is_for(engine.certificate, "f" * 32, ["10.0.0.1"])


def test_they_hold_with_any_clock(authority: KeyPair) -> None:
    """From 1970, where a board without a battery begins."""
    for pair in (authority, sign_for_engine(authority, LINK, []), sign_for_servers(authority)):
        certificate = x509.load_pem_x509_certificate(pair.certificate.encode())
        assert certificate.not_valid_before_utc.year == 1970
        assert certificate.not_valid_after_utc.year == 9999


def test_a_damaged_certificate(authority: KeyPair) -> None:
    """Is a fault in words, without the key in them."""
    servers = sign_for_servers(authority)
    no_key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
    for parts in (
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", "", ""),
        (authority.certificate, servers.certificate, authority.key),
        (authority.certificate, servers.certificate, no_key),
    ):
        with pytest.raises(ValueError, match="damaged, or they do not belong together"):
            link_context(*parts)


def test_nothing_secret_is_shown(authority: KeyPair) -> None:
    """In a traceback or a log."""
    assert "PRIVATE" not in repr(authority)
