"""Asks in mDNS what zeroconf's browser does not ask: a lost question again, and rooms that fell silent.

A browser sends its question after 0, 1, 5 and 14 s. On a bad radio two questions are soon lost, and a person
waits for five seconds; so there is one more, where RFC 6762 would have it (section 5.2: after one second,
then at intervals that double).

A browser also lists the answers that it has, so that nobody repeats them (section 7.1). If our answers were
blocked for a while, we have missed what changed, and that list keeps it from us: a room that opened again at
another port stays at the old one until its record expires. So the records of a room that has fallen silent
are asked for without such a list (section 10.4: reconfirmation). One that nobody answers for is gone, if its
computer also says that nothing listens there any more.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Sequence
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSOutgoing,
    DNSQuestion,
    DNSQuestionType,
    DNSService,
    RecordUpdate,
    RecordUpdateListener,
    Zeroconf,
)

from messango.discovery.model.room_table import RoomTable
from messango.discovery.model.txt_record import SERVICE_TYPE, is_room_service

_REPEAT_AFTER_S: Final = 3.0
#: Pauses between more questions from a port of our own while nothing at all was found. Their answers come to
#: us only, so they bother nobody.
_FIRST_PAUSES_S: Final = (0.6, 1.0, 0.6)
_RECONFIRM_EVERY_S: Final = 5.0
#: In every third of these pauses; each question wakes all machines on a Wi-Fi.
_CLAIMS_EVERY: Final = 3
#: As many names of 63 bytes as fit into one packet.
_MAX_QUESTIONS: Final = 15

# RFC 1035 and 2782.
_QUERY: Final = 0x0000
_PTR: Final = 12
_SRV: Final = 33
_IN: Final = 1


class ExtraQueries(RecordUpdateListener):
    """Asks beside the browser of one zeroconf, for the rows of one table. Belongs to one event loop."""

    def __init__(self, zeroconf: Zeroconf, question_type: DNSQuestionType, table: RoomTable) -> None:
        self._zeroconf = zeroconf
        self._question_type = question_type
        self._table = table
        self._answered: list[str] = []  # names still to be asked for in this turn

    def async_update_records(self, zc: Zeroconf, now: float, records: list[RecordUpdate]) -> None:  # noqa: ARG002 (zeroconf's)
        """Note whose hosts answer; never raises."""
        for update in records:
            record = update.new
            if isinstance(record, DNSService) and not record.is_expired(now) and is_room_service(record.name):
                self._table.service_heard(record.name)

    async def run(self) -> None:
        """Ask until cancelled."""
        self._zeroconf.async_add_listener(self, None)
        try:
            if self._is_unicast:
                await self._ask_until_found()
            await asyncio.sleep(_REPEAT_AFTER_S)
            self._send(_PTR, [SERVICE_TYPE])
            for number in itertools.count(1):
                # Once for all: every host hears a question by multicast.
                if not self._is_unicast:
                    self._ask_for_silent_services()
                    if number % _CLAIMS_EVERY == 0:
                        self._ask_who_claims()
                await asyncio.sleep(_RECONFIRM_EVERY_S)
        finally:
            self._zeroconf.async_remove_listener(self)

    @property
    def _is_unicast(self) -> bool:
        return self._question_type is DNSQuestionType.QU

    async def _ask_until_found(self) -> None:
        for pause_s in _FIRST_PAUSES_S:
            await asyncio.sleep(pause_s)
            if self._table.is_empty:
                self._send(_PTR, [SERVICE_TYPE])

    def _ask_for_silent_services(self) -> None:
        if names := self._table.services_to_confirm(_MAX_QUESTIONS):
            self._send(_SRV, names)

    def _ask_who_claims(self) -> None:
        """Ask for the hosts of rooms that answer.

        On networks that were joined, two rooms may have one name. Their PTR records are equal, so both hosts
        find theirs among the known answers and keep silent. Their answers to this question also tell them of
        each other (RFC 6762, section 9).
        """
        if not self._answered:
            self._answered = self._table.services_answered()
        names, self._answered = self._answered[:_MAX_QUESTIONS], self._answered[_MAX_QUESTIONS:]
        if names:
            self._send(_SRV, names)

    def _send(self, kind: int, names: Sequence[str]) -> None:
        now_ms = asyncio.get_running_loop().time() * 1000
        out = DNSOutgoing(_QUERY)
        for name in names:
            question = DNSQuestion(name, kind, _IN)
            question.unicast = self._is_unicast
            out.add_question(question)
            for record in self._zeroconf.cache.get_all_by_details(name, kind, _IN) if kind == _PTR else ():
                if not record.is_stale(now_ms):
                    out.add_answer_at_time(record, now_ms)
        self._zeroconf.async_send(out)
