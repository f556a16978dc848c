"""Waits until the name that a room had to leave is free: the other room is gone, or never was one."""

from __future__ import annotations

import asyncio
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSOutgoing,
    DNSPointer,
    DNSQuestion,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)

from messango.discovery.announcing.rival import Rival, RivalCheck
from messango.discovery.loop_thread import wait_for_event
from messango.discovery.model.txt_record import is_room_service, label_of, service_name
from messango.protocol.text.validation import normalized_name

#: A name that was taken back is soon lost again if both rooms are real and meet only now and then, so after
#: each loss it takes longer.
FIRST_CHECK_S: Final = 10.0
MAX_CHECK_S: Final = 600.0
#: One missing answer may be a lost packet.
_CHECKS: Final = 2
_NEXT_CHECK_S: Final = 3.0
_GOODBYE_CHECK_S: Final = 1.0
#: Responders answer within 120 ms; the second query is for a lost packet.
_QUERIES_AFTER_S: Final = (0.0, 1.0)
_ANSWER_S: Final = 1.0
_MAX_RIVALS: Final = 5

# RFC 1035 and 2782.
_QUERY: Final = 0x0000
_SRV: Final = 33
_IN: Final = 1


def check_every_s(losses: int) -> float:
    """Return the pause between two checks of a room that has lost its name so often."""
    return min(FIRST_CHECK_S * 2.0 ** max(0, losses - 1), MAX_CHECK_S)


class NameRecovery(RecordUpdateListener):
    """Looks now and then who claims a label. Belongs to one event loop and one zeroconf."""

    def __init__(self, zeroconf: Zeroconf, label: str, own_server: str, rivals: RivalCheck) -> None:
        self._zeroconf = zeroconf
        self._label = label
        self._label_key = normalized_name(label)
        self._own_server = own_server.lower()
        self._rival_check = rivals
        self._claims: dict[str, Rival] = {}
        self._goodbye = asyncio.Event()

    async def wait_until_free(self, every_s: float) -> None:
        """Return when no room of that name has answered in two checks; sooner after its goodbye."""
        self._zeroconf.async_add_listener(self, None)
        free = 0
        try:
            while free < _CHECKS:
                await wait_for_event(self._goodbye, _NEXT_CHECK_S if free else every_s)
                if self._goodbye.is_set():
                    self._goodbye.clear()
                    # Goodbyes may be forged, and an honest room takes a moment to close.
                    await asyncio.sleep(_GOODBYE_CHECK_S)
                free = free + 1 if await self._is_free() else 0
        finally:
            self._zeroconf.async_remove_listener(self)

    async def _is_free(self) -> bool:
        self._claims.clear()
        out = DNSOutgoing(_QUERY)
        out.add_question(DNSQuestion(service_name(self._label), _SRV, _IN))
        for pause_s in _QUERIES_AFTER_S:
            await asyncio.sleep(pause_s)
            self._zeroconf.async_send(out)
        await asyncio.sleep(_ANSWER_S)
        checks = (self._rival_check.is_real(self._zeroconf, rival) for rival in [*self._claims.values()])
        return not any(await asyncio.gather(*checks))

    # Called by zeroconf.

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Note who claims the label, and who leaves it."""
        for update in records:
            record, is_goodbye = update.new, update.new.is_expired(now)
            if isinstance(record, DNSService) and self._is_wanted(record.name):
                if record.server.lower() == self._own_server:
                    continue
                if is_goodbye:
                    self._goodbye.set()
                elif len(self._claims) < _MAX_RIVALS:
                    rival = Rival(self._label, record.server, record.port)
                    self._claims.setdefault(record.server.lower(), rival)
            elif isinstance(record, DNSPointer) and is_goodbye and self._is_wanted(record.alias):
                self._goodbye.set()

    def _is_wanted(self, name: str) -> bool:
        return is_room_service(name) and normalized_name(label_of(name)) == self._label_key
