"""Resolves the services that zeroconf reports: their addresses, ports and TXT records."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    AddressResolver,
    DNSPointer,
    DNSQuestionType,
    DNSService,
    DNSText,
    IPVersion,
    RecordUpdate,
    RecordUpdateListener,
    ServiceInfo,
    ServiceStateChange,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError
from zeroconf.asyncio import AsyncServiceInfo

from messango.discovery.model.events import BrowseEvent, usable_addresses
from messango.discovery.model.room_row import Service
from messango.discovery.model.room_table import MAX_ROWS, RoomTable
from messango.discovery.model.service_claims import Claim, ServiceClaims
from messango.discovery.model.txt_record import (
    SERVICE_TYPE,
    from_txt,
    is_room_service,
    label_of,
    strip_unsafe,
    truncate_utf8,
)
from messango.transport.addresses import Address
from messango.transport.networks.link_local import with_own_scopes
from messango.transport.networks.own_networks import OwnNetworks

logger = logging.getLogger(__name__)

#: A service that avahi just published takes 0.7 s to answer; on a lossy Wi-Fi a second query is needed.
RESOLVE_TIMEOUT_MS: Final = 3_000


class ServiceResolver(RecordUpdateListener):
    """Keeps the services of the table up to date. Belongs to one event loop and one zeroconf.

    Of a name that several hosts claim, each claim is a service of its own: see `service_claims`.
    """

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
        self._claims = ServiceClaims()
        self._changes: asyncio.Queue[tuple[str, ServiceStateChange, str]] = asyncio.Queue()
        self._running: dict[tuple[str, str], asyncio.Task[None]] = {}
        self._to_repeat: set[tuple[str, str]] = set()

    def service_changed(self, name: str, change: ServiceStateChange, server: str = "") -> None:
        """Queue a change that zeroconf reported, with `server` of one host only; never raises."""
        self._changes.put_nowait((name, change, server))

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Take the claims from a packet, and resolve the services that they changed.

        A zeroconf browser reports changes of the PTR record only, which is the same for all hosts of a name.
        """
        hosts: dict[str, list[tuple[str, int]]] = {}
        texts: dict[str, list[Mapping[bytes, bytes | None]]] = {}
        # The browser reports these.
        gone = {
            update.new.alias.lower()
            for update in records
            if isinstance(update.new, DNSPointer) and update.new.is_expired(now)
        }
        for update in records:
            record = update.new
            if not isinstance(record, (DNSService, DNSText)) or not is_room_service(record.name):
                continue
            if isinstance(record, DNSText):
                if not record.is_expired(now):
                    texts.setdefault(record.name, []).append(_txt_pairs(record.text))
            elif record.is_expired(now):
                if record.name.lower() in gone:
                    continue
                self.service_changed(record.name, ServiceStateChange.Removed, record.server)
            else:
                hosts.setdefault(record.name, []).append((record.server, record.port))
        for name in self._claims.apply_packet(hosts, texts):
            self.service_changed(name, ServiceStateChange.Updated)

    async def run(self) -> None:
        """Apply queued changes until cancelled."""
        try:
            while True:
                name, change, server = await self._changes.get()
                if change is ServiceStateChange.Removed:
                    self._remove(name, server)
                else:
                    self._resolve_soon(name)
        finally:
            for task in self._running.values():
                task.cancel()

    def _remove(self, name: str, server: str) -> None:
        self._claims.remove(name, server)
        for key in [key for key in self._running if key[0] == name and not server]:
            self._to_repeat.discard(key)
            self._running.pop(key).cancel()
        self._emit(self._table.service_removed(name.lower(), time.monotonic(), _host_of(server)))
        if self._claims.of(name):
            self._resolve_soon(name)

    def _resolve_soon(self, name: str) -> None:
        for key in [(name, claim.key) for claim in self._claims.of(name)] or [(name, "")]:
            if key in self._running:
                self._to_repeat.add(key)
            elif len(self._running) < MAX_ROWS:
                self._running[key] = asyncio.ensure_future(self._resolve(key))

    async def _resolve(self, key: tuple[str, str]) -> None:
        try:
            while True:
                self._to_repeat.discard(key)
                service = await self._request_service(*key)
                if service is not None:
                    self._emit(self._table.service_resolved(service, time.monotonic()))
                if key not in self._to_repeat:
                    break
        finally:
            if self._running.get(key) is asyncio.current_task():
                del self._running[key]

    async def _request_service(self, name: str, claim_key: str) -> Service | None:
        try:
            claim = next((claim for claim in self._claims.of(name) if claim.key == claim_key), None)
            if claim is not None:
                return await self._request_addresses(claim)
            info = AsyncServiceInfo(SERVICE_TYPE, name)
            if not await info.async_request(self._zeroconf, RESOLVE_TIMEOUT_MS, self._question_type):
                return None
            claim = Claim(name, info.server or "", info.port or 0, from_txt(info.properties))
            return _to_service(claim, info, self._own)
        except (ZeroconfError, ValueError, OSError) as error:
            # Names and records come from strangers and may be invalid.
            logger.debug("can't resolve %r: %s", name, error)
            return None

    async def _request_addresses(self, claim: Claim) -> Service | None:
        resolver = AddressResolver(claim.server)
        if not await resolver.async_request(self._zeroconf, RESOLVE_TIMEOUT_MS, self._question_type):
            return None
        latest = (other for other in self._claims.of(claim.name) if other.key == claim.key)
        return _to_service(next(latest, claim), resolver, self._own)


def _txt_pairs(text: bytes) -> Mapping[bytes, bytes | None]:
    try:
        return ServiceInfo(SERVICE_TYPE, SERVICE_TYPE, properties=text).properties
    except (ZeroconfError, ValueError, IndexError):
        return {}


def _host_of(server: str) -> str:
    return truncate_utf8(strip_unsafe(server.removesuffix(".").removesuffix(".local")), 63)


def _to_service(claim: Claim, info: ServiceInfo, own: OwnNetworks) -> Service:
    # A link-local address arrives without a scope by IPv4, and by IPv6 with that of the network where it was
    # heard, which is not always its own.
    literals = [
        scoped.host
        for literal in info.parsed_scoped_addresses(IPVersion.All)
        for scoped in with_own_scopes(Address(literal), own.interfaces)
    ]
    addresses = usable_addresses(literals, claim.port, own)
    host, name = _host_of(claim.server), claim.name.lower()
    return Service(claim.key, label_of(claim.name), addresses, claim.record, host, name=name)
