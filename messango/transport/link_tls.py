"""The TLS context with which a server speaks to the engine of its linked room."""

from __future__ import annotations

import os
import ssl
import tempfile
from pathlib import Path
from typing import TypeAlias

#: For parts that use a context without knowing TLS.
TlsContext: TypeAlias = ssl.SSLContext
TlsError: TypeAlias = ssl.SSLError


def link_context(ca: str, certificate: str = "", key: str = "") -> ssl.SSLContext:
    """Return a context that trusts the authority `ca` only, and shows `certificate`; all PEM.

    Raises `ValueError` if one of them is damaged or the key belongs to another certificate, and `OSError`.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    try:
        context.load_verify_locations(cadata=ca)
        if certificate:
            _load_chain(context, certificate, key)
    except ssl.SSLError:
        # Its words are OpenSSL's, for nobody; the file is named by the caller.
        raise ValueError("a certificate or its key is damaged, or they do not belong together") from None
    return context


def _load_chain(context: ssl.SSLContext, certificate: str, key: str) -> None:
    # OpenSSL reads keys from files only. mkstemp makes one for its owner only.
    descriptor, path = tempfile.mkstemp(prefix="messango-link-")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"{certificate}\n{key}\n")
        # Without a password, OpenSSL would prompt in the terminal for an encrypted key's.
        context.load_cert_chain(path, password="")
    finally:
        Path(path).unlink(missing_ok=True)


def is_untrusted(error: BaseException) -> bool:
    """Return whether a handshake failed because the peer's certificate is not the expected one."""
    return isinstance(error, ssl.SSLCertVerificationError)


def is_tls_failure(error: BaseException) -> bool:
    """Return whether the error is one of TLS, such as the peer's refusal of our certificate."""
    return isinstance(error, ssl.SSLError)
