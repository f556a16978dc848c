"""The socket of nats-py's client, as this program needs it: it ends at once, and never sends in the clear."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import ParseResult

from nats.aio.transport import TcpTransport

#: Bytes of one read; nats-py's own 32 KB make sixteen of one entry.
_READ_BYTES: Final = 256 * 1024


class PlaintextRefused(Exception):
    """The peer does not encrypt, but has to."""


class EngineTransport(TcpTransport):
    """Closing aborts: nats-py would wait until a dead link has taken what it never takes.

    With `needs_tls` nothing is sent before the handshake. nats-py asks the peer whether it wants TLS, and
    would send a password in the clear to one that says no. `on_end` is called when nothing more can come.
    """

    def __init__(self, on_end: Callable[[], None], *, needs_tls: bool) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._on_end = on_end
        self._may_send = not needs_tls
        self.is_encrypted = self._is_closed = False

    def __bool__(self) -> bool:
        # nats-py makes another one instead of a transport that is false.
        return True

    async def connect(self, uri: ParseResult, buffer_size: int, connect_timeout: int) -> None:  # noqa: ARG002
        """Connect to one server; `connect_timeout` is for the name and the connection."""
        await asyncio.wait_for(self._open(uri.hostname or "", uri.port or 0), connect_timeout)

    async def connect_tls(self, *args: Any, **options: Any) -> None:
        """Encrypt the connection."""
        await super().connect_tls(*args, **options)
        if self._io_writer is not None:
            # nats-py does not tell the stream that it is encrypted, and asyncio would warn at its end.
            self._io_writer.transport.get_protocol()._over_ssl = True  # type: ignore[attr-defined]
        self._may_send = self.is_encrypted = True

    def write(self, payload: bytes) -> None:
        """Send; raises `PlaintextRefused` where TLS is needed and missing."""
        if not self._may_send:
            raise PlaintextRefused
        super().write(payload)  # type: ignore[no-untyped-call]

    async def read(self, buffer_size: int) -> bytes:  # noqa: ARG002
        """Return what has come; nothing at the end."""
        data: bytes = b""
        try:
            data = await super().read(_READ_BYTES)
        finally:
            if not data:
                self._on_end()
        return data

    def close(self) -> None:
        """Drop the connection with all that was not sent."""
        self._is_closed = True
        for writer in (self._io_writer, self._bare_io_writer):
            if writer is not None:
                writer.transport.abort()

    async def wait_closed(self) -> None:
        """Nothing is to be waited for."""

    async def _open(self, host: str, port: int) -> None:
        failure: OSError | None = None
        for address in await _resolve(host, port):
            try:
                reader, writer = await asyncio.open_connection(address, port, limit=_READ_BYTES)
            except OSError as error:
                failure = failure or error
                continue
            # Kept here, because `wait_for` of Python 3.10 loses what has come in the moment of its end.
            # nats-py keeps the plain ones beside those with TLS.
            self._bare_io_reader = self._io_reader = reader
            self._bare_io_writer = self._io_writer = writer
            if self._is_closed:
                writer.transport.abort()
            return
        raise failure or OSError("the name has no address")


async def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a name.

    In a thread that nobody waits for: asyncio's own would hold up the program's end for as long as the
    system's resolver waits for a dead network.
    """
    with contextlib.suppress(ValueError):
        ipaddress.ip_address(host)
        return [host]
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def finish(addresses: list[str], error: OSError | None) -> None:
        if found.done():
            return
        if error is None:
            found.set_result(addresses)
        else:
            found.set_exception(error)

    def look_up() -> None:
        addresses: list[str] = []
        failure: OSError | None = None
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except OSError as error:
            failure = error
        except UnicodeError:
            failure = OSError("this can't be a name")
        # The link may have ended meanwhile.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, addresses, failure)

    threading.Thread(target=look_up, name="messango-link-resolver", daemon=True).start()
    return await found
