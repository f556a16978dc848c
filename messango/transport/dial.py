"""Reaches a peer by whichever of its addresses answers first (the idea of RFC 8305)."""

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

from messango.errors import FingerprintMismatch, MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.certificate import client_context
from messango.transport.connection import Connection
from messango.transport.tls import TlsChannel
from messango.transport.writer import Flusher

#: The next address is tried this long after the one before (RFC 8305, section 5, recommends 250 ms).
STAGGER_S: Final = 0.25

CONNECT_TIMEOUT_S: Final = 8.0

#: How often it is asked whether somebody still waits for this: soon enough for a person who leaves.
_GIVEN_UP_EVERY_S: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Candidate:
    """One resolved address of a peer; `sockaddr` is as the socket module wants it."""

    address: Address
    family: int
    sockaddr: Any


@dataclass(frozen=True, slots=True)
class Dialled:
    """A connection, the address that answered, and the round trip of its TCP connect in milliseconds."""

    connection: Connection
    address: Address
    ping_ms: float


def dial(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None = None,
    timeout_s: float = CONNECT_TIMEOUT_S,
    flusher: Flusher | None = None,
    given_up: Callable[[], bool] = lambda: False,
) -> Dialled:
    """Connect to the first address that answers, TLS included; raises `Unreachable` or `RemoteProtocolError`.

    With a `fingerprint`, a room that shows another is none; raises `FingerprintMismatch` where there is
    no other. `given_up` is asked a few times a second; where it is true, it is as if the time were up.
    """
    deadline = time.monotonic() + timeout_s
    candidates, failures = _resolve(addresses)
    won = _Race(candidates, deadline, failures, fingerprint, flusher, given_up).run()
    if won is None:
        raise _unreachable(addresses, failures)
    return won


def _resolve(addresses: Sequence[Address]) -> tuple[list[_Candidate], list[Exception]]:
    found: list[list[_Candidate]] = []
    failures: list[Exception] = []
    for address in addresses:
        try:
            infos = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            failures.append(error)
            continue
        found.append([_Candidate(address, info[0], info[4]) for info in infos])
    return list(dict.fromkeys(_interleaved(found))), failures


def _interleaved(found: list[list[_Candidate]]) -> Iterator[_Candidate]:
    """Take the first of each, then the second of each: one dead network must not come first thrice."""
    for row in itertools.zip_longest(*found):
        yield from (candidate for candidate in row if candidate is not None)


def _unreachable(addresses: Sequence[Address], failures: list[Exception]) -> MessangoError:
    told = [error for error in failures if isinstance(error, MessangoError)]
    if told:
        return told[-1]
    where = ", ".join(map(str, addresses[:3])) or "no address"
    reason = next(
        (error.strerror for error in failures if isinstance(error, OSError) and error.strerror), None
    )
    return Unreachable(
        f"Nobody answers at {where} ({reason or 'no answer in time'}).",
        "Is the server running, and are both machines on one network? `messango doctor` looks for the cause.",
    )


@dataclass(slots=True)
class _Attempt:
    """A candidate on its way: TCP first, then, with a connection, TLS."""

    candidate: _Candidate
    sock: socket.socket
    started_s: float
    ping_ms: float = 0.0
    connection: Connection | None = None

    def give_up(self) -> None:
        if self.connection is not None:
            self.connection.close()
        else:
            self.sock.close()


class _Race:
    """Connects to all candidates, each started a little after the one before or as soon as that failed.

    Who has shaken hands first wins, not who merely took the connection: a stuck server does that too.
    """

    def __init__(
        self,
        candidates: list[_Candidate],
        deadline: float,
        failures: list[Exception],
        fingerprint: str | None,
        flusher: Flusher | None,
        given_up: Callable[[], bool],
    ) -> None:
        self._waiting = list(reversed(candidates))
        self._deadline = deadline
        self._failures = failures
        self._fingerprint = fingerprint
        self._flusher = flusher
        self._given_up = given_up
        self._context = client_context()
        self._next_start = 0.0
        self._selector = selectors.DefaultSelector()

    def run(self) -> Dialled | None:
        """Return the winner, or None; once."""
        with self._selector:
            try:
                return self._run()
            finally:
                for key in list(self._selector.get_map().values()):
                    key.data.give_up()

    def _run(self) -> Dialled | None:
        under_way = self._selector.get_map()
        while (now := time.monotonic()) < self._deadline and (self._waiting or under_way):
            if self._given_up():
                return None
            if self._waiting and (now >= self._next_start or not under_way):
                self._start(self._waiting.pop(), now)
                continue
            until = min(self._deadline, self._next_start) if self._waiting else self._deadline
            for key, _ in self._selector.select(min(until - now, _GIVEN_UP_EVERY_S)):
                if won := self._advance(key.data):
                    return won
        return None

    def _start(self, candidate: _Candidate, now: float) -> None:
        self._next_start = now + STAGGER_S
        try:
            sock = socket.socket(candidate.family, socket.SOCK_STREAM)
        except OSError as error:
            self._failures.append(error)
            return
        sock.setblocking(False)
        try:
            sock.connect(candidate.sockaddr)
        except BlockingIOError:
            pass  # It goes on in the background.
        except OSError as error:
            sock.close()
            self._failures.append(error)
            self._next_start = now
            return
        self._selector.register(sock, selectors.EVENT_WRITE, _Attempt(candidate, sock, now))

    def _advance(self, attempt: _Attempt) -> Dialled | None:
        connection = attempt.connection or self._connected(attempt)
        if connection is None:
            return None
        try:
            connection.shake_hands(0.0)
            self._check(attempt.candidate.address, connection)
        except TimeoutError:
            return None  # The peer has yet to say more.
        except MessangoError as error:
            # Something else listens there: another of the addresses may be the room's.
            self._fail(attempt, error)
            return None
        self._selector.unregister(attempt.sock)
        return Dialled(connection, attempt.candidate.address, attempt.ping_ms)

    def _check(self, address: Address, connection: Connection) -> None:
        """Raise `FingerprintMismatch` for a room that is not the one that is wanted."""
        if self._fingerprint and connection.fingerprint != self._fingerprint:
            raise FingerprintMismatch(str(address), self._fingerprint, connection.fingerprint or "none")

    def _connected(self, attempt: _Attempt) -> Connection | None:
        if code := attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            self._fail(attempt, OSError(code, _words(code)))
            return None
        attempt.ping_ms = (time.monotonic() - attempt.started_s) * 1000
        tune(attempt.sock)
        channel = TlsChannel(self._context, server_side=False)
        attempt.connection = Connection(attempt.sock, channel, self._flusher)
        self._selector.modify(attempt.sock, selectors.EVENT_READ, attempt)
        return attempt.connection

    def _fail(self, attempt: _Attempt, error: Exception) -> None:
        self._selector.unregister(attempt.sock)
        attempt.give_up()
        self._failures.append(error)
        self._next_start = 0.0


def _words(code: int) -> str:
    """Return the system's words for a socket's error; Windows keeps those apart from the C library's."""
    table: dict[int, str] = getattr(socket, "errorTab", {})
    return table.get(code) or os.strerror(code)


def tune(sock: socket.socket) -> None:
    """Send small frames at once, and have the system notice a dead link where it can (Linux has both)."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


#: Sent bytes that nobody acknowledges for so long mean a dead link: as long as our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000
