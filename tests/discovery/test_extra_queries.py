"""Questions beside those of zeroconf's browser, with a zeroconf that only notes what is sent."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from zeroconf import (  # type: ignore[attr-defined]  # the DNS classes are not in its __all__
    DNSCache,
    DNSIncoming,
    DNSOutgoing,
    DNSPointer,
    DNSQuestionType,
    DNSService,
    RecordUpdate,
)

from messango.discovery import extra_queries
from messango.discovery.extra_queries import ExtraQueries
from messango.discovery.model.room_table import RoomTable
from messango.discovery.model.txt_record import SERVICE_TYPE, service_name
from messango.errors import Unreachable
from tests.discovery.factories import service_of

PTR, SRV, IN = 12, 33, 1
OFFICE = service_name("Office")


class FakeZeroconf:
    """Notes what is sent."""

    def __init__(self) -> None:
        self.cache = DNSCache()
        self.sent: list[DNSIncoming] = []

    def async_send(self, out: DNSOutgoing) -> None:
        self.sent += [DNSIncoming(packet) for packet in out.packets()]

    def async_add_listener(self, listener: object, question: None) -> None:
        assert listener
        assert question is None

    def async_remove_listener(self, listener: object) -> None:
        assert listener


def silent_table() -> RoomTable:
    """Return a table with one room, which does not answer."""
    table = RoomTable()
    table.service_resolved(service_of(), 0.0)
    for now in (0.0, 1.0):
        (row,) = table.due_rows(now)
        table.probe_started(row, now)
        table.probe_failed(row, Unreachable("Nobody answers there."), 0.1, now)
    return table


def ask(
    monkeypatch: pytest.MonkeyPatch, table: RoomTable, kind: DNSQuestionType, packets: int
) -> FakeZeroconf:
    """Run until so many packets were sent."""
    monkeypatch.setattr(extra_queries, "_REPEAT_AFTER_S", 0.0)
    monkeypatch.setattr(extra_queries, "_FIRST_PAUSES_S", (0.0, 0.0))
    monkeypatch.setattr(extra_queries, "_RECONFIRM_EVERY_S", 0.001)
    zeroconf: Any = FakeZeroconf()

    async def scene() -> None:
        zeroconf.cache.async_add_records(
            [DNSPointer(SERVICE_TYPE, PTR, IN, 4500, OFFICE, asyncio.get_running_loop().time() * 1000)]
        )
        work = asyncio.ensure_future(ExtraQueries(zeroconf, kind, table).run())
        while len(zeroconf.sent) < packets:
            await asyncio.sleep(0)
        work.cancel()
        await asyncio.wait([work])

    asyncio.run(scene())
    found: FakeZeroconf = zeroconf
    return found


@pytest.mark.parametrize("kind", [DNSQuestionType.QM, DNSQuestionType.QU])
def test_the_question_for_rooms_is_repeated(monkeypatch: pytest.MonkeyPatch, kind: DNSQuestionType) -> None:
    """With the answers that are known, so that nobody repeats them."""
    zeroconf = ask(monkeypatch, silent_table(), kind, 1)
    (question,) = zeroconf.sent[0].questions
    assert (question.name, question.type) == (SERVICE_TYPE, PTR)
    assert question.unicast is (kind is DNSQuestionType.QU)
    assert [getattr(answer, "alias", None) for answer in zeroconf.sent[0].answers()] == [OFFICE]


def test_while_nothing_is_found_more_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only from a port of our own; where a room was found at once, there is one question less for each."""
    zeroconf = ask(monkeypatch, RoomTable(), DNSQuestionType.QU, 3)
    assert [question.type for packet in zeroconf.sent for question in packet.questions] == [PTR] * 3


def test_a_silent_room_is_asked_for_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without known answers: what we know may be old."""
    zeroconf = ask(monkeypatch, silent_table(), DNSQuestionType.QM, 4)
    for packet in zeroconf.sent[1:]:
        (question,) = packet.questions
        assert (question.name, question.type, question.unicast) == (OFFICE, SRV, False)
        assert packet.answers() == []


def test_a_host_that_answers_is_noted() -> None:
    """So its room is not taken for gone."""
    table, zeroconf = silent_table(), FakeZeroconf()
    queries = ExtraQueries(zeroconf, DNSQuestionType.QM, table)  # type: ignore[arg-type]
    assert table.services_to_confirm(15) == [OFFICE]
    heard = DNSService(OFFICE, SRV, IN, 120, 0, 0, 8000, "ann.local.", 0.0)
    (row,) = table.due_rows(60.0)
    assert row.unanswered_questions == 1
    queries.async_update_records(zeroconf, 1.0, [RecordUpdate(heard, None)])  # type: ignore[arg-type]
    assert row.unanswered_questions == 0
