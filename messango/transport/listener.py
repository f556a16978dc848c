"""Opens the room's port, on every network or on one address."""

from __future__ import annotations

import contextlib
import errno
import socket
from typing import Final

from messango.errors import AddressNotAvailable, ListenFailed, MessangoError, PortInUse
from messango.transport.addresses import DEFAULT_PORT

#: Ports tried after 8000 before the system may choose one.
_FALLBACK_PORTS: Final = 100

#: A connect storm of a classroom must not wait for retransmissions.
_BACKLOG: Final = 1_024


def listen(host: str | None, port: int | None) -> socket.socket:
    """Return a listening socket; `port` None means 8000 or the next free one, 0 any.

    Raises `PortInUse`, `AddressNotAvailable` or `ListenFailed`.
    """
    if port is not None:
        return _listen_at(host, port)
    for candidate in range(DEFAULT_PORT, DEFAULT_PORT + _FALLBACK_PORTS):
        # Windows keeps ranges of ports for itself, and says "not allowed" of each.
        with contextlib.suppress(PortInUse, ListenFailed):
            return _listen_at(host, candidate)
    return _listen_at(host, 0)


def _listen_at(host: str | None, port: int) -> socket.socket:
    try:
        if host is None and socket.has_dualstack_ipv6():
            try:
                return socket.create_server(
                    ("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG
                )
            except OSError as error:
                # IPv6 may be compiled in and yet switched off.
                if error.errno not in (errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL):
                    raise
        family, address = _resolve(host, port)
        return socket.create_server(address, family=family, backlog=_BACKLOG)
    except OSError as error:
        raise _listen_error(error, host, port) from error


def _resolve(host: str | None, port: int) -> tuple[int, tuple[str, int]]:
    if host is None:
        return socket.AF_INET, ("", port)
    try:
        info = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except UnicodeError as error:
        # A label that is empty or too long never gets as far as the resolver.
        raise AddressNotAvailable(host) from error
    # An IPv6 address has four parts, the scope among them; the types of the standard library say two.
    return info[0], info[4]  # type: ignore[return-value]


def _listen_error(error: OSError, host: str | None, port: int) -> MessangoError:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(port)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return AddressNotAvailable(host or "any")
    if error.errno in (errno.EACCES, errno.EPERM):
        return ListenFailed(
            f"The system does not allow listening on port {port}.", "Choose a port above 1023 with --port."
        )
    return ListenFailed(
        f"The room can't listen on port {port} ({error.strerror or error}).",
        "Choose another with --port, or see what `messango doctor` says.",
    )
