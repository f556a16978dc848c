"""The rooms this person has been in, kept in a file that nobody else can read."""

from __future__ import annotations

import json
import os
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from messango.client.known_rooms import FILE_NAME, KnownRooms
from messango.errors import DamagedFile
from messango.protocol.frames import RoomFacts
from messango.transport.addresses import Address

TEA = RoomFacts(protocol=1, id="1f", name="Tea", version="1", members=1, seats=5, locked=False, history=False)
COFFEE = msgspec.structs.replace(TEA, id="2f", name="Coffee")
HERE, THERE = Address("192.0.2.1"), Address("fe80::1%eth0", 8001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def test_nothing_is_known_at_first(path: Path) -> None:
    """And looking makes no file."""
    rooms = KnownRooms(path)
    assert rooms.by_id("1f") is None
    assert rooms.by_name("Tea") is None
    assert rooms.addresses() == []
    assert not path.exists()


def test_a_visit_is_remembered(path: Path) -> None:
    """Also by the next run: the fingerprint, the name and the address."""
    KnownRooms(path).remember(TEA, "ab", HERE)
    known = KnownRooms(path).by_id("1f")
    assert known is not None
    assert (known.name, known.fingerprint, known.addresses) == ("Tea", "ab", [HERE])


def test_the_home_folder_is_where_they_are() -> None:
    """`load` and the next `load` are about the same file."""
    KnownRooms.load().remember(TEA, "ab", HERE)
    assert KnownRooms.load().by_id("1f") is not None
    assert (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).exists()


def test_the_newest_comes_first(path: Path) -> None:
    """Rooms by their last visit, addresses by what worked last, none twice."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", HERE)
    rooms.remember(COFFEE, "cd", THERE)
    assert rooms.addresses() == [THERE, HERE]
    rooms.remember(TEA, "ab", THERE)
    known = rooms.by_id("1f")
    assert known is not None
    assert known.addresses == [THERE, HERE]
    assert rooms.addresses() == [THERE, HERE]


def test_a_name_is_found_however_it_is_written(path: Path) -> None:
    """Of two rooms of one name it is the one visited last."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", HERE)
    rooms.remember(msgspec.structs.replace(TEA, id="3f", name="TEA"), "cd", THERE)
    known = rooms.by_name("tea")
    assert known is not None
    assert known.id == "3f"


def test_only_so_many_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten, rooms and addresses."""
    monkeypatch.setattr("messango.client.known_rooms._MOST_ROOMS", 3)
    rooms = KnownRooms(path)
    for number in range(6):
        rooms.remember(msgspec.structs.replace(TEA, id=f"{number}"), "ab", HERE)
        rooms.remember(msgspec.structs.replace(TEA, id="x"), "ab", Address(f"192.0.2.{number}"))
    kept = json.loads(path.read_bytes())
    assert {room["id"] for room in kept} == {"x", "5", "4"}
    assert all(len(room["addresses"]) <= 4 for room in kept)


def test_two_programs_may_remember_in_turn(path: Path) -> None:
    """Neither forgets what the other has noted."""
    first, second = KnownRooms(path), KnownRooms(path)
    first.remember(TEA, "ab", HERE)
    second.remember(COFFEE, "cd", THERE)
    assert {room["id"] for room in json.loads(path.read_bytes())} == {"1f", "2f"}


def test_any_thread_may_remember(path: Path) -> None:
    """All visits are there in the end."""
    rooms = KnownRooms(path)
    threads = [
        threading.Thread(target=rooms.remember, args=(msgspec.structs.replace(TEA, id=str(n)), "ab", HERE))
        for n in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(path.read_bytes())) == 10


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"\xff", b"{}", b'[{"id": 1}]', b"[" * 100_000], ids=lambda data: repr(data[:8])
)
def test_a_damaged_file_is_told_and_left_as_it_is(path: Path, damaged: bytes) -> None:
    """It holds what tells friend from impostor: never made anew without a word."""
    rooms = KnownRooms(path)
    path.write_bytes(damaged)
    with pytest.raises(DamagedFile) as caught:
        KnownRooms(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    with pytest.raises(DamagedFile):
        rooms.remember(TEA, "ab", HERE)
    assert path.read_bytes() == damaged


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_its_owners_alone(path: Path) -> None:
    """Where one has been is nobody else's business."""
    KnownRooms(path).remember(TEA, "ab", HERE)
    assert path.stat().st_mode & 0o077 == 0
