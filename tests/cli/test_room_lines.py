"""Rooms as lines for people and as JSON for programs."""

from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.cli.room_lines import (
    format_event,
    format_room,
    json_line,
    json_list,
    linked_line,
    ping_text,
    room_fields,
)
from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    RoomAdded,
    RoomRemoved,
    RoomStatus,
    RoomUpdated,
)
from messango.protocol.text.escaping import UNSAFE
from messango.transport.dialing.dial_failure import FailureKind
from tests.discovery.factories import ROOM_ID, silent_room, some_room

EVENTS = [(RoomAdded, "+", "added"), (RoomUpdated, "=", "updated"), (RoomRemoved, "-", "removed")]


def test_a_line_has_the_facts() -> None:
    """Name, host, seats, address and round trip."""
    words = format_room(some_room()).split("  ")
    assert [word.strip() for word in words if word] == [
        "Office",
        "ann-laptop",
        "3 of 5",
        "192.168.1.20:8000",
        "0.4 ms",
    ]


@pytest.mark.parametrize(
    ("locked", "password", "word"),
    [(True, False, "locked"), (True, True, "locked"), (False, True, "password"), (True, None, "locked")],
)
def test_a_locked_room_says_so(*, locked: bool, password: bool | None, word: str) -> None:
    """A room that needs a password is told from one that its host has locked. The columns stay in line."""
    marked = format_room(dataclasses.replace(some_room(), locked=locked, password=password))
    assert {"locked", "password"} & set(marked.split()) == {word}
    assert marked.index("192.168") == format_room(some_room()).index("192.168")


@pytest.mark.parametrize(
    ("status", "ping_ms", "word"),
    [
        (RoomStatus.OPEN, 0.44, "0.4 ms"),
        (RoomStatus.FULL, 33.3, "33 ms"),
        (RoomStatus.SILENT, None, "not answering"),
        (RoomStatus.OPEN, 412.3, "412 ms (slow)"),
        (RoomStatus.SLOW, None, "slow to answer"),
        (RoomStatus.CHECKING, None, "no answer yet"),
        (RoomStatus.OTHER_VERSION, None, "other version"),
        (RoomStatus.UNPROVED, None, "identity not proved"),
    ],
)
def test_ping_text(status: RoomStatus, ping_ms: float | None, word: str) -> None:
    """A time if the room answered, otherwise the reason in words."""
    assert ping_text(some_room(status=status, ping_ms=ping_ms)) == word


def test_columns_are_aligned_in_any_script() -> None:
    """CJK characters take two terminal columns, combining marks none."""
    latin, wide, marked = (
        format_room(some_room(name)).index("ann") for name in ("Mango", "芒果", "Ma\u0301ngo")
    )
    assert wide == latin - 2
    assert marked == latin + 1


def test_the_fields_are_the_documented_ones() -> None:
    """Scripts rely on these names, and on a null `ping_ms` for a room that does not answer."""
    assert room_fields(some_room()) == {
        "id": ROOM_ID,
        "name": "Office",
        "host": "ann-laptop",
        "addresses": ["192.168.1.20", "fe80::1%eth0"],
        "port": 8000,
        "members": 3,
        "seats": 5,
        "password": False,
        "locked": False,
        "fingerprint": "ab" * 32,
        "version": "1.2.3",
        "features": ["earlier", "search"],
        "ping_ms": 0.4,
        "slow": False,
        "code": None,
        "reason": None,
        "hint": None,
        "announced": True,
        "link": None,
    }
    assert room_fields(some_room(status=RoomStatus.SILENT, ping_ms=None))["ping_ms"] is None
    assert room_fields(some_room(status=RoomStatus.SLOW, ping_ms=None))["slow"] is True


def test_a_silent_room_says_why() -> None:
    """A short reason in its line, and for programs the code, the sentence and what to do."""
    silent = silent_room(FailureKind.REFUSED)
    assert format_room(silent).endswith("not answering: port closed")
    fields = room_fields(silent)
    assert (fields["code"], fields["ping_ms"]) == ("refused", None)
    assert fields["reason"].startswith("Nothing is listening at 192.168.1.20:8000")
    assert "messango doctor" in fields["hint"]


def test_rooms_are_one_array() -> None:
    """Even if there are no rooms."""
    assert json.loads(json_list([])) == []
    assert [room["name"] for room in json.loads(json_list([some_room("a"), some_room("🥭")]))] == ["a", "🥭"]


@pytest.mark.parametrize(("kind", "sign", "word"), EVENTS)
def test_each_event_has_its_sign_and_its_word(
    kind: type[RoomAdded | RoomUpdated | RoomRemoved], sign: str, word: str
) -> None:
    """`+`, `=` and `-` for people, `event` for programs, one line each."""
    assert format_event(kind(some_room())) == f"{sign} {format_room(some_room())}"
    line = json_line(kind(some_room("two\nlines")))
    assert "\n" not in line
    assert json.loads(line) == {"event": word, **room_fields(some_room("two\nlines"))}


@pytest.mark.parametrize("event", [BrowseFailed("No network.", "Join one."), BrowseResumed()])
def test_events_without_a_room_have_no_line(event: BrowseEvent) -> None:
    """Failures go to standard error, not to the data."""
    assert format_event(event) == json_line(event) == ""


@given(st.text(), st.text())
def test_no_control_or_bidi_character_reaches_a_terminal(name: str, host: str) -> None:
    """A stranger's room name stays on its line and controls nothing."""
    shown = format_room(dataclasses.replace(some_room(name), host=host))
    assert not UNSAFE.search(shown)
    shown.encode()


def test_escaped_names_are_readable() -> None:
    """Control characters are shown as escapes, emoji stay whole, and spaces do not fake a column."""
    shown = format_room(some_room("\x1b[2J\u202eabc 👩‍👩‍👧    9 of 9"))
    assert "\\x1b[2J\\u202eabc 👩‍👩‍👧 9 of 9" in shown


def test_a_linked_room_says_at_how_many_servers_it_is() -> None:
    """Names of hosts come from strangers."""
    servers = [
        dataclasses.replace(some_room("Hall"), key=host, host=host) for host in ("desk-1", "x: 9 of 9", "")
    ]
    hall = dataclasses.replace(servers[0], other_servers=tuple(servers[1:]))
    assert format_room(hall).endswith("ms  (3 servers)")
    address = servers[0].addresses[0]
    assert linked_line(hall) == f"“Hall” is one room at 3 servers: desk-1, “x: 9 of 9” and “{address}”."
    assert linked_line(servers[0]) == ""
