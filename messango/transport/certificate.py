"""The server's certificate: made once, kept in the home folder, readable by its owner alone."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.errors import CorruptFile, StorageUnavailable
from messango.storage import home, write_private

FILE_NAME: Final = "certificate.pem"

#: From long ago until RFC 5280's "no well-defined end": nobody checks the dates, the fingerprint is what
#: is known, and a wrong clock on an offline site must not lock anybody out.
_NOT_BEFORE: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
_NOT_AFTER: Final = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS context that shows the certificate, and its SHA-256 as 64 hex digits."""

    context: ssl.SSLContext
    fingerprint: str


def load_or_create_certificate() -> Certificate:
    """Return this machine's certificate, made where there was none.

    Raises `CorruptFile` or `StorageUnavailable`.
    """
    path = home() / FILE_NAME
    try:
        if not path.exists():
            _write(path, _generate())
    except OSError as error:
        raise StorageUnavailable(path.parent, error.strerror or str(error)) from error
    try:
        return _load(path)
    except CorruptFile:
        # Without hard links another first start puts its own there too, perhaps while OpenSSL, which reads
        # the file twice, had the certificate and not yet the key.
        return _load(path)


def _write(path: Path, pem: bytes) -> None:
    """Put the file there whole, unless another process of ours was quicker: then its certificate is ours."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    write_private(temporary, pem)
    try:
        path.hardlink_to(temporary)
    except FileExistsError:
        pass
    except OSError:
        temporary.replace(path)  # This file system has no hard links.
    finally:
        temporary.unlink(missing_ok=True)


def _load(path: Path) -> Certificate:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # No session is ever resumed by a ticket, and each would cost a joiner's first read 250 bytes.
    context.num_tickets = 0
    try:
        # Without a password of ours, OpenSSL would ask in the terminal for that of an encrypted key.
        context.load_cert_chain(path, password="")
        pem = path.read_text("ascii")
        start = pem.index("-----BEGIN CERTIFICATE-----")
        certificate = ssl.PEM_cert_to_DER_cert(pem[start:].strip())
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CorruptFile(
            path,
            "The room's certificate",
            "Move the file away and start again: a new one is made. Members who know the old fingerprint "
            "are warned, so tell them.",
        ) from error
    return Certificate(context, hashlib.sha256(certificate).hexdigest())


def _generate() -> bytes:
    # Imported here since only the very first start needs it, and it takes longer than all the rest.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "messango")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOT_BEFORE)
        .not_valid_after(_NOT_AFTER)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private + certificate.public_bytes(serialization.Encoding.PEM)


def client_context() -> ssl.SSLContext:
    """Return the context of a client: TLS 1.3; whom it talks to is told by the fingerprint, not by a CA."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
