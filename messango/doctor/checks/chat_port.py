"""Checks the chat port: that of the rooms that are open here, or the one that the next room would use."""

from __future__ import annotations

import errno
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from messango.discovery.interfaces import listening_addresses
from messango.doctor.checks.open_rooms import CHECK, Connect, check_open_rooms, unreachable_from_here
from messango.doctor.findings import Finding, Severity
from messango.errors import MessangoError
from messango.transport.addresses import Address
from messango.transport.control.client import RunningRoom, running_rooms
from messango.transport.listener import DEFAULT_PORTS, listen_on_first
from messango.transport.networks.interfaces import Interface

#: A connection to this computer takes well under a millisecond, unless a packet filter drops it.
_CONNECT_TIMEOUT_S: Final = 2.0

#: Between two tries at an address that this computer may not use yet.
_TENTATIVE_PAUSE_S: Final = 0.1

_MAX_ADDRESSES: Final = 8


def check_chat_port(
    interfaces: Sequence[Interface],
    ports: Sequence[int] = DEFAULT_PORTS,
    connect: Connect | None = None,
    open_rooms: Callable[[], Sequence[RunningRoom]] = running_rooms,
) -> Iterator[Finding]:
    """Report whether others reach the rooms that are open here, or what is known of the next room's port.

    That this computer reaches itself proves nothing about others; that it does not is a problem.
    """
    try:
        rooms = open_rooms()
    except MessangoError:
        # A folder that can't be read is reported by `check_home`.
        rooms = ()
    if rooms:
        yield from check_open_rooms(rooms, connect or _try_connect)
    else:
        yield from _check_next_port(interfaces, ports, connect or _try_connect)


def _check_next_port(
    interfaces: Sequence[Interface], ports: Sequence[int], connect: Connect
) -> Iterator[Finding]:
    """Listen on the port that a room would use, and connect to it at each address of this computer."""
    try:
        listener = listen_on_first(None, ports)
    except MessangoError as error:
        yield Finding(
            CHECK,
            Severity.PROBLEM,
            f"No room can be opened on this computer. {error}",
            "If Messango runs in a sandbox or a container, give it access to the network.",
        )
        return
    with listener:
        port = int(listener.getsockname()[1])
        if port != ports[0]:
            yield _port_in_use(ports[0], port)
        yield from _reachability(_addresses(interfaces, port), connect)


def _addresses(interfaces: Sequence[Interface], port: int) -> list[Address]:
    try:
        return listening_addresses(None, port, interfaces)[:_MAX_ADDRESSES]
    except MessangoError:
        # A wrong MESSANGO_INTERFACES is reported by `check_interfaces`.
        return []


def _port_in_use(wanted: int, port: int) -> Finding:
    return Finding(
        CHECK,
        Severity.NOTE,
        f"Port {wanted} is in use by another program, or by a room of another user or folder. The next room "
        f"here will use port {port}.",
        f"Nothing to do, unless a firewall allows only port {wanted}.",
    )


def _reachability(addresses: Sequence[Address], connect: Connect) -> Iterator[Finding]:
    if not addresses:
        return
    with ThreadPoolExecutor(len(addresses), "messango-doctor-port") as pool:
        reasons = dict(zip(addresses, pool.map(connect, addresses), strict=True))
    reached = [str(address) for address, reason in reasons.items() if not reason]
    if reached:
        yield Finding(
            CHECK,
            Severity.NOTE,
            f"A room here would listen at {', '.join(reached)}. No room is open, so nobody else can tell "
            "whether they reach it.",
            "If others don't reach a room of yours: open it, then run `messango doctor` here, and with its "
            "address on another computer.",
            unproved="that others could reach a room on this computer",
        )
    for address, reason in reasons.items():
        if reason:
            yield unreachable_from_here("A room here", address, reason)


def _try_connect(address: Address) -> str:
    """Return why connecting failed, or an empty string."""
    deadline_s = time.monotonic() + _CONNECT_TIMEOUT_S
    while True:
        try:
            socket.create_connection((address.host, address.port), timeout=_CONNECT_TIMEOUT_S).close()
        except TimeoutError:
            return "no answer"
        except OSError as error:
            # After a cable was plugged in, an IPv6 address can't be used until the system has made sure that
            # nobody else has it, which takes a second (RFC 4862, section 5.4).
            if error.errno != errno.EADDRNOTAVAIL or time.monotonic() >= deadline_s:
                return error.strerror or str(error)
            time.sleep(_TENTATIVE_PAUSE_S)
        else:
            return ""
