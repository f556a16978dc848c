"""The server's certificate: created once, stored in the home folder, readable by its owner only."""

from __future__ import annotations

import hashlib
import secrets
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.errors import CorruptFile, StorageUnavailable
from messango.protocol.alpn import FILE_PROTOCOL, FRAME_PROTOCOL, HTTP_PROTOCOL
from messango.storage import home, write_private
from messango.transport.identity.new_certificate import COMMON_NAME, generate_certificate

FILE_NAME: Final = "certificate.pem"


@dataclass(frozen=True, slots=True)
class Certificate:
    """A TLS context with the certificate loaded, and its SHA-256 as 64 hex digits."""

    context: ssl.SSLContext
    fingerprint: str


def load_or_create_certificate(
    path: Path | None = None, find_addresses: Callable[[], Sequence[str]] = tuple
) -> Certificate:
    """Return the certificate in this file (None: the home folder's own), created if there was none.

    `find_addresses` is called only for a new one, and returns the addresses that it is for.
    Raises `CorruptFile` or `StorageUnavailable`.
    """
    path = path or home() / FILE_NAME
    try:
        if not path.exists():
            _write(path, generate_certificate(find_addresses()))
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
    return certificate is not None and COMMON_NAME.encode() in certificate
