"""Connects to the first address of a peer that answers, and says why if none does."""

from __future__ import annotations

import dataclasses
import itertools
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from messango.protocol.alpn import FRAME_PROTOCOL
from messango.transport.addresses import Address
from messango.transport.dialing import dial_evidence
from messango.transport.dialing.dial_attempt import Candidate, DialResult
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.dialing.dial_failure_texts import dial_failed
from messango.transport.dialing.dial_pace import DialPace
from messango.transport.dialing.happy_eyeballs import HappyEyeballs
from messango.transport.networks.link_local import with_own_scopes
from messango.transport.networks.own_networks import own_networks
from messango.transport.writer import WriterThread

__all__ = ["CONNECT_TIMEOUT_S", "DialResult", "dial"]

CONNECT_TIMEOUT_S: Final = 8.0
#: On a slow network that loses packets; the server waits ten seconds for the client of each connection.
CONNECT_PATIENCE_S: Final = 15.0


def dial(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None = None,
    timeout_s: float = CONNECT_TIMEOUT_S,
    patience_s: float = CONNECT_PATIENCE_S,
    writer: WriterThread | None = None,
    is_cancelled: Callable[[], bool] = lambda: False,
    alpn_protocol: str = FRAME_PROTOCOL,
) -> DialResult:
    """Connect to the first address that answers, TLS included; raises `DialFailed`, or `Unreachable`
    without any address to try.

    Gives up after `timeout_s`, or after `patience_s` if TCP has connected and that took long (`dial_pace`).
    With a `fingerprint`, peers with another one are skipped; raises `FingerprintMismatch` if no peer has it.
    `is_cancelled` is called a few times a second; once it returns true, the time is up. `alpn_protocol` is
    one of `protocol.alpn`.
    """
    pace: DialPace[Candidate] = DialPace(time.monotonic(), timeout_s, patience_s)
    candidates, unresolved = _resolve(addresses)
    race = HappyEyeballs(candidates, pace, fingerprint, writer, is_cancelled, alpn_protocol)
    winner = race.run()
    if winner is not None:
        return winner
    if race.mismatch is not None:
        raise race.mismatch
    # Cancelled before the first one, or no time was left for it.
    untried = [candidate.failed(FailureKind.NO_ANSWER, 0.0) for candidate in candidates[:1]]
    raise dial_failed(_mark_near([*race.failures, *unresolved] or untried))


def _resolve(addresses: Sequence[Address]) -> tuple[list[Candidate], list[DialAttempt]]:
    found: list[list[Candidate]] = []
    unresolved: list[DialAttempt] = []
    # The scope in a link or in what a person copied is that of another computer.
    for address in itertools.chain.from_iterable(map(with_own_scopes, addresses)):
        try:
            # For text, Python loads its tables of international names first, which takes some milliseconds.
            host = address.host.encode() if address.host.isascii() else address.host
            infos = socket.getaddrinfo(host, address.port, type=socket.SOCK_STREAM)
        except OSError as error:
            kind = dial_evidence.kind_of_start_error(error, address.host)
            unresolved.append(DialAttempt(address, kind, 0.0, system_error=error.strerror or ""))
        except UnicodeError:
            unresolved.append(DialAttempt(address, FailureKind.NAME_NOT_FOUND, 0.0))
        except LookupError:
            # No descriptor is left to load the codec of host names.
            unresolved.append(DialAttempt(address, FailureKind.FAILED, 0.0))
        else:
            found.append([Candidate(address, info[0], info[4]) for info in infos])
    return list(dict.fromkeys(_interleave(found))), unresolved


def _interleave(found: list[list[Candidate]]) -> Iterator[Candidate]:
    """Yield the first of each, then the second of each, so that one dead network does not come first."""
    for row in itertools.zip_longest(*found):
        yield from (candidate for candidate in row if candidate is not None)


def _mark_near(attempts: list[DialAttempt]) -> list[DialAttempt]:
    """Mark the attempts to addresses on our own LANs: where several failed, they tell more."""
    if len(attempts) < 2:
        return attempts
    networks = own_networks()

    def is_near(attempt: DialAttempt) -> bool:
        network = networks.network_of(attempt.address.host)
        return network is not None and network.kind in ("lan", "loopback")

    return [dataclasses.replace(attempt, near=is_near(attempt)) for attempt in attempts]
