"""From a person's input to a client that can join the room."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import msgspec
import pytest

from messango.app import find_room
from messango.app.find_room import find_known_room
from messango.app.hosted_room import HostedRoom
from messango.app.join import client_from_input
from messango.client.events import Event, RoomJoined, SessionEnded
from messango.client.room_client import RoomClient
from messango.client.trust.known_rooms import KnownRooms
from messango.discovery.hints import RoomHint
from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.discovery.searching.name_lookup import AmbiguousName, KnownRank
from messango.discovery.searching.search import find_by_name
from messango.errors import BadAddress, BadName, RoomNotFound, Unreachable
from messango.server.server_options import ServerOptions
from messango.transport.addresses import Address, Invite
from tests.discovery.factories import some_room
from tests.support.raw_server import ROOM_INFO


def fail_on_choice(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Fail: the test has nothing to choose from."""
    pytest.fail(f"asked to choose among {rooms}")


def first_answer(client: RoomClient) -> RoomJoined | SessionEnded:
    """Start the client, leave, and return the result of its first attempt."""
    client.start()
    event: Event | None = None
    while not isinstance(event, (RoomJoined, SessionEnded)):
        event = client.events.get(timeout=20)
    client.leave()
    assert client.join_thread(20)
    return event


@pytest.mark.parametrize("typed", ["office", "127.0.0.1:{port}", "localhost:{port}", None])
def test_a_name_an_address_or_nothing_finds_the_room(typed: str | None) -> None:
    """Each of them joins the same room."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosted_room:
        room = typed.format(port=hosted_room.server.port) if typed else None
        find_by_name("Office", timeout_s=20)
        answer = first_answer(client_from_input(room, "Ann", fail_on_choice))
        assert isinstance(answer, RoomJoined)
        assert (answer.room.name, answer.you) == ("Office", "Ann")


def test_a_room_whose_name_looks_like_an_address() -> None:
    """If there is no such host, it is the room; and without the room it is a host that does not answer."""
    with HostedRoom(ServerOptions("Room:5", host="127.0.0.1", port=0)):
        find_by_name("Room:5", timeout_s=20)
        answer = first_answer(client_from_input("Room:5", "Ann", fail_on_choice))
        assert isinstance(answer, RoomJoined)
        assert answer.room.name == "Room:5"
    answer = first_answer(client_from_input("no-such-host-or-room:5", "Ann", fail_on_choice))
    assert isinstance(answer, SessionEnded)
    assert isinstance(answer.error, Unreachable)


def test_a_mistake_in_the_environment_is_not_an_empty_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """The search would only find nothing."""
    monkeypatch.setenv("MESSANGO_INTERFACES", "nonsense")
    for room in (None, "Office"):
        with pytest.raises(BadAddress, match="MESSANGO_INTERFACES"):
            client_from_input(room, "Ann", fail_on_choice)


KNOWN_ID = "1f" * 16


def test_a_known_name_means_the_known_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under any name, by its certificate; the one that has the name, before the one that had it."""
    known_rooms = KnownRooms.load()
    ranks: dict[str, KnownRank | None] = {}

    def find(
        name: str,
        *,
        timeout_s: float,
        hints: Sequence[RoomHint],
        rank_known: KnownRank | None,
        known_fingerprints: set[str],
    ) -> FoundRoom:
        assert timeout_s > 0
        assert known_fingerprints == (set() if name == "New" else {"ab" * 32, "cd" * 32})
        assert [hint.name for hint in hints] == ([] if name == "New" else ["Tea", "Tea 2"])
        ranks[name] = rank_known
        return some_room(name)

    monkeypatch.setattr("messango.app.find_room.find_by_name", find)
    for room_id, name, fingerprint in (
        (KNOWN_ID, "Tea", "ab" * 32),
        ("2f" * 16, "Tea", "cd" * 32),
        ("2f" * 16, "Tea 2", "cd" * 32),
    ):
        known_rooms.remember(
            msgspec.structs.replace(ROOM_INFO, id=room_id, name=name), fingerprint, Address("192.0.2.1")
        )
    find_known_room("tea ", known_rooms, timeout_s=1)
    find_known_room("New", known_rooms, timeout_s=1)
    assert ranks["New"] is None
    rank = ranks["tea "]
    assert rank is not None
    assert rank(dataclasses.replace(some_room("Anything"), id=KNOWN_ID, fingerprint="ab" * 32)) == 0
    assert rank(dataclasses.replace(some_room("Tea 3"), id="2f" * 16, fingerprint="cd" * 32)) == 1
    assert rank(dataclasses.replace(some_room("Tea"), id=KNOWN_ID, fingerprint="ef" * 32)) is None


def test_a_namesake_is_joined_only_when_it_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without somebody to choose, it is an error; a room that took a known place is left to the client."""
    known_rooms = KnownRooms.load()
    namesake = dataclasses.replace(some_room("Tea"), id="3f" * 16, fingerprint="ef" * 32)

    def find(name: str, **_: object) -> FoundRoom:
        raise AmbiguousName(name, [namesake], of_known=True)

    monkeypatch.setattr("messango.app.find_room.find_by_name", find)
    with pytest.raises(AmbiguousName):
        client_from_input("Tea", "Ann", fail_on_choice)
    asked: list[AmbiguousName] = []

    def choose(error: AmbiguousName) -> FoundRoom:
        asked.append(error)
        return error.rooms[0]

    client_from_input("Tea", "Ann", fail_on_choice, choose_namesake=choose)
    assert len(asked) == 1
    with pytest.raises(AmbiguousName):
        find_known_room("Tea", known_rooms, timeout_s=1)
    changed = msgspec.structs.replace(ROOM_INFO, id="3f" * 4 + "00" * 12, name="Tea")
    known_rooms.remember(changed, "ab" * 32, Address("192.0.2.1"))
    assert find_known_room("Tea", known_rooms, timeout_s=1) is namesake


@pytest.mark.parametrize("is_ambiguous", [False, True])
def test_a_stranger_who_calls_a_room_like_a_host_gets_nobody(
    monkeypatch: pytest.MonkeyPatch,
    is_ambiguous: bool,  # noqa: FBT001 (pytest's)
) -> None:
    """The host is meant, unless there is none or the person knows that room."""
    addresses: list[Address] = []
    known_rooms = KnownRooms.load()

    def find(name: str, **_: object) -> FoundRoom:
        if is_ambiguous:
            raise AmbiguousName(name, [some_room(name)] * 2, of_known=False)
        return some_room(name)

    def client(invite: Invite, *_: object, **__: object) -> RoomClient:
        addresses.append(invite.address)
        return RoomClient([invite.address], "Ann", known_rooms=known_rooms)

    monkeypatch.setattr("messango.app.find_room.find_by_name", find)
    monkeypatch.setattr("messango.app.join.client_for_invite", client)
    client_from_input("LocalHost", "Ann", fail_on_choice)
    assert addresses == [Address("LocalHost")]
    if is_ambiguous:
        return
    for name in ("Room 2.0", "2.0", "no-such-host.invalid"):
        client_from_input(name, "Ann", fail_on_choice)
    localhost = msgspec.structs.replace(ROOM_INFO, id=KNOWN_ID, name="localhost")
    known_rooms.remember(localhost, "ab" * 32, Address("192.0.2.1"))
    client_from_input("localhost", "Ann", fail_on_choice)
    assert len(addresses) == 1


def test_several_rooms_are_a_choice() -> None:
    """Without a name, `choose_room` gets all open rooms."""
    with (
        HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)),
        HostedRoom(ServerOptions("Lab", host="127.0.0.1", port=0)),
    ):

        def choose(rooms: Sequence[FoundRoom]) -> FoundRoom:
            named = {room.name: room for room in rooms}
            assert set(named) == {"Office", "Lab"}
            return named["Lab"]

        for name in ("Office", "Lab"):
            find_by_name(name, timeout_s=20)
        answer = first_answer(client_from_input(None, "Ann", choose))
        assert isinstance(answer, RoomJoined)
        assert answer.room.name == "Lab"


def test_no_room_at_all() -> None:
    """The hint says how to open one."""
    with pytest.raises(RoomNotFound) as caught:
        client_from_input(None, "Ann", fail_on_choice)
    assert "messango server" in caught.value.hint


def test_a_bad_name_is_reported_before_the_search() -> None:
    """Nobody waits for discovery to learn that their name is empty."""
    with pytest.raises(BadName):
        client_from_input("Office", "  ", fail_on_choice)


def test_rooms_that_nobody_can_join_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are named with the reason, not passed over as if there were none."""
    full = dataclasses.replace(some_room("Tea"), status=RoomStatus.FULL)
    locked = dataclasses.replace(some_room("Lab"), status=RoomStatus.LOCKED, locked=True)
    monkeypatch.setattr(find_room, "list_rooms", lambda *_args, **_options: [full, locked])
    with pytest.raises(RoomNotFound, match="“Tea” is full and “Lab” is locked") as caught:
        client_from_input(None, "Ann", fail_on_choice)
    assert "messango host unlock" in caught.value.hint


def test_a_known_room_that_is_where_it_was_needs_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is found by its certificate at its last address; the search, and what it loads, is left out."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosted_room:
        address = f"127.0.0.1:{hosted_room.server.port}"
        assert isinstance(first_answer(client_from_input(address, "Ann", fail_on_choice)), RoomJoined)

        def find(name: str, **_: object) -> FoundRoom:
            pytest.fail(f"searched for {name}")

        monkeypatch.setattr("messango.app.find_room.find_by_name", find)
        answer = first_answer(client_from_input("office", "Ann", fail_on_choice))
        assert isinstance(answer, RoomJoined)
        assert (answer.address, answer.first_visit) == (address, False)


def test_another_room_at_the_last_address_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its certificate is another one, so the room is searched for."""
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosted_room:
        known = msgspec.structs.replace(ROOM_INFO, id=KNOWN_ID, name="Office")
        address = Address("127.0.0.1", hosted_room.server.port)
        KnownRooms.load().remember(known, "ab" * 32, address)
        searched: list[str] = []

        def find(name: str, **_: object) -> FoundRoom:
            searched.append(name)
            return some_room(name)

        monkeypatch.setattr("messango.app.find_room.find_by_name", find)
        client_from_input("Office", "Ann", fail_on_choice)
        assert searched == ["Office"]
