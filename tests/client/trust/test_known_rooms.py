"""The file of known rooms, which only its owner can read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import msgspec
import pytest

from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms, TrustStatus
from messango.client.trust.linked_server import LinkedServer
from messango.errors import CorruptFile
from messango.protocol.frames import RoomInfo
from messango.protocol.limits import MAX_SERVERS
from messango.protocol.room_id import derive_room_id, is_room_id
from messango.transport.addresses import Address
from tests.client.linked.servers import FINGERPRINTS, LINK, room, server
from tests.support.certificates import room_id_of

FINGERPRINT, OTHER_FINGERPRINT = "ab" * 32, "cd" * 32
TEA = RoomInfo(
    protocol=1, id="1f" * 16, name="Tea", version="1", members=1, seats=5, locked=False, history=False
)
COFFEE = msgspec.structs.replace(TEA, id="2f" * 16, name="Coffee")
ADDRESS, OTHER_ADDRESS = Address("192.0.2.1"), Address("fe80::1%eth0", 8001)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


def fingerprint_of(rooms: KnownRooms) -> str:
    """Return the known fingerprint of Tea."""
    known = rooms.by_id("1f" * 16)
    assert known is not None
    return known.fingerprint


def test_nothing_is_known_at_first(path: Path) -> None:
    """And reading creates no file."""
    rooms = KnownRooms(path)
    assert rooms.by_id("1f" * 16) is None
    assert rooms.latest_alike("Tea") is None
    assert rooms.addresses() == []
    assert not path.exists()


def test_a_visit_is_remembered(path: Path) -> None:
    """The next run knows the fingerprint, the name and the address."""
    KnownRooms(path).remember(TEA, "ab", ADDRESS)
    known = KnownRooms(path).by_id("1f" * 16)
    assert known is not None
    assert (known.name, known.fingerprint, known.addresses) == ("Tea", "ab", [ADDRESS])


def test_the_file_is_in_the_home_folder() -> None:
    """`load` always uses the same file."""
    KnownRooms.load().remember(TEA, "ab", ADDRESS)
    assert KnownRooms.load().by_id("1f" * 16) is not None
    assert (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).exists()


def test_the_newest_comes_first(path: Path) -> None:
    """Rooms by their last visit, addresses by the last success, each once."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(COFFEE, "cd", OTHER_ADDRESS)
    assert rooms.addresses() == [OTHER_ADDRESS, ADDRESS]
    rooms.remember(TEA, "ab", OTHER_ADDRESS)
    known = rooms.by_id("1f" * 16)
    assert known is not None
    assert known.addresses == [OTHER_ADDRESS, ADDRESS]
    assert rooms.addresses() == [OTHER_ADDRESS, ADDRESS]


def test_names_are_compared_as_members_names_are(path: Path) -> None:
    """Of two rooms with one name, the latest visit counts."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(msgspec.structs.replace(TEA, id="3f" * 16, name="TEA"), "cd", OTHER_ADDRESS)
    known = rooms.latest_alike("tea")
    assert known is not None
    assert known.id == "3f" * 16


def test_no_room_is_dropped(path: Path) -> None:
    """A forgotten room would count as new; of each room, the oldest addresses are dropped."""
    rooms = KnownRooms(path)
    ids = [room_id_of(number, "ab") for number in range(600)]
    path.write_text(
        json.dumps(
            [{"id": one, "name": one, "fingerprint": "ab", "addresses": [], "last_visit": 1.0} for one in ids]
        )
    )
    for number in range(6):
        rooms.remember(TEA, "ab", Address(f"192.0.2.{number}"))
    kept = json.loads(path.read_bytes())
    assert {room["id"] for room in kept} == {*ids, TEA.id}
    assert all(len(room["addresses"]) <= 4 for room in kept)


def test_rooms_of_an_earlier_version_are_taken_over(path: Path) -> None:
    """Their ids were 16 digits. The host's server derives the same new id, so everything is still known."""
    path.write_text(
        json.dumps(
            [
                {
                    "id": "5a0c7be2d1f4e893",
                    "name": "Tea",
                    "fingerprint": FINGERPRINT,
                    "addresses": [{"host": "192.0.2.1", "port": 8000}],
                    "last_visit": 7.0,
                    "refused": OTHER_FINGERPRINT,
                }
            ]
        )
    )
    new_id = derive_room_id("5a0c7be2", FINGERPRINT)
    rooms = KnownRooms(path)
    known = rooms.by_id(new_id)
    assert known == KnownRoom(new_id, "Tea", FINGERPRINT, [ADDRESS], 7.0, OTHER_FINGERPRINT)
    assert rooms.trust_status(new_id, "Tea", FINGERPRINT) is TrustStatus.KNOWN
    rooms.remember(msgspec.structs.replace(TEA, id=new_id), FINGERPRINT, OTHER_ADDRESS)
    (known,) = KnownRooms(path).all()
    assert (known.id, known.addresses) == (new_id, [OTHER_ADDRESS, ADDRESS])


@pytest.mark.parametrize("stored", ["", "1f", "x" * 64, "1F" * 16, "1f\n    future accuse submit forest"])
def test_an_id_that_is_not_one_is_replaced(path: Path, stored: str) -> None:
    """The room, its words and its name stay; at the next visit it is recognised by its certificate."""
    path.write_text(
        json.dumps([{"id": stored, "name": "Tea", "fingerprint": "ab", "addresses": [], "last_visit": 1.0}])
    )
    rooms = KnownRooms(path)
    (known,) = rooms.all()
    assert is_room_id(known.id)
    assert rooms.find(TEA.id, "Tea", "ab") == known
    rooms.remember(TEA, "ab", ADDRESS)
    assert [room.id for room in rooms.all()] == [TEA.id]


def test_an_accepted_certificate_is_found_under_its_new_id(path: Path) -> None:
    """The id follows from the certificate, so it changes with it."""
    rooms = KnownRooms(path)
    old_id, new_id = (derive_room_id("0000001f", one) for one in (FINGERPRINT, OTHER_FINGERPRINT))
    rooms.remember(msgspec.structs.replace(TEA, id=old_id), FINGERPRINT, ADDRESS)
    assert rooms.trust_status(new_id, "Other name", OTHER_FINGERPRINT) is TrustStatus.CHANGED
    rooms.accept(old_id, OTHER_FINGERPRINT)
    assert rooms.trust_status(new_id, "Other name", OTHER_FINGERPRINT) is TrustStatus.KNOWN
    assert rooms.trust_status(old_id, "Tea", FINGERPRINT) is TrustStatus.CHANGED
    rooms.remember(msgspec.structs.replace(TEA, id=new_id), OTHER_FINGERPRINT, ADDRESS)
    assert [(room.id, room.name) for room in rooms.all()] == [(new_id, "Tea")]


def test_two_programs_may_remember_in_turn(path: Path) -> None:
    """Neither loses what the other has saved."""
    first, second = KnownRooms(path), KnownRooms(path)
    first.remember(TEA, "ab", ADDRESS)
    second.remember(COFFEE, "cd", OTHER_ADDRESS)
    assert {room["id"] for room in json.loads(path.read_bytes())} == {"1f" * 16, "2f" * 16}


def test_any_thread_may_remember(path: Path) -> None:
    """All visits are saved in the end."""
    rooms = KnownRooms(path)
    threads = [
        threading.Thread(
            target=rooms.remember,
            args=(msgspec.structs.replace(TEA, id=room_id_of(n), name=f"Tea {n}"), "ab", ADDRESS),
        )
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
        "import sys; from pathlib import Path; from messango.client.trust.known_rooms import KnownRooms;"
        "from messango.protocol.frames import RoomInfo; from messango.transport.addresses import Address;"
        "rooms = KnownRooms(Path(sys.argv[1])); sys.stdin.readline();"
        "ids = [sys.argv[2] + f'{n:07d}' + '0' * 24 for n in range(20)];"
        "[rooms.remember(RoomInfo(1, one, one, '1', 1, 5, False, False), 'ab', Address('192.0.2.1'))"
        " for one in ids]"
    )
    programs = [
        subprocess.Popen([sys.executable, "-c", code, str(path), who], stdin=subprocess.PIPE) for who in "abc"
    ]
    for program in programs:
        assert program.stdin is not None
        program.stdin.close()
    assert [program.wait(60) for program in programs] == [0, 0, 0]
    assert len(json.loads(path.read_bytes())) == 60


def test_changes_by_another_program_are_noticed(path: Path) -> None:
    """A fingerprint accepted in the terminal is also accepted in the open window."""
    here, there = KnownRooms(path), KnownRooms(path)
    here.remember(TEA, "ab", ADDRESS)
    assert there.by_id("1f" * 16) == here.by_id("1f" * 16)
    there.accept("1f" * 16, "cd")
    assert fingerprint_of(here) == "cd"
    there.delete("1f" * 16)
    assert here.all() == []


def test_a_file_damaged_meanwhile_does_not_change_the_table(path: Path) -> None:
    """The rooms in memory stay valid."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    path.write_bytes(b"{")
    assert fingerprint_of(rooms) == "ab"


def test_only_accept_replaces_a_fingerprint(path: Path) -> None:
    """A visit never does; a refused one is stored until it is accepted."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    rooms.remember(TEA, "cd", OTHER_ADDRESS)
    assert fingerprint_of(rooms) == "ab"
    rooms.record_refused("1f" * 16, "cd")
    known = KnownRooms(path).by_id("1f" * 16)
    assert known is not None
    assert (known.fingerprint, known.refused, known.addresses) == ("ab", "cd", [ADDRESS])
    rooms.accept("1f" * 16, "cd")
    known = KnownRooms(path).by_id("1f" * 16)
    assert known is not None
    assert (known.fingerprint, known.refused) == ("cd", "")


def test_an_unknown_room_cannot_be_refused_accepted_or_deleted(path: Path) -> None:
    """The calls do nothing."""
    rooms = KnownRooms(path)
    rooms.record_refused("1f" * 16, "cd")
    rooms.accept("1f" * 16, "cd")
    rooms.delete("1f" * 16)
    assert rooms.all() == []


@pytest.mark.parametrize(
    ("shown", "status"),
    [
        (("1f" * 16, "Other name", "ab"), TrustStatus.KNOWN),
        (("1f" * 16, "Tea", "cd"), TrustStatus.CHANGED),
        (("1f" * 4 + "9f" * 12, "Coffee", "cd"), TrustStatus.CHANGED),
        (("9f" * 16, "ＴＥＡ\u200b", "cd"), TrustStatus.NAMESAKE),
        (("9f" * 16, "tea", "ab"), TrustStatus.KNOWN),
        (("9f" * 16, "Coffee", "ab"), TrustStatus.NEW),
        (("9f" * 16, "Coffee", "cd"), TrustStatus.NEW),
    ],
)
def test_each_room_has_its_trust_status(path: Path, shown: tuple[str, str, str], status: TrustStatus) -> None:
    """By its certificate, and by the tag of its id, which stays; else by its name."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    assert rooms.trust_status(*shown) is status


def test_a_new_identity_at_a_known_place_is_a_change(path: Path) -> None:
    """The host has installed everything again: name and address are the known ones, the tag is not."""
    rooms = KnownRooms(path)
    rooms.remember(TEA, "ab", ADDRESS)
    new = ("9f" * 16, "Tea", "cd")
    assert rooms.trust_status(*new, [OTHER_ADDRESS, ADDRESS]) is TrustStatus.CHANGED
    assert rooms.trust_status(*new, [OTHER_ADDRESS]) is TrustStatus.NAMESAKE
    assert rooms.trust_status("9f" * 16, "Coffee", "cd", [ADDRESS]) is TrustStatus.NEW


@pytest.mark.parametrize(
    "damaged", [b"", b"{", b"\xff", b"{}", b'[{"id": 1}]', b"[" * 100_000], ids=lambda data: repr(data[:8])
)
def test_a_damaged_file_is_an_error_and_left_as_it_is(path: Path, damaged: bytes) -> None:
    """It is the basis of trust: never replaced silently."""
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
def test_only_the_owner_can_read_the_file(path: Path) -> None:
    """Which rooms somebody has joined is private."""
    KnownRooms(path).remember(TEA, "ab", ADDRESS)
    assert path.stat().st_mode & 0o077 == 0


def test_a_former_name_is_remembered(path: Path) -> None:
    """A room that had to take a number is still meant by its name, after a room that has that name now."""
    rooms = KnownRooms(path)
    for name in ("Tea", "Tea 2", "Tea 3", "tea 2"):
        rooms.remember(msgspec.structs.replace(TEA, name=name), "ab" * 32, ADDRESS)
    (known,) = rooms.all()
    assert (known.name, known.former_names) == ("tea 2", ["Tea 3", "Tea"])
    assert rooms.all_called("TEA") == rooms.all_called("tea 2") == [known]
    assert rooms.all_called("Coffee") == rooms.all_named("Tea") == []
    assert rooms.latest_alike("Tea") == known

    rooms.remember(msgspec.structs.replace(TEA, id="9e" * 16, name="Tea"), "cd" * 32, ADDRESS)
    assert [room.id for room in rooms.all_called("Tea")] == ["9e" * 16, known.id]


def test_a_linked_room_is_known_at_all_its_servers(path: Path) -> None:
    """A server that was visited has named the others, so that they are found when it is away."""
    KnownRooms(path).remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1), server(2)])
    rooms = KnownRooms(path)
    assert rooms.linked_room(room(0).id, FINGERPRINTS[0]) == (LINK, [server(1), server(2)])
    first = LinkedServer("Server 0", room(0).id, FINGERPRINTS[0], [ADDRESS])
    assert rooms.linked_room(room(1).id, FINGERPRINTS[1]) == (LINK, [first, server(2)])
    assert rooms.linked_room(room(1).id, FINGERPRINTS[2]) is None
    assert rooms.trust_status(room(1).id, "Raw", FINGERPRINTS[1]) is TrustStatus.KNOWN
    assert rooms.trust_status(room(1).id, "Raw", FINGERPRINTS[2]) is TrustStatus.NAMESAKE


def test_a_claimed_link_counts_only_for_servers_that_were_named(path: Path) -> None:
    """A stranger may claim any."""
    rooms = KnownRooms(path)
    rooms.remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1)])
    assert rooms.trusted_link(room(0).id, FINGERPRINTS[0], LINK) == LINK
    assert rooms.trusted_link(room(1).id, FINGERPRINTS[1], LINK) == LINK
    assert rooms.trusted_link(room(2).id, FINGERPRINTS[2], LINK) == ""
    assert rooms.trusted_link(room(1).id, FINGERPRINTS[1], "6b" * 16) == ""
    assert rooms.trusted_link(room(1).id, FINGERPRINTS[1], None) == ""


def test_a_room_that_is_no_longer_linked_forgets_its_servers(path: Path) -> None:
    """The latest visit counts."""
    rooms = KnownRooms(path)
    rooms.remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1)])
    rooms.remember(room(0, link=None), FINGERPRINTS[0], ADDRESS)
    assert rooms.linked_room(room(0).id, FINGERPRINTS[0]) is None


def test_a_list_of_servers_stays_small(path: Path) -> None:
    """A hostile one must not fill the disk."""
    many = [Address(f"192.0.2.{number}") for number in range(1, 9)]
    KnownRooms(path).remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1, *many)] * 40)
    known = KnownRooms(path).by_id(room(0).id)
    assert known is not None
    assert len(known.servers) == MAX_SERVERS
    assert known.servers[0].addresses == many[:4]


def test_a_file_of_an_earlier_version_knows_no_servers(path: Path) -> None:
    """The next visit adds them."""
    address = {"host": "192.0.2.1", "port": 8000}
    earlier = {"id": room(0).id, "name": "Raw", "fingerprint": FINGERPRINTS[0], "last_visit": 1.0}
    path.write_text(json.dumps([{**earlier, "addresses": [address]}]))
    rooms = KnownRooms(path)
    assert rooms.linked_room(room(0).id, FINGERPRINTS[0]) is None
    rooms.remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1)])
    assert KnownRooms(path).linked_room(room(0).id, FINGERPRINTS[0]) == (LINK, [server(1)])


def test_a_forgotten_server_is_forgotten_by_all(path: Path) -> None:
    """The next visit is a first one, although another server has named it."""
    rooms = KnownRooms(path)
    rooms.remember(room(0), FINGERPRINTS[0], ADDRESS, "Server 0", [server(1), server(2)])
    rooms.remember(room(1), FINGERPRINTS[1], ADDRESS, "Server 1", [server(0), server(2)])
    rooms.delete(room(0).id)
    assert KnownRooms(path).naming_room(room(0).id, FINGERPRINTS[0]) is None
    assert KnownRooms(path).linked_room(room(1).id, FINGERPRINTS[1]) == (LINK, [server(2)])
