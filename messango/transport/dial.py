"""Connects to the first address of a peer that answers ("Happy Eyeballs", RFC 8305)."""

from __future__ import annotations

import contextlib
import itertools
import os
import selectors
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from messango.errors import MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.certificate import client_context
from messango.transport.connection import Connection
from messango.transport.dial_pace import DialPace
from messango.transport.identity_errors import FingerprintMismatch
from messango.transport.tls import TlsRecordLayer
from messango.transport.writer import WriterThread

#: Delay between the starts of two attempts (RFC 8305, section 5, recommends 250 ms).
STAGGER_S: Final = 0.25

CONNECT_TIMEOUT_S: Final = 8.0
#: On a slow network that loses packets; the server waits ten seconds for the client of each connection.
CONNECT_PATIENCE_S: Final = 15.0

#: How often `is_cancelled` is called: soon enough for a person who clicks Cancel.
_CANCEL_CHECK_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One resolved address of a peer; `sockaddr` is in the form of the socket module."""

    address: Address
    family: int
    sockaddr: Any


@dataclass(frozen=True, slots=True)
class DialResult:
    """A connection, the address that answered, and how many milliseconds its TCP connect took."""

    connection: Connection
    address: Address
    ping_ms: float


def dial(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None = None,
    timeout_s: float = CONNECT_TIMEOUT_S,
    patience_s: float = CONNECT_PATIENCE_S,
    writer: WriterThread | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> DialResult:
    """Connect to the first address that answers, TLS included; raises `Unreachable` or `RemoteProtocolError`.

    Gives up after `timeout_s`, or after `patience_s` if TCP has connected and that took long (`dial_pace`).
    With a `fingerprint`, peers with another one are skipped; raises `FingerprintMismatch` if no peer has it.
    `is_cancelled` is called a few times a second; once it returns true, the time is up.
    """
    pace: DialPace[_Candidate] = DialPace(time.monotonic(), timeout_s, patience_s)
    candidates, failures = _resolve(addresses)
    winner = _HappyEyeballs(candidates, pace, failures, fingerprint, writer, is_cancelled).run()
    if winner is None:
        raise _unreachable(addresses, failures)
    return winner


def _resolve(addresses: Sequence[Address]) -> tuple[list[_Candidate], list[Exception]]:
    found: list[list[_Candidate]] = []
    failures: list[Exception] = []
    for address in addresses:
        try:
            infos = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, LookupError) as error:
            # LookupError: no descriptor is left to load the codec of host names.
            failures.append(error)
            continue
        found.append([_Candidate(address, info[0], info[4]) for info in infos])
    return list(dict.fromkeys(_interleave(found))), failures


def _interleave(found: list[list[_Candidate]]) -> Iterator[_Candidate]:
    """Yield the first of each, then the second of each, so that one dead network does not come first."""
    for row in itertools.zip_longest(*found):
        yield from (candidate for candidate in row if candidate is not None)


def _unreachable(addresses: Sequence[Address], failures: list[Exception]) -> MessangoError:
    specific = [error for error in failures if isinstance(error, MessangoError)]
    if specific:
        return specific[-1]
    where = ", ".join(map(str, addresses[:3])) or "no address"
    reason = next(
        (error.strerror for error in failures if isinstance(error, OSError) and error.strerror), None
    )
    return Unreachable(
        f"Nobody answers at {where} ({reason or 'no answer in time'}).",
        "Is the server running, and are both machines on the same network? Run `messango doctor` to find the "
        "cause.",
    )


@dataclass(slots=True)
class _Attempt:
    """One attempt to connect: first TCP, then TLS on `connection`."""

    candidate: _Candidate
    sock: socket.socket
    started_s: float
    ping_ms: float = 0.0
    connection: Connection | None = None

    def cancel(self) -> None:
        if self.connection is not None:
            self.connection.close()
        else:
            self.sock.close()


class _HappyEyeballs:
    """Tries all candidates, each started a little after the one before, or as soon as that one failed.

    The first completed TLS handshake wins: a stuck server accepts TCP connections too.
    """

    def __init__(
        self,
        candidates: list[_Candidate],
        pace: DialPace[_Candidate],
        failures: list[Exception],
        fingerprint: str | None,
        writer: WriterThread | None,
        is_cancelled: Callable[[], bool],
    ) -> None:
        self._remaining = list(reversed(candidates))
        self._pace = pace
        self._failures = failures
        self._fingerprint = fingerprint
        self._writer = writer
        self._is_cancelled = is_cancelled
        self._context = client_context()
        self._next_start = 0.0
        self._selector = selectors.DefaultSelector()

    def run(self) -> DialResult | None:
        """Return the winner, or None. Call it once."""
        with self._selector:
            try:
                return self._run()
            finally:
                for key in list(self._selector.get_map().values()):
                    key.data.cancel()

    def _run(self) -> DialResult | None:
        in_progress = self._selector.get_map()
        while (now := time.monotonic()) < self._pace.deadline and (self._remaining or in_progress):
            if self._is_cancelled():
                return None
            if self._remaining and (now >= self._next_start or not in_progress):
                self._start(self._remaining.pop(), now)
                continue
            if (again := self._pace.take_repeat(now)) is not None:
                self._start(again, now)
                continue
            until = min(self._pace.deadline, self._pace.next_repeat_s())
            if self._remaining:
                until = min(until, self._next_start)
            for key, _ in self._selector.select(min(until - now, _CANCEL_CHECK_S)):
                if winner := self._advance(key.data):
                    return winner
        return None

    def _start(self, candidate: _Candidate, now: float) -> None:
        self._next_start = now + STAGGER_S
        self._pace.started(candidate, now)
        try:
            sock = socket.socket(candidate.family, socket.SOCK_STREAM)
        except OSError as error:
            self._pace.failed(candidate)
            self._failures.append(error)
            return
        sock.setblocking(False)
        try:
            sock.connect(candidate.sockaddr)
        except BlockingIOError:
            pass  # The system connects in the background.
        except OSError as error:
            sock.close()
            self._pace.failed(candidate)
            self._failures.append(error)
            self._next_start = now
            return
        self._selector.register(sock, selectors.EVENT_WRITE, _Attempt(candidate, sock, now))

    def _advance(self, attempt: _Attempt) -> DialResult | None:
        connection = attempt.connection or self._on_tcp_connected(attempt)
        if connection is None:
            return None
        try:
            connection.do_handshake(0.0)
            self._check_fingerprint(attempt.candidate.address, connection)
        except TimeoutError:
            return None  # The handshake needs more from the peer.
        except MessangoError as error:
            # Another program listens there, and another address may lead to the room.
            self._fail(attempt, error)
            return None
        self._selector.unregister(attempt.sock)
        return DialResult(connection, attempt.candidate.address, attempt.ping_ms)

    def _check_fingerprint(self, address: Address, connection: Connection) -> None:
        """Raise `FingerprintMismatch` if the peer's certificate is not the expected one."""
        if self._fingerprint and connection.fingerprint != self._fingerprint:
            raise FingerprintMismatch(str(address), self._fingerprint, connection.fingerprint or "none")

    def _on_tcp_connected(self, attempt: _Attempt) -> Connection | None:
        if code := attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._fail(attempt, OSError(code, _error_text(code)))
            return None
        now = time.monotonic()
        attempt.ping_ms = (now - attempt.started_s) * 1000
        self._pace.connected(attempt.candidate, now - attempt.started_s, now)
        set_socket_options(attempt.sock)
        record_layer = TlsRecordLayer(self._context, server_side=False)
        attempt.connection = Connection(attempt.sock, record_layer, self._writer)
        self._selector.modify(attempt.sock, selectors.EVENT_READ, attempt)
        return attempt.connection

    def _fail(self, attempt: _Attempt, error: Exception) -> None:
        self._selector.unregister(attempt.sock)
        attempt.cancel()
        self._pace.failed(attempt.candidate)
        self._failures.append(error)
        self._next_start = 0.0


def _error_text(code: int) -> str:
    """Return the system's text for a socket error; Windows has a table of its own for these."""
    table: dict[int, str] = getattr(socket, "errorTab", {})
    return table.get(code) or os.strerror(code)


def set_socket_options(sock: socket.socket) -> None:
    """Send small frames at once, and make the system detect a dead connection as far as it can."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


#: A connection whose bytes stay unacknowledged this long is treated as dead, as with our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000
