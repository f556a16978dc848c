"""The layer between a connection and its socket: TLS 1.3, or plaintext.

A record layer has no socket, no thread and no lock: bytes from the socket go in by `feed`, bytes for the
socket come out of `encrypt` and `pending_output`. The connection admits one thread at a time, because two
threads in one TLS object corrupt it (python/cpython#137583, openssl/openssl#20622).
"""

from __future__ import annotations

import hashlib
import ssl
import sys
from typing import Final, Protocol

from messango.errors import ConnectionLost, RemoteProtocolError

#: OpenSSL returns at most one record, 16 KiB, per read.
_RECORD_BYTES = 16_384

#: Largest number of bytes to encrypt in one call: four full records. OpenSSL's buffer grows to this size and
#: keeps it as long as the connection lasts.
_MAX_CHUNK_BYTES = 65_536

#: Enough of a peer's first bytes to recognise its protocol.
_FIRST_BYTES = 128

#: What a peer says that can't verify our certificate (RFC 8446, section 6.2), in OpenSSL's words.
_CERTIFICATE_ALERTS: Final = {
    "SSLV3_ALERT_BAD_CERTIFICATE",
    "SSLV3_ALERT_CERTIFICATE_EXPIRED",
    "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
    "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
    "TLSV1_ALERT_UNKNOWN_CA",
}


class RecordLayer(Protocol):
    """Bytes in, bytes out."""

    encrypted: bool
    eof_received: bool
    #: Largest number of bytes to encrypt in one call.
    max_chunk_bytes: int
    #: What the peer sent first: enough to recognise its protocol if the handshake fails.
    first_bytes: bytes

    @property
    def has_output(self) -> bool:
        """Whether `pending_output` would return something."""

    def do_handshake(self) -> bool:
        """Continue the handshake with the bytes received so far; true when it is done."""

    def feed(self, wire: bytes) -> None:
        """Add bytes that came from the socket."""

    def read(self) -> bytes:
        """Return all decrypted bytes so far, or none."""

    def encrypt(self, data: bytes) -> bytes:
        """Return the bytes to write to the socket for `data`."""

    def pending_output(self) -> bytes:
        """Return the layer's own bytes to write to the socket (handshake, alerts), or none."""

    def close_notify(self) -> None:
        """Announce the end of the stream."""

    def alpn_protocol(self) -> str | None:
        """Return the protocol that both ends agreed on by ALPN (RFC 7301), after the handshake; or None."""

    def peer_certificate(self) -> bytes | None:
        """Return the peer's certificate (DER), or None if it sent none."""

    def peer_fingerprint(self) -> str | None:
        """Return the SHA-256 of the peer's certificate in hex, or None if it sent none."""


class PlainRecordLayer:
    """No encryption, for peers that the host allows with `--allow-plaintext`."""

    encrypted = False
    max_chunk_bytes = sys.maxsize
    has_output = False
    first_bytes = b""

    def __init__(self) -> None:
        self.eof_received = False
        self._received: list[bytes] = []

    def do_handshake(self) -> bool:
        return True

    def feed(self, wire: bytes) -> None:
        self._received.append(wire)

    def read(self) -> bytes:
        received, self._received = self._received, []
        return b"".join(received)

    def encrypt(self, data: bytes) -> bytes:
        return data

    def pending_output(self) -> bytes:
        return b""

    def close_notify(self) -> None:
        """Do nothing: the end of the TCP stream is enough."""

    def alpn_protocol(self) -> str | None:
        return None

    def peer_certificate(self) -> bytes | None:
        return None

    def peer_fingerprint(self) -> str | None:
        return None


class TlsRecordLayer:
    """TLS over two memory buffers, so that OpenSSL makes no system calls."""

    encrypted = True
    max_chunk_bytes = _MAX_CHUNK_BYTES

    def __init__(self, context: ssl.SSLContext, *, server_side: bool) -> None:
        self.eof_received = False
        self.first_bytes = b""
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._received: list[bytes] = []
        #: Once set, every read raises.
        self._corrupted = False
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)

    @property
    def has_output(self) -> bool:
        return bool(self._outgoing.pending)

    def do_handshake(self) -> bool:
        """Raise `RemoteProtocolError` if the peer does not use a TLS that we accept.

        Raise `ConnectionLost` if it does not accept our certificate: each browser does so at first, and asks
        its user.
        """
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            if error.reason in _CERTIFICATE_ALERTS:
                raise ConnectionLost(
                    "The other side does not accept our certificate.", "Accept it in the browser."
                ) from error
            raise RemoteProtocolError(
                f"The encrypted connection could not be set up ({error.reason or 'TLS failed'}).",
                "Is a Messango room listening there?",
            ) from error
        return True

    def feed(self, wire: bytes) -> None:
        if not self.first_bytes:
            self.first_bytes = wire[:_FIRST_BYTES]
        self._incoming.write(wire)

    def read(self) -> bytes:
        """Raise `ConnectionLost` for damaged records, after the good ones before them were returned."""
        try:
            self._decrypt()
        except ssl.SSLError as error:
            if not self._received:
                raise ConnectionLost("The encrypted connection is damaged.", "Reconnecting…") from error
        received, self._received = self._received, []
        return received[0] if len(received) == 1 else b"".join(received)

    def _decrypt(self) -> None:
        try:
            # Reading with nothing pending raises, which costs more than reading a short record.
            while self._incoming.pending or self._tls.pending() or self._corrupted:
                chunk = self._tls.read(_RECORD_BYTES)
                if not chunk:
                    self.eof_received = True
                    return
                self._received.append(chunk)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.eof_received = True
        except ssl.SSLError:
            self._corrupted = True
            raise

    def encrypt(self, data: bytes) -> bytes:
        """Raise `ConnectionLost` after the end."""
        try:
            self._tls.write(data)
        except ssl.SSLError as error:
            raise ConnectionLost("The encrypted connection has ended.", "Reconnecting…") from error
        # TLS's own records may come first.
        return self._outgoing.read()

    def pending_output(self) -> bytes:
        return self._outgoing.read() if self._outgoing.pending else b""

    def close_notify(self) -> None:
        # unwrap() writes our close_notify and then expects the peer's, which we do not wait for. It treats
        # any other record as an error, after which nothing can be read: so read those first.
        try:
            self._decrypt()
            self._tls.unwrap()
        except (ssl.SSLError, OSError, ValueError):
            return

    def alpn_protocol(self) -> str | None:
        return self._tls.selected_alpn_protocol()

    def peer_certificate(self) -> bytes | None:
        return self._tls.getpeercert(binary_form=True)

    def peer_fingerprint(self) -> str | None:
        certificate = self.peer_certificate()
        return hashlib.sha256(certificate).hexdigest() if certificate else None
