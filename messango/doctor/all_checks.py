"""Runs all checks at the same time, each in its own thread, within one deadline."""

from __future__ import annotations

import functools
import logging
import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.discovery.searching.search import list_rooms
from messango.doctor.checks.chat_port import check_chat_port
from messango.doctor.checks.known_places import KnownPlace
from messango.doctor.checks.link import check_open_links
from messango.doctor.checks.mdns import check_mdns
from messango.doctor.checks.memberships import check_memberships
from messango.doctor.checks.network import check_interfaces, check_tunnels
from messango.doctor.checks.open_rooms import open_ports
from messango.doctor.checks.rooms import ListRooms, check_rooms
from messango.doctor.checks.system import check_clock, check_home, check_window
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.own_filter import check_packet_filter
from messango.doctor.recognizers.recognize import check_addresses
from messango.transport.networks.interfaces import Interface, own_interfaces

logger = logging.getLogger(__name__)

#: The slowest check asks members of an open room, who try for several seconds; one that takes longer hangs.
DEADLINE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Check:
    """One check; `run` may block without delaying the other checks."""

    name: str
    run: Callable[[], Iterable[Finding]]


def all_checks(
    *,
    interfaces: Sequence[Interface] | None = None,
    find_rooms: ListRooms | None = None,
    known: Sequence[KnownPlace] = (),
) -> list[Check]:
    """Return every check, for this computer as it is now unless `interfaces` or `find_rooms` replace it.

    `known` are the rooms of earlier visits: one that answers and is not heard shows what is wrong.
    """
    own = own_interfaces() if interfaces is None else interfaces
    run = functools.partial
    return [
        Check("interfaces", run(check_interfaces, own)),
        Check("addresses", run(check_addresses, own)),
        Check("vpn", run(check_tunnels, own)),
        Check("multicast", run(check_mdns, own)),
        Check("memberships", run(check_memberships, own)),
        Check("rooms", run(check_rooms, find_rooms or list_rooms, known)),
        Check("chat-port", run(check_chat_port, own)),
        Check("link", check_open_links),
        Check("firewall", run(check_packet_filter, own, open_ports)),
        Check("tk", check_window),
        Check("clock", check_clock),
        Check("home", check_home),
    ]


def run_checks(
    checks: Sequence[Check] | None = None, *, deadline_s: float = DEADLINE_S
) -> Generator[Finding, None, None]:
    """Run the checks at the same time and yield findings as they come; ends within the deadline.

    At the end all its threads have ended, except those of checks that it reports as timed out.
    """
    chosen = all_checks() if checks is None else checks
    deadline = time.monotonic() + deadline_s
    results: queue.SimpleQueue[Finding | Check] = queue.SimpleQueue()
    threads = {check: _start(check, results) for check in chosen}
    while threads:
        try:
            result = results.get(timeout=max(0.0, deadline - time.monotonic()))
        except queue.Empty:
            break
        if isinstance(result, Finding):
            yield result
        else:
            threads.pop(result).join()
    yield from map(_timed_out, threads)


def _start(check: Check, results: queue.SimpleQueue[Finding | Check]) -> threading.Thread:
    # A daemon: a check that hangs is reported, and must not keep the program from ending.
    thread = threading.Thread(
        target=_run, args=(check, results), name=f"messango-doctor-{check.name}", daemon=True
    )
    thread.start()
    return thread


def _run(check: Check, results: queue.SimpleQueue[Finding | Check]) -> None:
    try:
        for finding in check.run():
            results.put(finding)
    except OSError as error:
        results.put(
            Finding(
                check.name,
                Severity.WARNING,
                f"This check failed: the system refused what it needs ({error.strerror or error}).",
                "Close other programs, or raise the limits of this session (`ulimit -a` shows them).",
            )
        )
    except Exception:  # The edge of the thread: a bug in one check must not hide what the others find.
        logger.exception("the check %s failed", check.name)
        results.put(
            Finding(
                check.name,
                Severity.WARNING,
                "This check failed because of a bug in Messango.",
                "Please report it, with the error message above.",
            )
        )
    finally:
        results.put(check)


def _timed_out(check: Check) -> Finding:
    return Finding(
        check.name,
        Severity.WARNING,
        "This check timed out.",
        "Run `messango doctor` again when the machine is less busy.",
    )
