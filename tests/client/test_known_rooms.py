"""The rooms this person has been in, kept in a file that nobody else can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from messango.client.known_rooms import FILE_NAME, KnownRooms, TrustStatus
from messango.errors import CorruptFile
from messango.protocol.frames import RoomInfo
from messango.transport.addresses import Address

TEA = RoomInfo(protocol=1, id="1f", name="Tea", version="1", members=1, seats=5, locked=False, history=False)
COFFEE = msgspec.structs.replace(TEA, id="2f", name="Coffee")
ADDRESS, OTHER_ADDRESS = Address("192.0.2.1"), Address("fe80::1%eth0", 8001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def fingerprint_of(rooms: KnownRooms) -> str:
    """Return by what Tea is known."""
    known = rooms.by_id("1f")
    assert known is not None
    return known.fingerprint


def test_nothing_is_known_at_first(path: Path) -> None:
    """And looking makes no file."""
    rooms = KnownRooms(path)
    assert rooms.by_id("1f") is None
    assert rooms.latest_named("Tea") is None
    assert rooms.addresses() == []
    assert not path.exists()


def test_a_visit_is_remembered(path: Path) -> None:
    """Also by the next run: the fingerprint, the name and the address."""
    KnownRooms(path).remember(TEA, "ab", ADDRESS)
    known = KnownRooms(path).by_id("1f")
    assert known is not None
    assert (known.name, known.fingerprint, known.addresses) == ("Tea", "ab", [ADDRESS])


def test_the_home_folder_is_where_they_are() -> None:
    """`load` and the next `load` are about the same file."""
    KnownRooms.load().remember(TEA, "ab", ADDRESS)
    assert KnownRooms.load().by_id("1f") is not None
    assert (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).exists()


def test_the_newest_comes_first(path: Path) -> None:
    """Rooms by their last visit, addresses by what worked last, none twice."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(COFFEE, "cd", OTHER_ADDRESS)
    assert rooms.addresses() == [OTHER_ADDRESS, ADDRESS]
    rooms.remember(TEA, "ab", OTHER_ADDRESS)
    known = rooms.by_id("1f")
    assert known is not None
    assert known.addresses == [OTHER_ADDRESS, ADDRESS]
    assert rooms.addresses() == [OTHER_ADDRESS, ADDRESS]


def test_a_name_is_found_however_it_is_written(path: Path) -> None:
    """Of two rooms of one name it is the one visited last."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(msgspec.structs.replace(TEA, id="3f", name="TEA"), "cd", OTHER_ADDRESS)
    known = rooms.latest_named("tea")
    assert known is not None
    assert known.id == "3f"


def test_only_so_many_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The oldest are forgotten, rooms and addresses."""
    monkeypatch.setattr("messango.client.known_rooms._MAX_ROOMS", 3)
    rooms = KnownRooms(path)
    for number in range(6):
        rooms.remember(msgspec.structs.replace(TEA, id=f"{number}"), "ab", ADDRESS)
        rooms.remember(msgspec.structs.replace(TEA, id="x"), "ab", Address(f"192.0.2.{number}"))
    kept = json.loads(path.read_bytes())
    assert {room["id"] for room in kept} == {"x", "5", "4"}
    assert all(len(room["addresses"]) <= 4 for room in kept)


def test_two_programs_may_remember_in_turn(path: Path) -> None:
    """Neither forgets what the other has noted."""
    first, second = KnownRooms(path), KnownRooms(path)
    first.remember(TEA, "ab", ADDRESS)
    second.remember(COFFEE, "cd", OTHER_ADDRESS)
    assert {room["id"] for room in json.loads(path.read_bytes())} == {"1f", "2f"}


def test_any_thread_may_remember(path: Path) -> None:
    """All visits are there in the end."""
    rooms = KnownRooms(path)
    threads = [
        threading.Thread(target=rooms.remember, args=(msgspec.structs.replace(TEA, id=str(n)), "ab", ADDRESS))
        for n in range(10)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(json.loads(path.read_bytes())) == 10


def test_programs_at_the_same_time_lose_nothing(path: Path) -> None:
    """Each reads, changes and writes in its turn, as a window and a terminal of one person do."""
    code = (
        "import sys; from pathlib import Path; from messango.client.known_rooms import KnownRooms;"
        "from messango.protocol.frames import RoomInfo; from messango.transport.addresses import Address;"
        "rooms = KnownRooms(Path(sys.argv[1])); sys.stdin.readline();"
        "[rooms.remember(RoomInfo(1, f'{sys.argv[2]}{n}', 'Tea', '1', 1, 5, False, False), 'ab',"
        " Address('192.0.2.1')) for n in range(20)]"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(path), who], stdin=subprocess.PIPE) for who in "abc"
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    assert len(json.loads(path.read_bytes())) == 60


def test_what_another_program_has_changed_is_noticed(path: Path) -> None:
    """Accepted in the terminal, it is accepted in the window that is open meanwhile."""
    here, there = KnownRooms(path), KnownRooms(path)
    here.remember(TEA, "ab", ADDRESS)
    assert there.by_id("1f") == here.by_id("1f")
    there.accept("1f", "cd")
    assert fingerprint_of(here) == "cd"
    there.delete("1f")
    assert here.all() == []


def test_a_file_damaged_meanwhile_costs_no_knowledge(path: Path) -> None:
    """What was read before still tells friend from impostor."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    path.write_bytes(b"{")
    assert fingerprint_of(rooms) == "ab"


def test_a_fingerprint_is_replaced_on_purpose_alone(path: Path) -> None:
    """A visit never replaces it, and one that was refused is kept until it is accepted."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(TEA, "cd", OTHER_ADDRESS)
    assert fingerprint_of(rooms) == "ab"
    rooms.record_refused("1f", "cd")
    known = KnownRooms(path).by_id("1f")
    assert known is not None
    assert (known.fingerprint, known.refused, known.addresses) == ("ab", "cd", [ADDRESS])
    rooms.accept("1f", "cd")
    known = KnownRooms(path).by_id("1f")
    assert known is not None
    assert (known.fingerprint, known.refused) == ("cd", "")


def test_what_is_not_known_is_neither_refused_nor_accepted_nor_forgotten(path: Path) -> None:
    """Nothing comes of it, and nothing breaks."""
    rooms = KnownRooms(path)
    rooms.record_refused("1f", "cd")
    rooms.accept("1f", "cd")
    rooms.delete("1f")
    assert rooms.all() == []


def test_a_room_that_bears_a_known_name_is_told_from_it(path: Path) -> None:
    """However the name is written; the room itself is no namesake of its own."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    namesake = rooms.find_namesake("9f", "ＴＥＡ\u200b")
    assert namesake is not None
    assert namesake.id == "1f"
    assert rooms.find_namesake("1f", "Tea") is None
    assert rooms.find_namesake("9f", "Coffee") is None


@pytest.mark.parametrize(
    ("shown", "standing"),
    [
        (("1f", "Other name", "ab"), TrustStatus.KNOWN),
        (("1f", "Tea", "cd"), TrustStatus.CHANGED),
        (("9f", "tea", "ab"), TrustStatus.NAMESAKE),
        (("9f", "Coffee", "ab"), TrustStatus.NEW),
    ],
)
def test_each_room_has_its_standing(path: Path, shown: tuple[str, str, str], standing: TrustStatus) -> None:
    """By its id and fingerprint; by its name only where its id says nothing."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    assert rooms.trust_status(*shown) is standing


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"\xff", b"{}", b'[{"id": 1}]', b"[" * 100_000], ids=lambda data: repr(data[:8])
)
def test_a_damaged_file_is_told_and_left_as_it_is(path: Path, damaged: bytes) -> None:
    """It holds what tells friend from impostor: never made anew without a word."""
    rooms = KnownRooms(path)
    path.write_bytes(damaged)
    with pytest.raises(CorruptFile) as caught:
        KnownRooms(path)
    assert str(path) in str(caught.value)
    assert caught.value.hint
    with pytest.raises(CorruptFile):
        rooms.remember(TEA, "ab", ADDRESS)
    assert path.read_bytes() == damaged


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_file_is_its_owners_alone(path: Path) -> None:
    """Where one has been is nobody else's business."""
    KnownRooms(path).remember(TEA, "ab", ADDRESS)
    assert path.stat().st_mode & 0o077 == 0
