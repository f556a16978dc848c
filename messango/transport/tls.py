"""What a connection does to bytes before they meet the socket: TLS 1.3, or nothing.

A channel has no socket, no thread and no lock: bytes from the wire go in by `feed`, bytes for the wire
come out by `encrypt` and `pending_output`. Its connection sees to it that one thread at a time is inside
(two threads
in one TLS object corrupt it: python/cpython#137583, openssl/openssl#20622).
"""

from __future__ import annotations

import hashlib
import ssl
import sys
from typing import Protocol

from messango.errors import ConnectionLost, RemoteProtocolError

#: OpenSSL gives at most one record, 16 KiB, for one read.
_RECORD_BYTES = 16_384

#: What is encrypted at once: four full records. OpenSSL's buffer grows to hold it, and keeps that size for
#: as long as the connection lasts.
_MAX_CHUNK_BYTES = 65_536


class RecordLayer(Protocol):
    """Bytes in, bytes out."""

    encrypted: bool
    eof_received: bool
    #: So much may be sealed at once.
    max_chunk_bytes: int

    def do_handshake(self) -> bool:
        """Take the handshake as far as it goes; true when it is done."""

    def feed(self, wire: bytes) -> None:
        """Take in what the socket gave."""

    def read(self) -> bytes:
        """Return all that the peer has said so far, or nothing."""

    def encrypt(self, data: bytes) -> bytes:
        """Return what the socket is to be given for what is to be said."""

    def pending_output(self) -> bytes:
        """Return what the socket is to be given besides, or nothing."""

    def close_notify(self) -> None:
        """Say that nothing follows."""

    def peer_fingerprint(self) -> str | None:
        """Return the SHA-256 of the peer's certificate as hex, where it showed one."""


class PlainRecordLayer:
    """No encryption, for peers that the host has let in on purpose."""

    encrypted = False
    max_chunk_bytes = sys.maxsize

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
        """TCP's own end is enough."""

    def peer_fingerprint(self) -> str | None:
        return None


class TlsRecordLayer:
    """TLS over two memory buffers, so that no system call is made inside OpenSSL."""

    encrypted = True
    max_chunk_bytes = _MAX_CHUNK_BYTES

    def __init__(self, context: ssl.SSLContext, *, server_side: bool) -> None:
        self.eof_received = False
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._received: list[bytes] = []
        #: From then on every read tells of it.
        self._corrupted = False
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)

    def do_handshake(self) -> bool:
        """Raise `RemoteProtocolError` where the peer speaks no TLS that we accept."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            raise RemoteProtocolError(
                f"No encrypted connection came about ({error.reason or 'TLS failed'}).",
                "Is it a Messango room that listens there?",
            ) from error
        return True

    def feed(self, wire: bytes) -> None:
        self._incoming.write(wire)

    def read(self) -> bytes:
        """Raise `ConnectionLost` for records that were tampered with, once all before them is read."""
        try:
            self._decrypt()
        except ssl.SSLError as error:
            if not self._received:
                raise ConnectionLost("The encrypted connection is damaged.", "It is made anew.") from error
        received, self._received = self._received, []
        return received[0] if len(received) == 1 else b"".join(received)

    def _decrypt(self) -> None:
        try:
            # To ask where there is nothing would raise, and cost more than to read a short record.
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
            raise ConnectionLost("The encrypted connection has ended.", "It is made anew.") from error
        # What the channel has to say itself may stand before it.
        return self._outgoing.read()

    def pending_output(self) -> bytes:
        return self._outgoing.read() if self._outgoing.pending else b""

    def close_notify(self) -> None:
        # unwrap() writes our close_notify, then wants the peer's, which we do not wait for. It takes anything
        # else that has come for a fault, after which nothing can be read: so that is read first.
        try:
            self._decrypt()
            self._tls.unwrap()
        except (ssl.SSLError, OSError, ValueError):
            return

    def peer_fingerprint(self) -> str | None:
        certificate = self._tls.getpeercert(binary_form=True)
        return hashlib.sha256(certificate).hexdigest() if certificate else None
