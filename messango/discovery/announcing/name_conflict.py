"""Detects and resolves name conflicts between rooms in mDNS (RFC 6762, section 9).

They happen although each room probes its name first: two rooms may open at the same moment, and two
networks that each have a room of that name may be joined at any time.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSService,
    DNSText,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)
from zeroconf.asyncio import AsyncServiceInfo

from messango.discovery.announcing.rival import Rival, RivalCheck
from messango.discovery.loop_thread import wait_first, wait_for_event
from messango.discovery.model.txt_record import SERVICE_TYPE, is_room_service, label_of
from messango.protocol.text.validation import normalized_name

#: A room on a network that was joined to ours sends nothing until there is a query. Not more often, because
#: each query wakes all machines on a Wi-Fi.
_QUERY_EVERY_S: Final = 20.0
#: A record with the cache-flush bit removes others that are older than a second (RFC 6762, section 10.2).
_CACHE_FLUSH_S: Final = 1.1
#: A rival that stays after this many answers will never yield.
_MAX_DEFENCES: Final = 5
_RESET_DEFENCES_AFTER_S: Final = 60.0
#: Somebody who claims the name without end does not make us announce it without end: those who look for rooms
#: keep each claim apart.
_CALM_S: Final = 10.0
#: A forger may claim the name under any number of host names: one is checked at a time.
_MAX_WAITING_RIVALS: Final = 5
_CHECK_EVERY_S: Final = 1.0

# RFC 1035 and 2782.
_QUERY: Final = 0x0000
_RESPONSE: Final = 0x8400
_TXT: Final = 16
_SRV: Final = 33
_IN: Final = 1


class NameClaim(RecordUpdateListener):
    """Our claim to the label under which `info` is registered. Belongs to one event loop and one zeroconf.

    Of two rooms that claim a label, the one whose host name sorts first keeps it, so both decide alike. Only
    a room that answers under that name is one: whoever only announces the name never gets it.
    """

    def __init__(
        self, zeroconf: Zeroconf, info: AsyncServiceInfo, rivals: RivalCheck, *, may_yield: bool
    ) -> None:
        self._zeroconf = zeroconf
        self._name = info.name
        self._rival_check = rivals
        self._rivals: asyncio.Queue[Rival] = asyncio.Queue(_MAX_WAITING_RIVALS)
        self._label_key = normalized_name(label_of(info.name))
        self._server = (info.server or "").lower()
        self._may_yield = may_yield
        self._defences = 0
        self._last_conflict_s = 0.0
        self._conflict = asyncio.Event()
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether the name was left to another room."""
        return self._lost.is_set()

    async def watch_and_defend(self) -> None:
        """Watch for conflicts and defend the name until it is lost."""
        self._zeroconf.async_add_listener(self, DNSQuestion(self._name, _SRV, _IN))
        try:
            await wait_first(self._lost.wait(), self._defend(), self._check_rivals())
        finally:
            self._zeroconf.async_remove_listener(self)

    def withdraw(self) -> None:
        """Withdraw only our own records; zeroconf's goodbye would remove the other room as well.

        The PTR record is identical for both rooms, so it stays. Without the cache-flush bit, our goodbyes do
        not touch the other room's records of the name.
        """
        out = DNSOutgoing(_RESPONSE)
        for info in self._zeroconf.registry.async_get_infos_type(SERVICE_TYPE):
            self._zeroconf.registry.async_remove(info)
            out.add_answer_at_time(
                DNSService(info.name, _SRV, _IN, 0, 0, 0, info.port or 0, info.server or ""), 0
            )
            out.add_answer_at_time(DNSText(info.name, _TXT, _IN, 0, info.text), 0)
        self._zeroconf.async_send(out)

    # Called by zeroconf.

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Check records from the network for a conflict."""
        for update in records:
            record, is_goodbye = update.new, update.new.is_expired(now)
            if isinstance(record, DNSService) and not is_goodbye and self._is_conflict(record):
                self._on_conflict(Rival(label_of(record.name), record.server, record.port))
            elif isinstance(record, DNSPointer) and is_goodbye and self._is_our_name(record.alias):
                # From a rival that left, or forged.
                self._conflict.set()

    def _is_conflict(self, record: DNSService) -> bool:
        return self._is_our_name(record.name) and record.server.lower() != self._server

    def _is_our_name(self, name: str) -> bool:
        return is_room_service(name) and normalized_name(label_of(name)) == self._label_key

    def _on_conflict(self, rival: Rival) -> None:
        now = time.monotonic()
        if now - self._last_conflict_s > _RESET_DEFENCES_AFTER_S:
            self._defences = 0
        self._last_conflict_s = now
        comes_first = rival.server.lower() < self._server or self._defences >= _MAX_DEFENCES
        if not (self._may_yield and comes_first):
            self._conflict.set()
            return
        with contextlib.suppress(asyncio.QueueFull):
            self._rivals.put_nowait(rival)

    async def _check_rivals(self) -> None:
        """Leave the name to the first rival that proves to have a room of that name."""
        while True:
            rival = await self._rivals.get()
            if await self._rival_check.is_real(self._zeroconf, rival):
                self._lost.set()
                return
            self._conflict.set()
            await asyncio.sleep(_CHECK_EVERY_S)

    async def _defend(self) -> None:
        while True:
            await wait_for_event(self._conflict, _QUERY_EVERY_S)
            if not self._conflict.is_set():
                self._query()
                continue
            self._conflict.clear()
            self._defences += 1
            self._announce()
            await asyncio.sleep(_CACHE_FLUSH_S)
            self._announce()
            if self._defences >= _MAX_DEFENCES:
                await asyncio.sleep(_CALM_S)

    def _query(self) -> None:
        out = DNSOutgoing(_QUERY)
        out.add_question(DNSQuestion(self._name, _SRV, _IN))
        self._zeroconf.async_send(out)

    def _announce(self) -> None:
        for info in self._zeroconf.registry.async_get_infos_type(SERVICE_TYPE):
            self._zeroconf.async_send(self._zeroconf.generate_service_broadcast(info, None))
