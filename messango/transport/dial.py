"""Reaches a peer by whichever of its addresses answers first (the idea of RFC 8305)."""

from __future__ import annotations

import contextlib
import itertools
import os
import selectors
import socket
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from messango.errors import MessangoError, Unreachable
from messango.transport.addresses import Address
from messango.transport.certificate import client_context
from messango.transport.channel import TlsChannel
from messango.transport.connection import Connection
from messango.transport.flusher import Flusher

#: The next address is tried this long after the one before (RFC 8305, section 5, recommends 250 ms).
STAGGER_S: Final = 0.25

CONNECT_TIMEOUT_S: Final = 8.0


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
    addresses: Sequence[Address], *, timeout_s: float = CONNECT_TIMEOUT_S, flusher: Flusher | None = None
) -> Dialled:
    """Connect to the first address that answers, TLS included; raises `Unreachable` or `PeerProblem`."""
    deadline = time.monotonic() + timeout_s
    candidates, failures = _resolve(addresses)
    while candidates:
        won = _Race(candidates, deadline, failures).run()
        if won is None:
            break
        candidate, sock, ping_ms = won
        candidates.remove(candidate)
        connection = Connection(sock, TlsChannel(client_context(), server_side=False), flusher)
        try:
            connection.shake_hands(deadline - time.monotonic())
        except (MessangoError, TimeoutError) as error:
            # Something else listens there: another of the addresses may be the room's.
            connection.close()
            failures.append(error)
        else:
            return Dialled(connection, candidate.address, ping_ms)
    raise _unreachable(addresses, failures)


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


class _Race:
    """Connects to all candidates, each started a little after the one before or as soon as that failed."""

    def __init__(self, candidates: list[_Candidate], deadline: float, failures: list[Exception]) -> None:
        self._waiting = list(reversed(candidates))
        self._deadline = deadline
        self._failures = failures
        self._next_start = 0.0

    def run(self) -> tuple[_Candidate, socket.socket, float] | None:
        """Return the winner with its round trip in milliseconds, or None."""
        with selectors.DefaultSelector() as selector:
            try:
                return self._run(selector)
            finally:
                for key in list(selector.get_map().values()):
                    key.fileobj.close()  # type: ignore[union-attr] # only sockets are registered

    def _run(self, selector: selectors.BaseSelector) -> tuple[_Candidate, socket.socket, float] | None:
        while (now := time.monotonic()) < self._deadline and (self._waiting or selector.get_map()):
            if self._waiting and (now >= self._next_start or not selector.get_map()):
                self._start(selector, self._waiting.pop(), now)
                continue
            until = min(self._deadline, self._next_start) if self._waiting else self._deadline
            for key, _ in selector.select(until - now):
                sock, (candidate, started) = key.fileobj, key.data
                assert isinstance(sock, socket.socket)  # noqa: S101 (tells the type checker)
                selector.unregister(sock)
                if self._connected(sock):
                    return candidate, sock, (time.monotonic() - started) * 1000
        return None

    def _start(self, selector: selectors.BaseSelector, candidate: _Candidate, now: float) -> None:
        self._next_start = now + STAGGER_S
        try:
            sock = socket.socket(candidate.family, socket.SOCK_STREAM)
        except OSError as error:
            self._failures.append(error)
            return
        sock.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            try:
                sock.connect(candidate.sockaddr)
            except BlockingIOError:
                raise
            except OSError as error:
                self._failures.append(error)
                self._next_start = now
                sock.close()
                return
        selector.register(sock, selectors.EVENT_WRITE, (candidate, now))

    def _connected(self, sock: socket.socket) -> bool:
        code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code == 0:
            tune(sock)
            return True
        sock.close()
        self._failures.append(OSError(code, os.strerror(code)))
        self._next_start = 0.0
        return False


def tune(sock: socket.socket) -> None:
    """Send small frames at once, and have the system notice a dead link where it can (Linux has both)."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _UNACKNOWLEDGED_MS)


#: Sent bytes that nobody acknowledges for so long mean a dead link: as long as our own silence limit.
_UNACKNOWLEDGED_MS: Final = 12_000
