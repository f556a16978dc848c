"""Finds out where a service is that zeroconf has named, and what its TXT record says."""

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
from messango.discovery.txt_record import SERVICE_TYPE, cut, from_txt, label_of, visible

logger = logging.getLogger(__name__)

#: A service that was just published by avahi takes 0.7 s to answer; a lossy Wi-Fi needs a second question.
_RESOLVE_WITHIN_MS: Final = 3_000


class Resolver(RecordUpdateListener):
    """Keeps the table's services as mDNS has them now; lives in one event loop, with one zeroconf."""

    def __init__(
        self,
        zeroconf: Zeroconf,
        question: DNSQuestionType,
        table: RoomTable,
        emit: Callable[[Iterable[BrowseEvent]], None],
    ) -> None:
        self._zeroconf = zeroconf
        self._question = question
        self._table = table
        self._emit = emit
        self._heard: asyncio.Queue[tuple[str, ServiceStateChange]] = asyncio.Queue()
        self._under_way: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()

    def heard(self, name: str, change: ServiceStateChange) -> None:
        """Take a word of zeroconf's; never raises."""
        self._heard.put_nowait((name, change))

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Look again where a service is once somebody has taken back that it is with him.

        Of two rooms that opened under one name, one leaves it so to the other, and a browser hears of
        the name itself alone.
        """
        for update in records:
            record = update.new
            if isinstance(record, DNSService) and record.is_expired(now) and _is_room(record.name):
                self.heard(record.name, ServiceStateChange.Updated)

    async def run(self) -> None:
        """Work until cancelled."""
        try:
            while True:
                name, change = await self._heard.get()
                if change is ServiceStateChange.Removed:
                    self._stop(name)
                    self._emit(self._table.removed(name.lower()))
                else:
                    self._resolve_soon(name)
        finally:
            for task in self._under_way.values():
                task.cancel()

    def _resolve_soon(self, name: str) -> None:
        if name in self._under_way:
            self._again.add(name)
        elif len(self._under_way) < MAX_ROWS:
            self._under_way[name] = asyncio.ensure_future(self._resolve(name))

    def _stop(self, name: str) -> None:
        self._again.discard(name)
        task = self._under_way.pop(name, None)
        if task is not None:
            task.cancel()

    async def _resolve(self, name: str) -> None:
        try:
            while True:
                self._again.discard(name)
                service = await self._service(name)
                if service is not None:
                    self._emit(self._table.resolved(service, time.monotonic()))
                if name not in self._again:
                    break
        finally:
            if self._under_way.get(name) is asyncio.current_task():
                del self._under_way[name]

    async def _service(self, name: str) -> Service | None:
        try:
            info = AsyncServiceInfo(SERVICE_TYPE, name)
            if not await info.async_request(self._zeroconf, _RESOLVE_WITHIN_MS, self._question):
                return None
            return _service_of(name, info)
        except (ZeroconfError, ValueError, OSError) as error:
            # Names and records are a stranger's.
            logger.debug("Can't resolve %r: %s", name, error)
            return None


def _is_room(name: str) -> bool:
    return name.lower().endswith(f".{SERVICE_TYPE}")


def _service_of(name: str, info: AsyncServiceInfo) -> Service:
    addresses = usable_addresses(info.parsed_scoped_addresses(IPVersion.All), info.port or 0)
    host = (info.server or "").removesuffix(".").removesuffix(".local")
    return Service(name.lower(), label_of(name), addresses, from_txt(info.properties), cut(visible(host), 63))
