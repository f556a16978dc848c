"""From what a person typed for a room to a client that can join it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from messango.client.events import Ended, Entered, Event
from messango.client.room_client import RoomClient
from messango.discovery.find import find_room
from messango.discovery.rooms import FoundRoom
from messango.errors import BadName, NothingFound
from messango.hosting import Hosting
from messango.joining import client_for
from messango.server.server import ServerOptions


def no_choice(rooms: Sequence[FoundRoom]) -> FoundRoom:
    """Fail: the test offers nothing to choose from."""
    pytest.fail(f"asked to choose among {rooms}")


def first_answer(client: RoomClient) -> Entered | Ended:
    """Start the client; return how its first attempt went, and end the stay."""
    client.start()
    event: Event | None = None
    while not isinstance(event, (Entered, Ended)):
        event = client.events.get(timeout=20)
    client.leave()
    assert client.join_thread(20)
    return event


@pytest.mark.parametrize("typed", ["office", "127.0.0.1:{port}", "localhost:{port}", None])
def test_a_name_an_address_or_nothing_leads_to_the_room(typed: str | None) -> None:
    """Whatever a person has of a room, it gets them in."""
    with Hosting(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        room = typed.format(port=hosting.server.port) if typed else None
        find_room("Office", timeout_s=20)
        answer = first_answer(client_for(room, "Ann", no_choice))
        assert isinstance(answer, Entered)
        assert (answer.room.name, answer.you) == ("Office", "Ann")


def test_several_rooms_are_a_choice() -> None:
    """Without a name, whoever asks is shown what there is."""
    with (
        Hosting(ServerOptions("Office", host="127.0.0.1", port=0)),
        Hosting(ServerOptions("Lab", host="127.0.0.1", port=0)),
    ):

        def choose(rooms: Sequence[FoundRoom]) -> FoundRoom:
            named = {room.name: room for room in rooms}
            assert set(named) == {"Office", "Lab"}
            return named["Lab"]

        for name in ("Office", "Lab"):
            find_room(name, timeout_s=20)
        answer = first_answer(client_for(None, "Ann", choose))
        assert isinstance(answer, Entered)
        assert answer.room.name == "Lab"


def test_no_room_at_all() -> None:
    """The sentence says how to open one."""
    with pytest.raises(NothingFound) as caught:
        client_for(None, "Ann", no_choice)
    assert "messango server" in caught.value.hint


def test_a_bad_name_is_told_before_anything_is_looked_for() -> None:
    """Nobody waits for discovery to hear that their name is empty."""
    with pytest.raises(BadName):
        client_for("Office", "  ", no_choice)
