"""One row per room, from mDNS records and probe results."""

from __future__ import annotations

import dataclasses

import pytest

from messango.discovery.model.events import (
    BrowseEvent,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.room_row import Row, Service
from messango.discovery.model.room_table import HIDE_AFTER_S, MAX_ROWS, PROBE_EVERY_S, RoomTable
from messango.errors import JoinRefused, MessangoError, RemoteProtocolError, Unreachable
from messango.protocol.error_codes import CLOSING, PROTOCOL
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult
from tests.discovery.factories import (
    ADDRESS,
    FINGERPRINT,
    ROOM_ID,
    probe_result_of,
    service_of,
    some_room_info,
)

UNREACHABLE = Unreachable("Nobody answers there.")


class ClockedTable:
    """A table with a clock that the test turns."""

    def __init__(self) -> None:
        self.table = RoomTable()
        self.now = 100.0

    def resolve(self, service: Service) -> list[BrowseEvent]:
        return self.table.service_resolved(service, self.now)

    def probe(
        self, outcome: RoomInfo | ProbeResult | MessangoError, key: str = "", took_s: float = 0.01
    ) -> list[BrowseEvent]:
        """Finish a due probe with this outcome: that of the row with this key, or the first."""
        row = next(row for row in self.table.due_rows(self.now) if row.service.key.startswith(key))
        self.table.probe_started(row, self.now)
        return self.finish_probe(row, outcome, took_s)

    def finish_probe(
        self, row: Row, outcome: RoomInfo | ProbeResult | MessangoError, took_s: float = 0.01
    ) -> list[BrowseEvent]:
        self.now += took_s
        if isinstance(outcome, MessangoError):
            return self.table.probe_failed(row, outcome, took_s, self.now)
        if isinstance(outcome, RoomInfo) and not isinstance(outcome, ProbeResult):
            outcome = probe_result_of(outcome)
        return self.table.probe_succeeded(row, outcome, self.now)

    def advance_to_next_probe(self) -> None:
        self.now = max(self.now, self.table.next_due())


@pytest.fixture
def rooms() -> ClockedTable:
    return ClockedTable()


def single_room(events: list[BrowseEvent], kind: type[RoomAdded | RoomUpdated | RoomRemoved]) -> FoundRoom:
    """Return the room of the only event, which must be of this kind."""
    (event,) = events
    assert isinstance(event, kind)
    return event.room


def test_a_room_is_open_only_after_it_answered(rooms: ClockedTable) -> None:
    """mDNS is a hint that anybody can forge; until an answer the room is being checked."""
    assert single_room(rooms.resolve(service_of()), RoomAdded).status is RoomStatus.CHECKING
    assert single_room(rooms.probe(some_room_info()), RoomUpdated).status is RoomStatus.OPEN


def test_the_answer_of_the_room_wins(rooms: ClockedTable) -> None:
    """It counts before the TXT record, and so does the fingerprint of its certificate."""
    rooms.resolve(service_of(members=1))
    room = single_room(rooms.probe(some_room_info(room_id=ROOM_ID, members=4)), RoomUpdated)
    assert (room.id, room.members, room.version, room.fingerprint) == (ROOM_ID, 4, "1.2.3", FINGERPRINT)
    assert room.host == "ann-laptop"


def test_the_host_is_the_machines_name_or_the_host_name_of_the_record(rooms: ClockedTable) -> None:
    """A record of another program may not name the machine."""
    service = service_of()
    nameless = dataclasses.replace(service, record=dataclasses.replace(service.record, host=""))
    assert single_room(rooms.resolve(nameless), RoomAdded).host == "messango-1"


def test_a_room_without_a_free_seat_is_full(rooms: ClockedTable) -> None:
    """It is open again when somebody leaves."""
    rooms.resolve(service_of())
    room_info = some_room_info(members=5)
    assert single_room(rooms.probe(room_info), RoomUpdated).status is RoomStatus.FULL
    rooms.advance_to_next_probe()
    left = some_room_info(room_id=room_info.id, members=4)
    assert single_room(rooms.probe(left), RoomUpdated).status is RoomStatus.OPEN


def test_the_full_name_is_shown_if_the_label_is_cut(rooms: ClockedTable) -> None:
    """Sixteen mangos do not fit into a label."""
    rooms.resolve(service_of("🥭" * 15))
    assert single_room(rooms.probe(some_room_info("🥭" * 16)), RoomUpdated).name == "🥭" * 16


def test_the_label_is_shown_if_the_room_has_another_name(rooms: ClockedTable) -> None:
    """A conflict added a number, or somebody claims a name that is not in mDNS."""
    rooms.resolve(service_of("Office 2"))
    assert single_room(rooms.probe(some_room_info("Office")), RoomUpdated).name == "Office 2"


@pytest.mark.parametrize("name", ["Off\x1b[2Jice", "\u202eeciffO", "x" * 60_000])
def test_hostile_texts_do_no_harm(rooms: ClockedTable, name: str) -> None:
    """No control or bidi characters and no endless text in any field."""
    rooms.resolve(service_of("Evil\x1b\u202e room"))
    hostile_info = RoomInfo(1, ROOM_ID, name, "v\x07" * 9_000, -3, 10**12, False, True)
    room = single_room(rooms.probe(hostile_info), RoomUpdated)
    assert room.name == "Evil room"
    assert len(room.version) <= 64
    assert (room.members, room.seats) == (0, 9_999)


def test_no_change_gives_no_event(rooms: ClockedTable) -> None:
    """The same info, the same record again, a slightly longer round trip."""
    rooms.resolve(service_of())
    room_info = some_room_info()
    rooms.probe(probe_result_of(room_info, ping_ms=0.4))
    rooms.advance_to_next_probe()
    assert rooms.probe(probe_result_of(room_info, ping_ms=3.9)) == []
    assert rooms.resolve(service_of()) == []


def test_a_much_longer_round_trip_is_an_event(rooms: ClockedTable) -> None:
    """A change from cable to bad Wi-Fi is worth showing."""
    rooms.resolve(service_of())
    room_info = some_room_info()
    rooms.probe(probe_result_of(room_info, ping_ms=0.4))
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(probe_result_of(room_info, ping_ms=90.0)), RoomUpdated).ping_ms == 90.0


def test_the_address_that_answered_comes_first(rooms: ClockedTable) -> None:
    """The next probe, and a client who joins, try it first."""
    second = Address("10.0.0.1", 8000)
    rooms.resolve(service_of(addresses=[ADDRESS, second]))
    room = single_room(rooms.probe(probe_result_of(some_room_info(), second)), RoomUpdated)
    assert room.addresses == (second, ADDRESS)
    rooms.advance_to_next_probe()
    assert rooms.table.due_rows(rooms.now)[0].addresses == (second, ADDRESS)


def test_a_killed_server_is_silent_within_five_seconds(rooms: ClockedTable) -> None:
    """A quick failure may be a hiccup, so the probe is repeated at once; then the room is silent."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    killed_at = rooms.now
    rooms.advance_to_next_probe()
    assert rooms.probe(UNREACHABLE) == []
    rooms.advance_to_next_probe()
    room = single_room(rooms.probe(UNREACHABLE), RoomUpdated)
    assert room.status is RoomStatus.SILENT
    assert room.ping_ms is None
    assert rooms.now - killed_at < 5


def test_an_unplugged_server_is_silent_within_five_seconds(rooms: ClockedTable) -> None:
    """One probe that timed out is enough."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    unplugged_at = rooms.now
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(UNREACHABLE, took_s=2.0), RoomUpdated).status is RoomStatus.SILENT
    assert rooms.now - unplugged_at < 5


def test_one_hiccup_is_not_shown(rooms: ClockedTable) -> None:
    """A room that answers the second probe was never away, and the count starts again."""
    rooms.resolve(service_of())
    room_info = some_room_info()
    rooms.probe(room_info)
    for _ in range(3):
        rooms.advance_to_next_probe()
        assert rooms.probe(UNREACHABLE) == []
        rooms.advance_to_next_probe()
        assert rooms.probe(room_info) == []


def test_a_long_silent_room_disappears_and_may_come_back(rooms: ClockedTable) -> None:
    """After a minute it is hidden; it is still probed, and shown again when it answers."""
    rooms.resolve(service_of())
    room_info = some_room_info()
    rooms.probe(room_info)
    events: list[BrowseEvent] = []
    silent_at = rooms.now
    while not any(isinstance(event, RoomRemoved) for event in events):
        rooms.advance_to_next_probe()
        events += rooms.probe(UNREACHABLE, took_s=2.0)
        assert rooms.now - silent_at < HIDE_AFTER_S + 10
    assert rooms.now - silent_at >= HIDE_AFTER_S
    rooms.advance_to_next_probe()
    assert rooms.probe(UNREACHABLE, took_s=2.0) == []
    rooms.advance_to_next_probe()
    assert single_room(rooms.probe(room_info), RoomAdded).status is RoomStatus.OPEN


def test_a_goodbye_removes_at_once(rooms: ClockedTable) -> None:
    """Also during a probe, whose result then changes nothing."""
    rooms.resolve(service_of())
    (row,) = rooms.table.due_rows(rooms.now)
    rooms.table.probe_started(row, rooms.now)
    assert (
        single_room(rooms.table.service_removed(service_of().name, rooms.now), RoomRemoved).name == "Office"
    )
    assert rooms.finish_probe(row, some_room_info()) == []
    assert rooms.table.service_removed(service_of().name, rooms.now) == []


def test_a_room_of_another_version_is_shown_as_such(rooms: ClockedTable) -> None:
    """It answers, but we can't join: neither open nor silent."""
    rooms.resolve(service_of())
    room = single_room(rooms.probe(JoinRefused(PROTOCOL, "Too old.", "Update.")), RoomUpdated)
    assert room.status is RoomStatus.OTHER_VERSION


def test_a_record_tells_a_newer_version_from_a_foreign_program(rooms: ClockedTable) -> None:
    """An answer that we do not understand is another version only if the record says so."""
    newer = service_of("Newer")
    newer = dataclasses.replace(newer, record=dataclasses.replace(newer.record, protocol=2))
    rooms.resolve(newer)
    assert (
        single_room(rooms.probe(RemoteProtocolError("No frame.")), RoomUpdated).status
        is RoomStatus.OTHER_VERSION
    )
    rooms.resolve(service_of("Foreign"))
    rooms.probe(RemoteProtocolError("No frame."), "foreign")
    rooms.advance_to_next_probe()
    assert (
        single_room(rooms.probe(RemoteProtocolError("No frame."), "foreign"), RoomUpdated).status
        is RoomStatus.SILENT
    )


def test_a_room_that_refuses_is_not_silent(rooms: ClockedTable) -> None:
    """A busy server is not a dead one."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    for _ in range(5):
        rooms.advance_to_next_probe()
        assert rooms.probe(JoinRefused(CLOSING, "Busy.", "Later.")) == []


def test_a_stale_name_is_hidden(rooms: ClockedTable) -> None:
    """A killed server that is back under another name answers at both; only the new one is listed."""
    room_info = some_room_info("Kitchen")
    rooms.resolve(service_of("Office"))
    single_room(rooms.probe(room_info), RoomUpdated)
    rooms.resolve(service_of("Kitchen"))
    events = rooms.probe(room_info, "kitchen")
    assert {
        (type(event), event.room.name) for event in events if isinstance(event, (RoomUpdated, RoomRemoved))
    } == {
        (RoomUpdated, "Kitchen"),
        (RoomRemoved, "Office"),
    }
    back = rooms.table.service_removed(service_of("Kitchen").name, rooms.now)
    assert [type(event) for event in back] == [RoomRemoved, RoomAdded]


def test_a_forged_twin_hides_no_room(rooms: ClockedTable) -> None:
    """A stranger who answers with another room's id gets a row beside it, not instead of it."""
    room_info = some_room_info("Office")
    rooms.resolve(service_of("Office"))
    rooms.probe(room_info)
    rooms.resolve(service_of("Trap"))
    events = rooms.probe(some_room_info("Trap", room_id=room_info.id), "trap")
    assert [event.room.name for event in events if isinstance(event, RoomUpdated)] == ["Trap"]
    assert not any(isinstance(event, RoomRemoved) for event in events)


def test_a_service_without_addresses_is_not_a_room(rooms: ClockedTable) -> None:
    """One that loses its addresses keeps the old ones: mDNS forgets sooner than rooms close."""
    assert rooms.resolve(service_of(addresses=[])) == []
    rooms.resolve(service_of())
    assert rooms.resolve(service_of(addresses=[])) == []


def test_the_number_of_rows_is_limited(rooms: ClockedTable) -> None:
    """A machine that announces thousands of rooms does not fill our memory."""
    added = [rooms.resolve(service_of(f"Fake {number}")) for number in range(MAX_ROWS + 50)]
    assert sum(map(len, added)) == MAX_ROWS


def test_a_real_room_replaces_a_hidden_one(rooms: ClockedTable) -> None:
    """A room that has been silent for long makes space."""
    for number in range(MAX_ROWS):
        rooms.resolve(service_of(f"Fake {number}"))
    row = rooms.table.due_rows(rooms.now)[0]
    for _ in range(2):
        rooms.table.probe_started(row, rooms.now)
        rooms.finish_probe(row, UNREACHABLE, took_s=2.0)
        rooms.now += HIDE_AFTER_S
    assert single_room(rooms.resolve(service_of("Real")), RoomAdded).name == "Real"


def test_a_real_room_replaces_a_silent_one(rooms: ClockedTable) -> None:
    """A flood of forged rooms keeps it out only until they are probed; an event says which one went."""
    for number in range(MAX_ROWS):
        rooms.resolve(service_of(f"Fake {number}"))
    assert rooms.resolve(service_of("Too early")) == []
    row = rooms.table.due_rows(rooms.now)[0]
    rooms.table.probe_started(row, rooms.now)
    rooms.finish_probe(row, UNREACHABLE, took_s=2.0)
    removed, added = rooms.resolve(service_of("Real"))
    assert isinstance(removed, RoomRemoved)
    assert removed.room.name == row.service.label
    assert isinstance(added, RoomAdded)
    assert added.room.name == "Real"
    assert rooms.resolve(service_of("Another")) == []


def test_rooms_that_were_never_probed_come_first(rooms: ClockedTable) -> None:
    """Many old rooms do not delay a new one."""
    rooms.resolve(service_of("Old"))
    rooms.probe(some_room_info("Old"))
    rooms.now += PROBE_EVERY_S * 3
    rooms.resolve(service_of("New"))
    assert [row.service.label for row in rooms.table.due_rows(rooms.now)] == ["New", "Old"]


def test_many_rooms_are_probed_less_often(rooms: ClockedTable) -> None:
    """Five hundred rooms cost as much as fifty."""
    for number in range(MAX_ROWS):
        rooms.resolve(service_of(f"Room {number}"))
    row = rooms.table.due_rows(rooms.now)[0]
    rooms.table.probe_started(row, rooms.now)
    rooms.finish_probe(row, some_room_info())
    assert row.next_probe - rooms.now == pytest.approx(10 * PROBE_EVERY_S)


def test_a_changed_record_is_probed_soon_but_not_all_the_time(rooms: ClockedTable) -> None:
    """Somebody came or left, so probe; a stranger who changes it all the time causes two probes a second."""
    rooms.resolve(service_of())
    rooms.probe(some_room_info())
    rooms.resolve(service_of(members=2))
    assert rooms.table.due_rows(rooms.now) == []
    rooms.now += 0.5
    assert len(rooms.table.due_rows(rooms.now)) == 1


def test_drop_silent_removes_silent_rooms_and_probes_the_others(rooms: ClockedTable) -> None:
    """Every other room is due at once."""
    rooms.resolve(service_of("Dead"))
    rooms.probe(UNREACHABLE, took_s=2.0)
    rooms.resolve(service_of("Alive"))
    rooms.probe(some_room_info("Alive"), "alive")
    assert single_room(rooms.table.drop_silent(rooms.now), RoomRemoved).name == "Dead"
    assert [row.service.label for row in rooms.table.due_rows(rooms.now)] == ["Alive"]
