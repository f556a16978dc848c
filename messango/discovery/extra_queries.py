"""Asks in mDNS what zeroconf's browser does not ask: a lost question again, and rooms that fell silent.

A browser sends its question after 0, 1, 5 and 14 s. On a bad radio two questions are soon lost, and a person
waits for five seconds; so there is one more, where RFC 6762 would have it (section 5.2: after one second,
then at intervals that double).

A browser also lists the answers that it has, so that nobody repeats them (section 7.1). If our answers were
blocked for a while, we have missed what changed, and that list keeps it from us: a room that opened again at
another port stays at the old one until its record expires. So the records of a room that has fallen silent
are asked for without such a list (section 10.4: reconfirmation).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSOutgoing,
    DNSQuestion,
    DNSQuestionType,
    Zeroconf,
)
from zeroconf import Error as ZeroconfError

from messango.discovery.txt_record import SERVICE_TYPE

_REPEAT_AFTER_S: Final = 3.0
_RECONFIRM_EVERY_S: Final = 5.0
#: As many names of 63 bytes as fit into one packet.
MAX_QUESTIONS: Final = 15

# RFC 1035 and 2782.
_QUERY: Final = 0x0000
_PTR: Final = 12
_SRV: Final = 33
_IN: Final = 1


async def ask_more(
    zeroconf: Zeroconf, question_type: DNSQuestionType, silent_services: Callable[[], Sequence[str]]
) -> None:
    """Ask until cancelled; `silent_services` returns the full names of services whose rooms are silent."""
    await asyncio.sleep(_REPEAT_AFTER_S)
    _send(zeroconf, question_type, _PTR, [SERVICE_TYPE])
    while True:
        if names := silent_services():
            _send(zeroconf, question_type, _SRV, names[:MAX_QUESTIONS])
        await asyncio.sleep(_RECONFIRM_EVERY_S)


def _send(zeroconf: Zeroconf, question_type: DNSQuestionType, kind: int, names: Sequence[str]) -> None:
    now_ms = asyncio.get_running_loop().time() * 1000
    out = DNSOutgoing(_QUERY)
    for name in names:
        try:
            question = DNSQuestion(name, kind, _IN)
            question.unicast = question_type is DNSQuestionType.QU
            out.add_question(question)
        except ZeroconfError:  # A stranger's name that can't be written.
            continue
        for record in zeroconf.cache.get_all_by_details(name, kind, _IN) if kind == _PTR else ():
            if not record.is_stale(now_ms):
                out.add_answer_at_time(record, now_ms)
    zeroconf.async_send(out)
