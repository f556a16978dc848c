"""A room's hold on its name in mDNS: hears of another by the same name, and keeps or yields it (RFC 6762, 9).

Two rooms that open at the same moment both ask whether a name is taken, and neither answers yet; and two
networks, each with a room of that name, may be joined at any time.
"""

from __future__ import annotations

import asyncio
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

from messango.discovery.loop_thread import first_of, wait_for_event
from messango.discovery.txt_record import SERVICE_TYPE, label_of
from messango.protocol.validation import normalized_name

#: Whoever is on a network that was joined to ours says nothing until somebody asks. Each question wakes all
#: machines on a Wi-Fi.
_ASK_EVERY_S: Final = 60.0
#: With the cache-flush bit, a record clears out others that are older than a second (RFC 6762, 10.2).
_CLEARS_AFTER_S: Final = 1.1
#: Who has heard so many answers and stays is not one who yields.
_DEFENCES: Final = 5
_QUIET_S: Final = 60.0

# RFC 1035 and 2782.
_QUERY: Final = 0x0000
_RESPONSE: Final = 0x8400
_TXT: Final = 16
_SRV: Final = 33
_IN: Final = 1


class Claim(RecordUpdateListener):
    """Our claim to the label that `info` is registered under. Lives in one event loop, with one zeroconf.

    Of two rooms that claim a label the one whose host name comes first keeps it, so both decide alike.
    """

    def __init__(self, zeroconf: Zeroconf, info: AsyncServiceInfo, *, yields: bool) -> None:
        self._zeroconf = zeroconf
        self._name = info.name
        self._label_key = normalized_name(label_of(info.name))
        self._server = (info.server or "").lower()
        self._yields = yields
        self._defences = 0
        self._last_challenge = 0.0
        self._challenged = asyncio.Event()
        self._lost = asyncio.Event()

    @property
    def lost(self) -> bool:
        """Whether another room keeps the name."""
        return self._lost.is_set()

    async def hold(self) -> None:
        """Watch and defend the name until it is lost."""
        self._zeroconf.async_add_listener(self, DNSQuestion(self._name, _SRV, _IN))
        try:
            await first_of(self._lost.wait(), self._defend())
        finally:
            self._zeroconf.async_remove_listener(self)

    def give_up(self) -> None:
        """Take back what was told of us alone; for zeroconf's goodbye would take the other's name as well.

        The pointer to the name is the other's as much as ours, and what has no cache-flush bit leaves
        others' records of the name alone.
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
        """Judge what somebody told."""
        for update in records:
            record, taken_back = update.new, update.new.is_expired(now)
            if isinstance(record, DNSService) and not taken_back and self._is_rival(record):
                self._challenge(record.server.lower())
            elif isinstance(record, DNSPointer) and taken_back and self._is_ours(record.alias):
                # By a rival who left, or by somebody who forged it.
                self._challenged.set()

    def _is_rival(self, record: DNSService) -> bool:
        return self._is_ours(record.name) and record.server.lower() != self._server

    def _is_ours(self, name: str) -> bool:
        of_rooms = name.lower().endswith(f".{SERVICE_TYPE}")
        return of_rooms and normalized_name(label_of(name)) == self._label_key

    def _challenge(self, server: str) -> None:
        now = time.monotonic()
        if now - self._last_challenge > _QUIET_S:
            self._defences = 0
        self._last_challenge = now
        if self._yields and (server < self._server or self._defences >= _DEFENCES):
            self._lost.set()
        else:
            self._challenged.set()

    async def _defend(self) -> None:
        while True:
            await wait_for_event(self._challenged, _ASK_EVERY_S)
            if not self._challenged.is_set():
                self._ask()
                continue
            self._challenged.clear()
            self._defences += 1
            self._announce()
            await asyncio.sleep(_CLEARS_AFTER_S)
            self._announce()

    def _ask(self) -> None:
        out = DNSOutgoing(_QUERY)
        out.add_question(DNSQuestion(self._name, _SRV, _IN))
        self._zeroconf.async_send(out)

    def _announce(self) -> None:
        for info in self._zeroconf.registry.async_get_infos_type(SERVICE_TYPE):
            self._zeroconf.async_send(self._zeroconf.generate_service_broadcast(info, None))
