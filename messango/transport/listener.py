"""Opens the room's port, on every network or on one address, and accepts connections."""

from __future__ import annotations

import contextlib
import errno
import logging
import selectors
import socket
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final

from messango.errors import AddressNotAvailable, ListenFailed, MessangoError, PortInUse
from messango.transport.addresses import DEFAULT_PORT

logger = logging.getLogger(__name__)

#: Tried in this order before the system may choose a port.
DEFAULT_PORTS: Final = range(DEFAULT_PORT, DEFAULT_PORT + 100)

#: A whole class connecting at once must not wait for retransmissions.
_BACKLOG: Final = 1_024

#: After a failed accept (most likely out of descriptors) the next try waits this long.
_ACCEPT_RETRY_S: Final = 0.2


class Listener:
    """Accepts connections in a thread of its own. Owns the listening socket and the thread.

    Both callbacks run in that thread. `on_connection(sock, address)` takes over the socket; if it raises,
    the exception is logged and the socket is closed. `on_error(error)` is called for each connection that the
    system refused to accept or to give a thread; then the next try follows.
    """

    def __init__(
        self,
        sock: socket.socket,
        on_connection: Callable[[socket.socket, tuple[Any, ...]], None],
        on_error: Callable[[OSError], None],
    ) -> None:
        sock.setblocking(False)
        self.port: int = sock.getsockname()[1]
        self._socket = sock
        self._on_connection = on_connection
        self._on_error = on_error
        self._closing = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._thread = threading.Thread(target=self._accept_loop, name="messango-listener", daemon=True)

    def start(self) -> None:
        """Start accepting; until then, connections wait in the backlog."""
        self._thread.start()

    def close(self) -> None:
        """Stop accepting, join the thread and close the socket. Calling it twice is harmless."""
        self._closing.set()
        self._wake_writer.close()
        if self._thread.is_alive():
            self._thread.join()
        self._wake_reader.close()
        self._socket.close()

    def _accept_loop(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._socket, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self._closing.is_set():
                selector.select()
                self._accept_pending()

    def _accept_pending(self) -> None:
        while not self._closing.is_set():
            try:
                sock, address = self._socket.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:
                self._on_failure(error)
                return
            try:
                self._on_connection(sock, address)
            except (OSError, MemoryError) as error:
                sock.close()
                self._on_failure(error if isinstance(error, OSError) else OSError(errno.ENOMEM, "no memory"))
            except RuntimeError as error:
                sock.close()
                # So Python says that the system starts no more threads.
                self._on_failure(OSError(errno.EAGAIN, str(error)))
            except Exception:  # A failure of one connection: the next one may succeed.
                logger.exception("a connection could not be received")
                sock.close()

    def _on_failure(self, error: OSError) -> None:
        self._on_error(error)
        self._closing.wait(_ACCEPT_RETRY_S)


def listen(host: str | None, port: int | None) -> socket.socket:
    """Return a listening socket; `port` None means 8000 or the next free one, 0 any.

    Raises `PortInUse`, `AddressNotAvailable` or `ListenFailed`.
    """
    return listen_on_first(host, DEFAULT_PORTS) if port is None else _listen_at(host, port)


def listen_on_first(host: str | None, ports: Iterable[int]) -> socket.socket:
    """Return a socket that listens on the first free port of these, otherwise on any; raises as `listen`."""
    for port in ports:
        # Windows reserves ranges of ports and answers "not allowed" for each of them.
        with contextlib.suppress(PortInUse, ListenFailed):
            return _listen_at(host, port)
    return _listen_at(host, 0)


def _listen_at(host: str | None, port: int) -> socket.socket:
    try:
        if host is None and socket.has_dualstack_ipv6():
            try:
                return socket.create_server(
                    ("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=_BACKLOG
                )
            except OSError as error:
                # The system may have IPv6 but no IPv6 address.
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
        # Python rejects an empty or too long label before it asks the resolver.
        raise AddressNotAvailable(host) from error
    # An IPv6 address has four parts, including the scope; typeshed says two.
    return info[0], info[4]  # type: ignore[return-value]


def _listen_error(error: OSError, host: str | None, port: int) -> MessangoError:
    if error.errno == errno.EADDRINUSE:
        return PortInUse(port)
    if error.errno == errno.EADDRNOTAVAIL or isinstance(error, socket.gaierror):
        return AddressNotAvailable(host or "any")
    where, reason = f"port {port}" if port else "any port", error.strerror or error
    if error.errno in (errno.EACCES, errno.EPERM):
        return ListenFailed(
            f"The system does not allow listening on {where} ({reason}).",
            "Choose a port above 1023 with --port.",
        )
    return ListenFailed(
        f"Can't listen on {where} ({reason}).",
        "Choose another port with --port, or run `messango doctor` to find the cause.",
    )
