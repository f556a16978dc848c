"""Checks the chat port: which one a room would use, and whether this computer can connect to it."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from messango.discovery.interfaces import Interface, listening_addresses
from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall import open_port_hint
from messango.errors import MessangoError
from messango.transport.addresses import Address
from messango.transport.listener import DEFAULT_PORTS, listen_on_first

#: A connection to this computer takes well under a millisecond, unless a packet filter drops it.
_CONNECT_TIMEOUT_S: Final = 1.5

_MAX_ADDRESSES: Final = 8


def check_chat_port(
    interfaces: Sequence[Interface],
    ports: Sequence[int] = DEFAULT_PORTS,
    connect: Callable[[Address], str] | None = None,
) -> Iterator[Finding]:
    """Listen on the port that a room would use, and connect to it at each address of this computer."""
    try:
        listener = listen_on_first(None, ports)
    except MessangoError as error:
        yield Finding(
            "chat-port",
            Severity.PROBLEM,
            f"No room can be opened on this computer. {error}",
            "If Messango runs in a sandbox or a container, give it access to the network.",
        )
        return
    with listener:
        port = int(listener.getsockname()[1])
        if port != ports[0]:
            yield _port_in_use(ports[0], port)
        yield from _reachability(_addresses(interfaces, port), connect or _try_connect, port)


def _addresses(interfaces: Sequence[Interface], port: int) -> list[Address]:
    try:
        return listening_addresses(None, port, interfaces)[:_MAX_ADDRESSES]
    except MessangoError:
        # A wrong MESSANGO_INTERFACES is reported by `check_interfaces`.
        return []


def _port_in_use(wanted: int, port: int) -> Finding:
    return Finding(
        "chat-port",
        Severity.NOTE,
        f"Port {wanted} is in use by a room on this computer or by another program. The next room here will "
        f"use port {port}.",
        f"Nothing to do, unless a firewall allows only port {wanted}.",
    )


def _reachability(
    addresses: Sequence[Address], connect: Callable[[Address], str], port: int
) -> Iterator[Finding]:
    if not addresses:
        return
    with ThreadPoolExecutor(len(addresses), "messango-doctor-port") as pool:
        reasons = dict(zip(addresses, pool.map(connect, addresses), strict=True))
    reached = [str(address) for address, reason in reasons.items() if not reason]
    if reached:
        yield Finding("chat-port", Severity.OK, f"A room here can be reached at {', '.join(reached)}.")
    for address, reason in reasons.items():
        if reason:
            yield Finding(
                "chat-port",
                Severity.PROBLEM,
                f"A room here can't be reached at {address}, not even from this computer ({reason}).",
                f"Something blocks connections to TCP port {port}. {open_port_hint(port=port)}",
            )


def _try_connect(address: Address) -> str:
    """Return why connecting failed, or an empty string."""
    try:
        socket.create_connection((address.host, address.port), timeout=_CONNECT_TIMEOUT_S).close()
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return error.strerror or str(error)
    return ""
