"""A new certificate: what browsers ask of it, and that Messango's own clients ask nothing."""

from __future__ import annotations

import contextlib
import datetime
import shutil
import socket
import ssl
import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from messango.transport.identity import new_certificate
from messango.transport.identity.certificate import (
    client_context,
    load_or_create_certificate,
    looks_like_ours,
)
from messango.transport.identity.new_certificate import generate_certificate

UTC = datetime.timezone.utc
NOW = datetime.datetime(2026, 11, 30, 12, tzinfo=UTC)


def generate(*addresses: str, now: datetime.datetime = NOW) -> x509.Certificate:
    """Return a certificate for a computer with these addresses."""
    return x509.load_pem_x509_certificate(generate_certificate(addresses, now=now))


def addresses_in(certificate: x509.Certificate) -> list[str]:
    """Return the addresses that it is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(address) for address in names.get_values_for_type(x509.IPAddress)]


def names_in(certificate: x509.Certificate) -> list[str]:
    """Return the names that it is for."""
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return names.get_values_for_type(x509.DNSName)


def test_what_it_is() -> None:
    """A key on P-256, for a server and nothing else, that our clients recognize."""
    certificate = generate()
    key = certificate.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"
    assert certificate.subject.rfc4514_string() == certificate.issuer.rfc4514_string() == "CN=messango"
    extensions = certificate.extensions
    usages = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert list(usages) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert usage.digital_signature
    assert not usage.key_cert_sign
    assert looks_like_ours(certificate.public_bytes(serialization.Encoding.DER))


def test_its_addresses() -> None:
    """Those that it is made for, in their order, and always the loopback."""
    assert addresses_in(generate("192.168.1.20", "fd00::1")) == [
        "192.168.1.20",
        "fd00::1",
        "127.0.0.1",
        "::1",
    ]


def test_a_computer_with_many_networks() -> None:
    """The first ones are enough, so that a handshake stays small."""
    found = addresses_in(generate(*(f"10.0.{number}.1" for number in range(200))))
    assert found[:2] == ["10.0.0.1", "10.0.1.1"]
    assert len(found) == 18


@pytest.mark.parametrize(
    ("machine", "names"),
    [
        ("Ann-Laptop", ["localhost", "ann-laptop", "ann-laptop.local"]),
        ("ann.example.org", ["localhost", "ann", "ann.local"]),
        ("localhost", ["localhost"]),
        ("", ["localhost"]),
        ("Änns_PC", ["localhost"]),
        ("a" * 64, ["localhost"]),
    ],
)
def test_its_names(machine: str, names: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The computer's own, with `.local` too, unless no DNS could hold it."""
    monkeypatch.setattr(socket, "gethostname", lambda: machine)
    assert names_in(generate()) == names


def test_how_long_it_is_valid() -> None:
    """From yesterday, and no longer than Apple allows."""
    certificate = generate()
    assert certificate.not_valid_before_utc == NOW - datetime.timedelta(days=1)
    both_ends_included = datetime.timedelta(seconds=1)
    validity = certificate.not_valid_after_utc - certificate.not_valid_before_utc + both_ends_included
    assert validity == datetime.timedelta(days=825)


@pytest.mark.parametrize("year", [1, 1949, 1970, 2010, 2155, 9999])
def test_a_wrong_clock(year: int) -> None:
    """A year that can't be: the certificate is one of this program's first days, and not one of that year."""
    certificate = generate(now=datetime.datetime(year, 12, 31, 23, tzinfo=UTC))
    assert certificate.not_valid_before_utc.date() == datetime.date(2026, 10, 31)
    assert certificate.not_valid_after_utc.year == 2029


def test_of_this_computer() -> None:
    """Without arguments it begins by the clock, and is for this computer itself."""
    certificate = x509.load_pem_x509_certificate(generate_certificate())
    assert addresses_in(certificate) == ["127.0.0.1", "::1"]
    age = datetime.datetime.now(UTC) - certificate.not_valid_before_utc
    assert datetime.timedelta(days=1) <= age < datetime.timedelta(days=1, minutes=5)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs openssl")
@pytest.mark.parametrize(
    "check", ["-verify_ip=192.168.1.20", "-verify_ip=fd00::1", "-verify_hostname=localhost"]
)
def test_openssl_has_nothing_to_say(check: str, tmp_path: Path) -> None:
    """As a server's certificate, strictly, to somebody who trusts it; and not for another address."""
    file = tmp_path / "certificate.pem"
    file.write_bytes(generate_certificate(["192.168.1.20", "fd00::1"]))
    assert _openssl_verifies(file, check)
    assert not _openssl_verifies(file, "-verify_ip=192.168.1.21")


def _openssl_verifies(file: Path, check: str) -> bool:
    command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver", "-CAfile", str(file)]
    done = subprocess.run(
        [*command, *check.split("="), str(file)], capture_output=True, text=True, timeout=30, check=False
    )
    return done.returncode == 0


@pytest.mark.parametrize(
    "begun", [datetime.timedelta(days=2000), datetime.timedelta(days=-400)], ids=["expired", "not yet valid"]
)
def test_our_clients_ask_for_nothing_of_it(
    begun: datetime.timedelta, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever its dates, and for another address: a connection is encrypted all the same."""
    monkeypatch.setattr(new_certificate, "_BEFORE_NOW", begun)
    file = tmp_path / "certificate.pem"
    file.write_bytes(generate_certificate(["192.168.1.20"]))
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = client_context().wrap_bio(to_client, to_server, server_hostname="192.168.1.99")
    server = load_or_create_certificate(file).context.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client, server):
        with contextlib.suppress(ssl.SSLWantReadError):
            side.do_handshake()
    assert client.version() == server.version() == "TLSv1.3"
