"""One attempt to connect to an address of a peer: what it is, and what came of it."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Any

from messango.errors import ConnectionLost, MessangoError
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing import dial_evidence
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.identity.identity_errors import FingerprintMismatch


@dataclass(frozen=True, slots=True)
class Candidate:
    """One resolved address of a peer; `sockaddr` is in the form of the socket module."""

    address: Address
    family: int
    sockaddr: Any

    @property
    def ip(self) -> str:
        """The numeric address, with its scope."""
        host: str = self.sockaddr[0]
        scope = self.address.host.partition("%")[2]
        return f"{host}%{scope}" if scope and "%" not in host else host

    def failed(
        self, kind: FailureKind, seconds: float, *, peer: str = "", system_error: str = ""
    ) -> DialAttempt:
        """Return this candidate as an attempt that failed."""
        address = self.address
        name = "" if address.host.partition("%")[0] == self.ip.partition("%")[0] else address.host
        return DialAttempt(Address(self.ip, address.port), kind, seconds, name, peer, system_error)


@dataclass(frozen=True, slots=True)
class DialResult:
    """A connection, the address that answered, and how many milliseconds its TCP connect took."""

    connection: Connection
    address: Address
    ping_ms: float


@dataclass(slots=True)
class Attempt:
    """One attempt to connect: first TCP, then TLS on `connection`.

    A `repeated` one is a further one to the same address: only its success counts.
    """

    candidate: Candidate
    sock: socket.socket
    started_s: float
    repeated: bool = False
    small_packets: bool = False
    ping_ms: float = 0.0
    connected_s: float = 0.0
    connection: Connection | None = None
    #: Whether the second attempt was started, and whether the last word was said.
    has_twin: bool = False
    asked_again: bool = False

    @property
    def is_silent(self) -> bool:
        """Whether the peer has accepted, and sent nothing yet."""
        return self.connection is not None and not self.first_bytes

    @property
    def first_bytes(self) -> bytes:
        """What the peer sent first, or nothing yet."""
        return self.connection.first_bytes if self.connection is not None else b""

    def cancel(self) -> None:
        """Close what was opened."""
        if self.connection is not None:
            self.connection.close()
        else:
            self.sock.close()

    def out_of_time(self, now: float, blocked_before: int) -> DialAttempt:
        """Return why nothing came of it when the time was up."""
        if self.connection is None:
            seconds = now - self.started_s
            kind = dial_evidence.kind_of_no_answer(self.candidate.ip, blocked_before, seconds)
        elif self.asked_again and self.first_bytes:
            kind = FailureKind.SLOW
        else:
            kind = dial_evidence.kind_of_silence(
                self.sock,
                seconds=now - self.connected_s,
                ping_ms=self.ping_ms,
                any_bytes=bool(self.first_bytes),
            )
        return self.candidate.failed(kind, now - self.started_s)

    def handshake_failed(self, error: MessangoError, now: float) -> DialAttempt:
        """Return why the TLS handshake failed, by what the peer sent and how it ended."""
        seconds = now - self.started_s
        if isinstance(error, FingerprintMismatch):
            return self.candidate.failed(FailureKind.WRONG_CERTIFICATE, seconds)
        if not self.first_bytes:
            was_reset = isinstance(error, ConnectionLost) and isinstance(error.__cause__, OSError)
            kind = FailureKind.RESET if was_reset else FailureKind.CLOSED
            return self.candidate.failed(kind, seconds)
        kind, peer = dial_evidence.kind_of_first_bytes(self.first_bytes)
        return self.candidate.failed(kind, seconds, peer=peer)
