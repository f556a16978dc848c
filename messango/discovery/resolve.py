"""Resolves the services that zeroconf reports: their addresses, ports and TXT records."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # DNSService is not in its __all__
    DNSQuestionType,
    DNSService,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncServiceInfo

from messango.discovery.events import BrowseEvent, usable_addresses
from messango.discovery.room_table import MAX_ROWS, RoomTable, Service
from messango.discovery.txt_record import (
    SERVICE_TYPE,
    from_txt,
    is_room_service,
    label_of,
    strip_unsafe,
    truncate_utf8,
)
from messango.transport.addresses import Address
from messango.transport.link_local import with_own_scopes
from messango.transport.own_networks import OwnNetworks

logger = logging.getLogger(__name__)

#: A service that avahi just published takes 0.7 s to answer; on a lossy Wi-Fi a second query is needed.
RESOLVE_TIMEOUT_MS: Final = 3_000


class ServiceResolver(RecordUpdateListener):
    """Keeps the services of the table up to date. Belongs to one event loop and one zeroconf."""

    def __init__(
        self,
        zeroconf: Zeroconf,
        question_type: DNSQuestionType,
        table: RoomTable,
        emit: Callable[[Iterable[BrowseEvent]], None],
        own: OwnNetworks,
    ) -> None:
        self._zeroconf = zeroconf
        self._question_type = question_type
        self._table = table
        self._emit = emit
        self._own = own
        self._changes: asyncio.Queue[tuple[str, ServiceStateChange]] = asyncio.Queue()
        self._running: dict[str, asyncio.Task[None]] = {}
        self._to_repeat: set[str] = set()

    def service_changed(self, name: str, change: ServiceStateChange) -> None:
        """Queue a change that zeroconf reported; never raises."""
        self._changes.put_nowait((name, change))

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Resolve a service again when one of its hosts withdraws its SRV record.

        After a name conflict one room leaves the name to the other in this way, and a zeroconf browser
        reports changes of the PTR record only.
        """
        for update in records:
            record = update.new
            if isinstance(record, DNSService) and record.is_expired(now) and is_room_service(record.name):
                self.service_changed(record.name, ServiceStateChange.Updated)

    async def run(self) -> None:
        """Apply queued changes until cancelled."""
        try:
            while True:
                name, change = await self._changes.get()
                if change is ServiceStateChange.Removed:
                    self._cancel(name)
                    self._emit(self._table.service_removed(name.lower()))
                else:
                    self._resolve_soon(name)
        finally:
            for task in self._running.values():
                task.cancel()

    def _resolve_soon(self, name: str) -> None:
        if name in self._running:
            self._to_repeat.add(name)
        elif len(self._running) < MAX_ROWS:
            self._running[name] = asyncio.ensure_future(self._resolve(name))

    def _cancel(self, name: str) -> None:
        self._to_repeat.discard(name)
        task = self._running.pop(name, None)
        if task is not None:
            task.cancel()

    async def _resolve(self, name: str) -> None:
        try:
            while True:
                self._to_repeat.discard(name)
                service = await self._request_service(name)
                if service is not None:
                    self._emit(self._table.service_resolved(service, time.monotonic()))
                if name not in self._to_repeat:
                    break
        finally:
            if self._running.get(name) is asyncio.current_task():
                del self._running[name]

    async def _request_service(self, name: str) -> Service | None:
        try:
            info = AsyncServiceInfo(SERVICE_TYPE, name)
            if not await info.async_request(self._zeroconf, RESOLVE_TIMEOUT_MS, self._question_type):
                return None
            return _to_service(name, info, self._own)
        except (ZeroconfError, ValueError, OSError) as error:
            # Names and records come from strangers and may be invalid.
            logger.debug("can't resolve %r: %s", name, error)
            return None


def _to_service(name: str, info: AsyncServiceInfo, own: OwnNetworks) -> Service:
    # A link-local address arrives without a scope by IPv4, and by IPv6 with that of the network where it was
    # heard, which is not always its own.
    literals = [
        scoped.host
        for literal in info.parsed_scoped_addresses(IPVersion.All)
        for scoped in with_own_scopes(Address(literal), own.interfaces)
    ]
    addresses = usable_addresses(literals, info.port or 0, own)
    host = (info.server or "").removesuffix(".").removesuffix(".local")
    return Service(
        name.lower(),
        label_of(name),
        addresses,
        from_txt(info.properties),
        truncate_utf8(strip_unsafe(host), 63),
    )
