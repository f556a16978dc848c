"""Looks at the chat port: which one a room would take, and whether it is reached from this machine."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from messango.discovery.interfaces import Interface, listening_addresses
from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall import open_port_hint
from messango.errors import MessangoError
from messango.transport.addresses import DEFAULT_PORT, Address

#: As many as a server tries before it lets the system choose.
_PORTS: Final = range(DEFAULT_PORT, DEFAULT_PORT + 100)

#: To ourselves it takes well under a millisecond, or a packet filter swallows it.
_CONNECT_TIMEOUT_S: Final = 1.5

_MAX_ADDRESSES: Final = 8


def check_chat_port(
    interfaces: Sequence[Interface],
    ports: Sequence[int] = _PORTS,
    connect: Callable[[Address], str] | None = None,
) -> Iterator[Finding]:
    """Listen where a room would listen, and connect to it through each own address."""
    try:
        listener = _listen_on_first_free(ports)
    except OSError as error:
        yield Finding(
            "chat-port",
            Severity.PROBLEM,
            f"No room can be opened here: the system lets us listen on no port ({error.strerror or error}).",
            "If Messango runs in a sandbox or a container, give it access to the network.",
        )
        return
    with listener:
        port = int(listener.getsockname()[1])
        if port != ports[0]:
            yield _port_in_use(ports[0], port)
        yield from _reachability(_addresses(interfaces, port), connect or _try_connect, port)


def _listen_on_first_free(ports: Sequence[int]) -> socket.socket:
    for port in ports:
        try:
            return _listen(port)
        except OSError as error:
            # Windows says "not allowed" for a port that another program holds for itself.
            if error.errno != errno.EADDRINUSE and not (os.name == "nt" and error.errno == errno.EACCES):
                raise
    return _listen(0)


def _listen(port: int) -> socket.socket:
    if socket.has_dualstack_ipv6():
        try:
            return socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True)
        except OSError as error:
            # IPv6 may be compiled in and yet switched off.
            if error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                raise
    return socket.create_server(("", port))


def _addresses(interfaces: Sequence[Interface], port: int) -> list[Address]:
    try:
        return listening_addresses(None, port, interfaces)[:_MAX_ADDRESSES]
    except MessangoError:
        # What is wrong with MESSANGO_INTERFACES is told with the interfaces.
        return []


def _port_in_use(wanted: int, port: int) -> Finding:
    return Finding(
        "chat-port",
        Severity.NOTE,
        f"Port {wanted} is in use, by a room on this machine or by another program. The next room here takes "
        f"port {port}.",
        f"Nothing to do, unless a firewall lets only port {wanted} in.",
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
                f"A room here could not be reached at {address}, not even from this machine ({reason}).",
                f"Something drops connections to TCP port {port}. {open_port_hint(port=port)}",
            )


def _try_connect(address: Address) -> str:
    """Connect, and return why it failed, or nothing."""
    try:
        socket.create_connection((address.host, address.port), timeout=_CONNECT_TIMEOUT_S).close()
    except TimeoutError:
        return "no answer"
    except OSError as error:
        return error.strerror or str(error)
    return ""
