"""What `discover` prints, and how it ends when there is nothing to print."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from messango.app.hosted_room import HostedRoom
from messango.cli import room_printer
from messango.cli.room_printer import RoomPrinter
from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.errors import RoomNotFound
from messango.server.server_options import ServerOptions
from tests.discovery.factories import some_room


def test_no_rooms_as_json() -> None:
    """An empty array, and the error for exit status 3."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(RoomNotFound, match="No room was found"):
        RoomPrinter(out, err, as_json=True, first_only=False, interfaces=None).run_once(0.3)
    assert json.loads(out.getvalue()) == []


def test_watching_for_the_first_room_ends_with_it() -> None:
    """`--watch --first` prints one line for the first room that answers, and ends."""
    out = io.StringIO()
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)):
        RoomPrinter(out, io.StringIO(), as_json=True, first_only=True, interfaces=None).watch()
    (line,) = out.getvalue().splitlines()
    assert (json.loads(line)["event"], json.loads(line)["name"]) == ("added", "Office")


def test_a_trust_warning_stands_behind_its_room() -> None:
    """In the list and in `--watch`, but not in JSON."""

    def warn(room: FoundRoom) -> str:
        server = hosted_room.server
        assert (room.id, room.fingerprint) == (server.room_info().id, server.fingerprint)
        return f"beware of {room.name}"

    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosted_room:
        for as_json in (False, True):
            for run in (RoomPrinter.watch, lambda printer: printer.run_once(20)):
                out = io.StringIO()
                run(
                    RoomPrinter(
                        out, io.StringIO(), as_json, first_only=True, interfaces=None, trust_warning=warn
                    )
                )
                assert ("ms  (beware of Office)\n" in out.getvalue()) is not as_json


def test_an_address_of_another_computer_is_the_reason() -> None:
    """Said once, with what helps: opening a room would not."""
    err = io.StringIO()
    with pytest.raises(RoomNotFound, match=r"No room was found\. .* does not have the address") as caught:
        RoomPrinter(
            io.StringIO(), err, as_json=False, first_only=False, interfaces=["198.51.100.7"]
        ).run_once(0.3)
    assert "messango doctor" in caught.value.hint
    assert "messango server" not in caught.value.hint
    assert err.getvalue() == ""


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (RoomStatus.CHECKING, r"No room has answered yet\.$"),
        (RoomStatus.SLOW, "No room has answered yet: the network is slow"),
    ],
)
def test_a_room_that_was_just_announced_does_not_make_the_network_slow(
    monkeypatch: pytest.MonkeyPatch, status: RoomStatus, message: str
) -> None:
    """Nothing is known of it yet; one that has let us connect, and has not answered, is slow."""
    monkeypatch.setattr(room_printer, "list_rooms", lambda *_, **__: [some_room(status=status, ping_ms=None)])
    printer = RoomPrinter(io.StringIO(), io.StringIO(), as_json=False, first_only=False, interfaces=None)
    with pytest.raises(RoomNotFound, match=message):
        printer.run_once(0.1)


def test_people_see_a_linked_room_once_and_programs_each_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """A claim that nobody has confirmed is neither."""
    rooms = [
        replace(some_room(name, ping_ms=ping_ms), key=name, id=name, link="5a" * 16, host=host)
        for name, ping_ms, host in (("Hall A", 1.0, "desk-1"), ("Hall B", 2.0, "desk-2"), ("Evil", 0.1, "x"))
    ]

    def list_rooms(
        *_args: object, on_room: Callable[[FoundRoom], None] | None, **_options: object
    ) -> list[FoundRoom]:
        for room in rooms:
            if on_room is not None:
                on_room(room)
        return rooms

    monkeypatch.setattr(room_printer, "list_rooms", list_rooms)
    for as_json in (False, True):
        out = io.StringIO()
        RoomPrinter(
            out,
            io.StringIO(),
            as_json,
            first_only=False,
            interfaces=None,
            trusted_link=lambda room: "" if room.name == "Evil" else room.link,
        ).run_once(1)
        if as_json:
            assert [room["link"] for room in json.loads(out.getvalue())] == ["5a" * 16, "5a" * 16, None]
        else:
            *lines, last = out.getvalue().splitlines()
            assert [line[:6].strip() for line in lines] == ["Hall A", "Evil"]
            assert last == "“Hall A” is one room at 2 servers: desk-1 and desk-2."
