"""One connection to one server of the engine. It is never mended: after a fault comes another one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import nats.errors
from nats.aio.client import Client

from messango.link.fold.stream_entry import MAX_ENTRY_BYTES
from messango.link.nats.engine_transport import EngineTransport, PlaintextRefused
from messango.link.nats.link_broken import (
    LinkBroken,
    connection_lost,
    not_connected,
    not_encrypted,
    not_permitted,
    refused,
    small_messages,
)
from messango.link.nats.names import LinkNames, link_names
from messango.transport.link_tls import link_context

if TYPE_CHECKING:
    from messango.link.link_file import LinkFile

#: For each step: the connection, TLS, the first answer. All together have twice as long.
STEP_TIMEOUT_S: Final = 2

#: What NATS adds to an entry: the round's id, and the stream's name.
_HEADER_BYTES: Final = 1_000

#: Our own timer is much faster; this is for NATS.
_PING_INTERVAL_S: Final = 60


@dataclass(frozen=True, slots=True)
class EngineAccess:
    """How to get to the engine: its servers' addresses, the names there, and options for nats-py."""

    servers: tuple[str, ...]
    names: LinkNames
    options: dict[str, Any]

    @property
    def needs_tls(self) -> bool:
        """Whether the engine has to encrypt."""
        return "tls" in self.options


def engine_access(link_file: LinkFile) -> EngineAccess:
    """Return what the linked room's file says; raises `ValueError` or `OSError` for unusable certificates."""
    options: dict[str, Any] = {}
    if link_file.encrypted:
        options["tls"] = link_context(link_file.ca, link_file.certificate, link_file.key)
    if link_file.encrypted and link_file.tls_name:
        options["tls_hostname"] = link_file.tls_name
    if link_file.user:
        options |= {"user": link_file.user, "password": link_file.password}
    return EngineAccess(link_file.servers, link_names(link_file.link), options)


class EngineConnection:
    """`client` is nats-py's, for as long as `broken` is not done; `names` are those of the linked room.

    Belongs to the link's loop.
    """

    def __init__(self, access: EngineAccess, address: str) -> None:
        self.client = Client()
        self.names = access.names
        self.address = address
        #: Raises `LinkBroken` when the connection can't be used any more.
        self.broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._access = access
        self._connected = False
        self._transport = EngineTransport(self._ended, needs_tls=access.needs_tls)
        self.client._transport = self._transport

    async def connect(self) -> None:
        """Connect, or raise `LinkBroken`."""
        try:
            await asyncio.wait_for(self._connect(), 2 * STEP_TIMEOUT_S)
        except PlaintextRefused:
            raise not_encrypted(self.address) from None
        except ConnectionError as error:
            # With TLS 1.3 an engine refuses a certificate after the handshake, perhaps without a word.
            was_refused = self._transport.is_encrypted
            raise (refused(self.address) if was_refused else not_connected(self.address, error)) from error
        except (OSError, nats.errors.Error, asyncio.TimeoutError) as error:
            raise not_connected(self.address, error) from error
        if not self.client.is_connected:
            # nats-py takes an end during the last step for a success.
            raise refused(self.address)
        self._connected = True
        if self.client.max_payload < MAX_ENTRY_BYTES + _HEADER_BYTES:
            raise small_messages(self.client.max_payload)

    def drop(self) -> None:
        """Let go of the connection at once. The tasks that nats-py has left are the caller's to cancel."""
        self._transport.close()

    def fail(self, why: LinkBroken) -> None:
        """This connection is not to be used any more."""
        if not self.broken.done():
            self.broken.set_exception(why)
            self.broken.exception()  # or asyncio would complain that nobody has asked

    async def _connect(self) -> None:
        await self.client.connect(
            [f"nats://{self.address}"],
            error_cb=self._on_error,
            # Reconnecting waits for the end of a dead connection. Without it, nats-py still tries the first
            # connection again and again; `_on_error` ends that.
            allow_reconnect=False,
            connect_timeout=STEP_TIMEOUT_S,
            ping_interval=_PING_INTERVAL_S,
            no_echo=True,
            **self._access.options,
        )

    def _ended(self) -> None:
        self.fail(connection_lost())

    async def _on_error(self, error: Exception) -> None:
        if not self._connected:
            raise error
        if "permissions violation" in str(error).lower():
            self.fail(not_permitted(error))
