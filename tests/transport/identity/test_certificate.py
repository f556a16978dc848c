"""The server's certificate: created once, private, and identified by its fingerprint."""

from __future__ import annotations

import datetime
import hashlib
import os
import ssl
import stat
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from messango.errors import CorruptFile
from messango.storage import home
from messango.transport.identity import certificate as certificate_module
from messango.transport.identity.certificate import FILE_NAME, client_context, load_or_create_certificate
from messango.transport.identity.new_certificate import generate_certificate


def path() -> Path:
    return home() / FILE_NAME


def test_created_once() -> None:
    """The first start creates it, every later one loads it: the same file, the same fingerprint."""
    made = load_or_create_certificate()
    before = path().read_bytes()
    assert load_or_create_certificate().fingerprint == made.fingerprint
    assert path().read_bytes() == before
    assert [entry.name for entry in home().iterdir()] == [FILE_NAME]


def test_the_fingerprint() -> None:
    """It is the SHA-256 of the certificate, as every tool shows it, and differs on each machine."""
    first = load_or_create_certificate()
    certificate = x509.load_pem_x509_certificate(path().read_bytes())
    der = certificate.public_bytes(serialization.Encoding.DER)
    assert first.fingerprint == hashlib.sha256(der).hexdigest()
    path().unlink()
    assert load_or_create_certificate().fingerprint != first.fingerprint


def test_an_older_one_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """People know its fingerprint: a certificate without names and addresses is used as it is."""
    older = make_older_certificate()
    path().parent.mkdir(parents=True, exist_ok=True)
    path().write_bytes(older)
    monkeypatch.setattr(certificate_module, "generate_certificate", pytest.fail)
    expected = x509.load_pem_x509_certificate(older).fingerprint(hashes.SHA256()).hex()
    assert load_or_create_certificate().fingerprint == expected
    assert path().read_bytes() == older


def make_older_certificate() -> bytes:
    """Return a certificate as earlier versions made them: for ever, and without extensions."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "messango")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc))
        .not_valid_after(datetime.datetime(9999, 12, 31, tzinfo=datetime.timezone.utc))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_private() -> None:
    """Only its owner can read it."""
    load_or_create_certificate()
    assert stat.S_IMODE(path().stat().st_mode) == 0o600


@pytest.mark.parametrize("links", [True, False], ids=["hard links", "none"])
def test_two_first_starts(monkeypatch: pytest.MonkeyPatch, *, links: bool) -> None:
    """Two servers that start for the first time at the same moment use the certificate of the file."""
    together = Barrier(2)
    make = generate_certificate

    def make_together(addresses: Sequence[str]) -> bytes:
        made = make(addresses)
        together.wait(20)
        return made

    def no_links(*_paths: object) -> None:
        raise PermissionError("no hard links here")

    monkeypatch.setattr(certificate_module, "generate_certificate", make_together)
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", no_links)
    with ThreadPoolExecutor(2) as pool:
        both = [started.result(20) for started in [pool.submit(load_or_create_certificate) for _ in range(2)]]
    if links:
        assert {certificate.fingerprint for certificate in both} == {load_or_create_certificate().fingerprint}
    assert [entry.name for entry in home().iterdir()] == [FILE_NAME]


def test_a_file_that_is_replaced_during_a_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The certificate of one start and the key of another are not damage: the file is read again."""
    load_or_create_certificate()
    theirs = path().read_bytes()
    ours = generate_certificate()
    path().write_bytes(ours[: ours.index(b"-----BEGIN CERT")] + theirs[theirs.index(b"-----BEGIN CERT") :])
    load = certificate_module._load

    def load_and_be_overtaken(file: Path) -> certificate_module.Certificate:
        try:
            return load(file)
        finally:
            file.write_bytes(ours)

    monkeypatch.setattr(certificate_module, "_load", load_and_be_overtaken)
    expected = x509.load_pem_x509_certificate(ours).fingerprint(hashes.SHA256()).hex()
    assert load_or_create_certificate().fingerprint == expected


def encrypted(pem: bytes) -> bytes:
    """Return the file with its key encrypted by a password."""
    key = serialization.load_pem_private_key(pem, None)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )
    return private + pem[pem.index(b"-----BEGIN CERTIFICATE") :]


DAMAGES: list[Callable[[bytes], bytes]] = [
    lambda _: b"",
    lambda _: b"\xff\xfe\x00 no certificate",
    lambda pem: pem[: len(pem) // 2],
    lambda pem: pem[pem.index(b"-----BEGIN CERTIFICATE") :],
    lambda pem: pem[: pem.index(b"-----BEGIN CERTIFICATE")],
    lambda pem: pem + b"\xff",
    lambda pem: pem.replace(b"-----END CERTIFICATE", b"AAAA\n-----END CERTIFICATE"),
    encrypted,
]


@pytest.mark.parametrize(
    "damage", DAMAGES, ids=["empty", "noise", "half", "no key", "no certificate", "tail", "more", "encrypted"]
)
def test_damaged(damage: Callable[[bytes], bytes]) -> None:
    """A file that can't be used raises with its path and a hint, and stays as it is."""
    load_or_create_certificate()
    damaged = damage(path().read_bytes())
    path().write_bytes(damaged)
    with pytest.raises(CorruptFile) as error:
        load_or_create_certificate()
    assert error.value.path == path()
    assert str(path()) in str(error.value)
    assert "Move the file away" in error.value.hint
    assert path().read_bytes() == damaged


def test_a_key_of_another_certificate() -> None:
    """A key that does not belong to the certificate is damage."""
    load_or_create_certificate()
    first = path().read_bytes()
    path().unlink()
    load_or_create_certificate()
    second = path().read_bytes()
    cut = b"-----BEGIN CERTIFICATE"
    path().write_bytes(first[: first.index(cut)] + second[second.index(cut) :])
    with pytest.raises(CorruptFile):
        load_or_create_certificate()


def test_only_tls_1_3() -> None:
    """Both contexts reject older versions, and neither asks a CA."""
    for context in (client_context(), load_or_create_certificate().context):
        assert context.minimum_version is ssl.TLSVersion.TLSv1_3
        assert context.verify_mode is ssl.CERT_NONE
    assert not client_context().check_hostname
