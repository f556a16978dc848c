"""`messango doctor ROOM` as a process, beside a real room on the loopback."""

from __future__ import annotations

import json
from typing import Any

import pytest

from messango.cli.commands.doctor import _target
from messango.client.trust.known_rooms import KnownRooms
from messango.errors import BadAddress
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address
from tests.support.certificates import room_id_of
from tests.support.program import open_room, run


@pytest.mark.program
def test_the_way_to_a_room() -> None:
    """By address and by name: each step is a finding, and our own room proves nothing about others."""
    with open_room("Office") as (_, port):
        for room in (f"127.0.0.1:{port}", "office"):
            done = run("doctor", room, "--json")
            findings: list[dict[str, Any]] = json.loads(done.stdout)
            steps = ["name", "network", "connect", "encryption", "certificate", "room", "outside"]
            assert [one["check"] for one in findings] == steps
            assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.program
def test_a_room_that_is_not_there() -> None:
    """The broken step is the last one, and the status is 1."""
    done = run("doctor", "127.0.0.1:9")
    assert done.returncode == 1
    assert "Nothing is listening at 127.0.0.1:9" in done.stdout
    assert "1 problem found" in done.stdout


def test_what_a_person_means() -> None:
    """A name that is known has its last addresses and its certificate; an address is only that."""
    room = RoomInfo(1, room_id_of(1), "Table 4", "1.0", 0, 5, locked=False, history=False)
    KnownRooms.load().remember(room, "ab" * 32, Address("192.168.1.20"))
    known = _target("table 4")
    assert known.is_name
    assert (known.addresses, known.fingerprint) == ((Address("192.168.1.20"),), "ab" * 32)
    assert _target(room.id).addresses == known.addresses
    assert _target("Tea").is_name
    assert _target("ann-laptop.local").addresses == (Address("ann-laptop.local"),)
    assert _target("192.168.1.7:8001").addresses == (Address("192.168.1.7", 8001),)
    invite = _target(f"messango://192.168.1.7:8001/?fingerprint={'cd' * 32}")
    assert (invite.addresses, invite.fingerprint) == ((Address("192.168.1.7", 8001),), "cd" * 32)


def test_a_text_that_is_no_address() -> None:
    """It is refused as it is by `chat`."""
    with pytest.raises(BadAddress):
        _target("192.168.1.7:port.")
