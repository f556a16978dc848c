"""The race of attempts to connect to a peer's addresses ("Happy Eyeballs", RFC 8305)."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import time
from collections.abc import Callable
from typing import Final

from messango.errors import MessangoError
from messango.transport.addresses import Address
from messango.transport.connection import Connection
from messango.transport.dialing import dial_evidence
from messango.transport.dialing.dial_attempt import Attempt, Candidate, DialResult
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_pace import DialPace
from messango.transport.dialing.packet_size import limit_packets, use_small_packets
from messango.transport.identity.certificate import client_context
from messango.transport.identity.identity_errors import FingerprintMismatch
from messango.transport.socket_options import set_socket_options
from messango.transport.tls import TlsRecordLayer
from messango.transport.writer import WriterThread

#: Delay between the starts of two attempts (RFC 8305, section 5, recommends 250 ms).
STAGGER_S: Final = 0.25

#: How often `is_cancelled` is called: soon enough for a person who clicks Cancel.
_CANCEL_CHECK_S: Final = 0.1

#: A peer that accepts and then says nothing for this long gets a second connection, with small packets.
SMALL_PACKETS_AFTER_S: Final = 1.2

#: Before time runs out, a silent peer is asked once more, in a way that a web server answers at once.
_LAST_WORD_S: Final = 0.3
_END_OF_HTTP_REQUEST: Final = b"\r\n\r\n"


class HappyEyeballs:
    """Tries all candidates, each started a little after the one before, or as soon as that one failed.

    The first completed TLS handshake wins: a stuck server accepts TCP connections too. `failures` has what
    the others met, `mismatch` the last peer that has another certificate than the expected one.
    """

    def __init__(
        self,
        candidates: list[Candidate],
        pace: DialPace[Candidate],
        fingerprint: str | None,
        writer: WriterThread | None,
        is_cancelled: Callable[[], bool],
        alpn_protocol: str,
    ) -> None:
        self.failures: list[DialAttempt] = []
        self.mismatch: FingerprintMismatch | None = None
        self._remaining = list(reversed(candidates))
        self._pace = pace
        self._fingerprint = fingerprint
        self._writer = writer
        self._is_cancelled = is_cancelled
        self._context = client_context(alpn_protocol)
        self._next_start = 0.0
        self._blocked_before = dial_evidence.blocked_packets()
        self._selector = selectors.DefaultSelector()

    def run(self) -> DialResult | None:
        """Return the winner, or None. Call it once."""
        with self._selector:
            try:
                winner = self._run()
                if winner is None:
                    self._give_up()
                return winner
            finally:
                for attempt in self._in_progress():
                    attempt.cancel()

    def _run(self) -> DialResult | None:
        while (now := time.monotonic()) < self._pace.deadline and (self._remaining or self._is_running()):
            if self._is_cancelled():
                return None
            if self._remaining and (now >= self._next_start or not self._is_running()):
                self._start(self._remaining.pop(), now)
                continue
            if (again := self._pace.take_repeat(now)) is not None:
                self._start(again, now, repeated=True)
                continue
            self._help_silent_ones(now)
            until = min(self._pace.deadline, self._pace.next_repeat_s())
            if self._remaining:
                until = min(until, self._next_start)
            for key, _ in self._selector.select(min(until - now, _CANCEL_CHECK_S)):
                if winner := self._advance(key.data):
                    return winner
        return None

    def _in_progress(self) -> list[Attempt]:
        return [key.data for key in self._selector.get_map().values()]

    def _is_running(self) -> bool:
        """Whether an attempt may still succeed or tell why not: a repeated one can't outlive its first."""
        return any(not attempt.repeated for attempt in self._in_progress())

    def _give_up(self) -> None:
        now = time.monotonic()
        in_progress = self._in_progress()
        accepted = {attempt.candidate: attempt for attempt in in_progress if attempt.connection is not None}
        for attempt in in_progress:
            if not attempt.repeated:
                # Of several attempts to an address, one that was accepted tells more.
                telling = attempt if attempt.connection else accepted.get(attempt.candidate, attempt)
                self.failures.append(telling.out_of_time(now, self._blocked_before))

    def _start(
        self, candidate: Candidate, now: float, *, repeated: bool = False, small_packets: bool = False
    ) -> None:
        if not repeated:
            self._next_start = now + STAGGER_S
        self._pace.started(candidate, now)
        try:
            sock = socket.socket(candidate.family, socket.SOCK_STREAM)
        except OSError as error:
            self._fail_start(candidate, error, repeated=repeated)
            return
        sock.setblocking(False)
        try:
            limit_packets(sock, candidate.address, small=small_packets)
            sock.connect(candidate.sockaddr)
        except BlockingIOError:
            pass  # The system connects in the background.
        except OSError as error:
            sock.close()
            self._fail_start(candidate, error, repeated=repeated)
            return
        attempt = Attempt(candidate, sock, now, repeated, small_packets)
        self._selector.register(sock, selectors.EVENT_WRITE, attempt)

    def _fail_start(self, candidate: Candidate, error: OSError, *, repeated: bool) -> None:
        self._pace.ended(candidate)
        if not repeated:
            self._next_start = 0.0
            kind = dial_evidence.kind_of_start_error(error, candidate.ip)
            self.failures.append(candidate.failed(kind, 0.0, system_error=error.strerror or ""))

    def _help_silent_ones(self, now: float) -> None:
        """Give peers that accept and stay silent a second chance to answer, and to show what they are."""
        for attempt in self._in_progress():
            if attempt.repeated or not attempt.is_silent or now < attempt.connected_s + SMALL_PACKETS_AFTER_S:
                continue
            if not attempt.has_twin:
                attempt.has_twin = True
                self._start(attempt.candidate, now, repeated=True, small_packets=True)
            if not attempt.asked_again and now >= self._pace.deadline - _LAST_WORD_S:
                attempt.asked_again = True
                with contextlib.suppress(OSError):
                    attempt.sock.send(_END_OF_HTTP_REQUEST)

    def _advance(self, attempt: Attempt) -> DialResult | None:
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
            if isinstance(error, FingerprintMismatch):
                self.mismatch = error
            self._fail(attempt, attempt.handshake_failed(error, time.monotonic()))
            return None
        if attempt.asked_again:
            # It answers after all, but what we sent last has spoiled this connection.
            seconds = time.monotonic() - attempt.started_s
            self._fail(attempt, attempt.candidate.failed(FailureKind.SLOW, seconds))
            return None
        if attempt.small_packets:
            use_small_packets(attempt.candidate.address)
        self._selector.unregister(attempt.sock)
        return DialResult(connection, attempt.candidate.address, attempt.ping_ms)

    def _check_fingerprint(self, address: Address, connection: Connection) -> None:
        """Raise `FingerprintMismatch` if the peer's certificate is not the expected one."""
        if self._fingerprint and connection.fingerprint != self._fingerprint:
            raise FingerprintMismatch(str(address), self._fingerprint, connection.fingerprint or "none")

    def _on_tcp_connected(self, attempt: Attempt) -> Connection | None:
        now = time.monotonic()
        if code := attempt.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
            seconds, candidate = now - attempt.started_s, attempt.candidate
            kind = dial_evidence.kind_of_connect_error(code, seconds, candidate.ip)
            self._fail(attempt, candidate.failed(kind, seconds, system_error=error_text(code)))
            return None
        self._pace.connected(attempt.candidate, now - attempt.started_s)
        attempt.connected_s = now
        attempt.ping_ms = (now - attempt.started_s) * 1000
        set_socket_options(attempt.sock)
        record_layer = TlsRecordLayer(self._context, server_side=False)
        attempt.connection = Connection(attempt.sock, record_layer, self._writer)
        self._selector.modify(attempt.sock, selectors.EVENT_READ, attempt)
        return attempt.connection

    def _fail(self, attempt: Attempt, failure: DialAttempt) -> None:
        self._selector.unregister(attempt.sock)
        attempt.cancel()
        self._pace.ended(attempt.candidate)
        if not attempt.repeated:
            self.failures.append(failure)
            self._next_start = 0.0


def error_text(code: int) -> str:
    """Return the system's text for a socket error; Windows has a table of its own for these."""
    table: dict[int, str] = getattr(socket, "errorTab", {})
    return table.get(code) or os.strerror(code)
