"""What a connection does to bytes before they meet the socket: TLS 1.3, or nothing.

A channel has no socket, no thread and no lock: bytes from the wire go in by `feed`, bytes for the wire
come out by `seal` and `take`. Its connection sees to it that one thread at a time is inside (two threads
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
_PIECE_BYTES = 65_536


class Channel(Protocol):
    """Bytes in, bytes out."""

    encrypted: bool
    ended: bool
    #: So much may be sealed at once.
    piece_bytes: int

    def shake_hands(self) -> bool:
        """Take the handshake as far as it goes; true when it is done."""

    def feed(self, wire: bytes) -> None:
        """Take in what the socket gave."""

    def read(self) -> bytes:
        """Return all that the peer has said so far, or nothing."""

    def seal(self, data: bytes) -> bytes:
        """Return what the socket is to be given for what is to be said."""

    def take(self) -> bytes:
        """Return what the socket is to be given besides, or nothing."""

    def end(self) -> None:
        """Say that nothing follows."""

    def peer_fingerprint(self) -> str | None:
        """Return the SHA-256 of the peer's certificate as hex, where it showed one."""


class PlainChannel:
    """No encryption, for peers that the host has let in on purpose."""

    encrypted = False
    piece_bytes = sys.maxsize

    def __init__(self) -> None:
        self.ended = False
        self._heard: list[bytes] = []

    def shake_hands(self) -> bool:
        return True

    def feed(self, wire: bytes) -> None:
        self._heard.append(wire)

    def read(self) -> bytes:
        heard, self._heard = self._heard, []
        return b"".join(heard)

    def seal(self, data: bytes) -> bytes:
        return data

    def take(self) -> bytes:
        return b""

    def end(self) -> None:
        """TCP's own end is enough."""

    def peer_fingerprint(self) -> str | None:
        return None


class TlsChannel:
    """TLS over two memory buffers, so that no system call is made inside OpenSSL."""

    encrypted = True
    piece_bytes = _PIECE_BYTES

    def __init__(self, context: ssl.SSLContext, *, server_side: bool) -> None:
        self.ended = False
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._heard: list[bytes] = []
        #: From then on every read tells of it.
        self._damaged = False
        self._tls = context.wrap_bio(self._incoming, self._outgoing, server_side=server_side)

    def shake_hands(self) -> bool:
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
            if not self._heard:
                raise ConnectionLost("The encrypted connection is damaged.", "It is made anew.") from error
        heard, self._heard = self._heard, []
        return heard[0] if len(heard) == 1 else b"".join(heard)

    def _decrypt(self) -> None:
        try:
            # To ask where there is nothing would raise, and cost more than to read a short record.
            while self._incoming.pending or self._tls.pending() or self._damaged:
                piece = self._tls.read(_RECORD_BYTES)
                if not piece:
                    self.ended = True
                    return
                self._heard.append(piece)
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLZeroReturnError:
            self.ended = True
        except ssl.SSLError:
            self._damaged = True
            raise

    def seal(self, data: bytes) -> bytes:
        """Raise `ConnectionLost` after the end."""
        try:
            self._tls.write(data)
        except ssl.SSLError as error:
            raise ConnectionLost("The encrypted connection has ended.", "It is made anew.") from error
        # What the channel has to say itself may stand before it.
        return self._outgoing.read()

    def take(self) -> bytes:
        return self._outgoing.read() if self._outgoing.pending else b""

    def end(self) -> None:
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
