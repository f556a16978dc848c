"""The server's certificate: created once, stored in the home folder, readable by its owner only."""

from __future__ import annotations

import datetime
import hashlib
import secrets
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.errors import CorruptFile, StorageUnavailable
from messango.protocol.alpn import FILE_PROTOCOL, FRAME_PROTOCOL, HTTP_PROTOCOL
from messango.storage import home, write_private

FILE_NAME: Final = "certificate.pem"

_COMMON_NAME: Final = "messango"

#: From long ago until RFC 5280's "no well-defined expiration date" (section 4.1.2.5). Clients check the
#: fingerprint, not the dates: a wrong clock on a site without internet must not keep members out.
_NOT_BEFORE: Final = datetime.datetime(2000, 1, 1, tzinfo=datetime.timezone.utc)
_NOT_AFTER: Final = datetime.datetime(9999, 12, 31, 23, 59, 59, tzinfo=datetime.timezone.utc)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS context with the certificate loaded, and its SHA-256 as 64 hex digits."""

    context: ssl.SSLContext
    fingerprint: str


def load_or_create_certificate(path: Path | None = None) -> Certificate:
    """Return the certificate in this file (None: the home folder's own), created if there was none.

    Raises `CorruptFile` or `StorageUnavailable`.
    """
    path = path or home() / FILE_NAME
    try:
        if not path.exists():
            _write(path, _generate())
    except OSError as error:
        raise StorageUnavailable(path.parent, error.strerror or str(error)) from error
    try:
        return _load(path)
    except CorruptFile:
        # Without hard links, another process on its first start replaces the file, perhaps between the two
        # reads of OpenSSL: one for the certificate, one for the key.
        return _load(path)


def _write(path: Path, pem: bytes) -> None:
    """Create the file in one step, unless another of our processes did first: then we use its certificate."""
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
    # Clients never resume a session, and each ticket would add 250 bytes to the first read.
    context.num_tickets = 0
    # A client that offers none of these, or no protocol at all, speaks frames.
    # A browser is answered also where guests are not admitted: with the reason.
    context.set_alpn_protocols([FRAME_PROTOCOL, FILE_PROTOCOL, HTTP_PROTOCOL])
    try:
        # Without a password, OpenSSL would prompt in the terminal for an encrypted key's.
        context.load_cert_chain(path, password="")
        pem = path.read_text("ascii")
        start = pem.index("-----BEGIN CERTIFICATE-----")
        certificate = ssl.PEM_cert_to_DER_cert(pem[start:].strip())
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        raise CorruptFile(
            path,
            "The room's certificate",
            "Move the file away and start again: Messango creates a new one. Members who know the old "
            "fingerprint will see a warning, so tell them.",
        ) from error
    return Certificate(context, hashlib.sha256(certificate).hexdigest())


def _generate() -> bytes:
    # Imported here because only the very first start needs it, and the import is slow.
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, _COMMON_NAME)])
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


def client_context(alpn_protocol: str = FRAME_PROTOCOL) -> ssl.SSLContext:
    """Return a client's context: TLS 1.3 without a CA, because the client checks the fingerprint itself.

    `alpn_protocol` is what the client wants to speak (RFC 7301).
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols([alpn_protocol])
    return context


def looks_like_ours(certificate: bytes | None) -> bool:
    """Return whether a certificate (DER) seems to be one that Messango made. It proves nothing."""
    return certificate is not None and _COMMON_NAME.encode() in certificate
