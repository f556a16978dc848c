"""Rooms are found from other hosts, by their announcements and their answers."""

from __future__ import annotations

import json
import signal

import pytest

from tests.lan.avahi import Avahi
from tests.lan.lan import Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, discover, open_room

pytestmark = pytest.mark.lan


def test_a_room_is_found_from_other_hosts(lan: Lan) -> None:
    """`discover --json` returns what a client needs to join, from every host of the network."""
    h1, h2, h3 = lan.hosts
    server = open_room(h1, "Table 4", "--max-clients", "7")
    fingerprint = server.out.text_so_far().partition("fingerprint=")[2].split()[0]
    for host in (h2, h3):
        (room,) = discover(host, "--first")
        assert room.pop("id")
        assert room.pop("version")
        assert 0 < room.pop("ping_ms") < 1000
        assert h1.address in room.pop("addresses")
        assert room == {
            "name": "Table 4",
            "host": "h1",
            "port": 8000,
            "members": 0,
            "seats": 7,
            "password": False,
            "locked": False,
            "fingerprint": fingerprint,
            "features": ["private", "earlier", "search", "reactions", "edits", "files"],
            "slow": False,
            "code": None,
            "reason": None,
            "hint": None,
            "announced": True,
            "link": None,
        }


def test_without_a_room_none_is_found(lan: Lan) -> None:
    """Nothing found is status 3, an empty array and a message."""
    done = lan.hosts[0].run(messango("discover", "--json", "--timeout", "1"))
    assert (done.returncode, done.stdout.strip()) == (3, "[]")
    assert "No room was found." in done.stderr


def test_discover_watch_follows_a_room(lan: Lan) -> None:
    """A room that opens, fills and empties is printed line by line; a clean stop is seen at once."""
    h1, h2, h3 = lan.hosts
    watching = h2.start(messango("discover", "--watch", "--json"))
    server = open_room(h1, "Tisch für 4 🥭")
    added = watching.out.wait_for_json(event="added")
    assert (added["name"], added["host"], added["members"]) == ("Tisch für 4 🥭", "h1", 0)

    member = Member(h3, "Tisch für 4 🥭", "Ann")
    watching.out.wait_for_json(event="updated", members=1)
    assert member.leave() == 0
    watching.out.wait_for_json(event="updated", members=0)

    server.send_signal(signal.SIGTERM)
    removed = watching.out.wait_for_json(event="removed")
    assert removed["id"] == added["id"]
    assert server.wait() == 0
    watching.send_signal(signal.SIGINT)
    assert watching.wait() == 130


def test_a_killed_server_is_shown_as_not_answering(lan: Lan) -> None:
    """Long before its record expires, a room whose server died has no round trip any more."""
    h1, h2, _ = lan.hosts
    server = open_room(h1, "Table 4")
    watching = h2.start(messango("discover", "--watch", "--json"))
    assert watching.out.wait_for_json(event="added")["ping_ms"] is not None
    server.send_signal(signal.SIGKILL)
    assert watching.out.wait_for_json(ping_ms=None)["name"] == "Table 4"


def test_a_host_without_its_network_is_shown_as_not_answering(lan: Lan) -> None:
    """An unplugged cable sends no goodbye; after it is plugged in, the room answers again."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Table 4")
    watching = h2.start(messango("discover", "--watch", "--json"))
    watching.out.wait_for_json(event="added")
    h1.link("down")
    watching.out.wait_for_json(name="Table 4", ping_ms=None)
    h1.link("up")
    back = watching.out.first(lambda line: line if '"ping_ms": null' not in line else None)
    assert "Table 4" in back


def test_two_rooms_with_one_name_get_different_names(lan: Lan) -> None:
    """The second gets a number and informs its host; a different case is not a different name."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Office")
    assert discover(h3, "--first")
    second = open_room(h2, "OFFICE")
    second.out.wait_for("OFFICE 2")
    watching = h3.start(messango("discover", "--watch", "--json"))
    found = {}
    for _ in range(2):
        room = watching.out.wait_for_json(event="added")
        found[room["host"]] = room["name"]
    assert found == {"h1": "Office", "h2": "OFFICE 2"}
    assert Member(h3, "OFFICE 2", "Ann").entered["room"] == "OFFICE 2"


def both_offices(watching: Process) -> dict[str, str]:
    """Wait until the list has two rooms called Office, and return their names by host."""
    found: dict[str, str] = {}

    def note(line: str) -> dict[str, str] | None:
        room = json.loads(line)
        found.pop(room["host"], None)
        if room["event"] != "removed" and room["ping_ms"] is not None:
            found[room["host"]] = room["name"]
        return found if sorted(found.values()) == ["Office", "Office 2"] else None

    return watching.out.first(note, 60)


def test_rooms_that_open_at_the_same_moment_get_different_names(lan: Lan) -> None:
    """Neither has the name yet when the other probes it; still, one of them gets a number."""
    h1, h2, h3 = lan.hosts
    watching = h3.start(messango("discover", "--watch", "--json"))
    for host in (h1, h2):
        host.start(messango("server", "--name", "Office"))
    assert set(both_offices(watching)) == {"h1", "h2"}


def test_rooms_of_joined_networks_get_different_names(lan: Lan) -> None:
    """Each was alone with its name; the one that changes it informs its host, and both can be joined."""
    h1, h2, h3 = lan.hosts
    lan.disconnect(h1)
    servers = {host.name: open_room(host, "Office") for host in (h1, h2)}
    # Neither found the name taken when it opened.
    for host in (h1, h2):
        assert [room["host"] for room in discover(host, "--first")] == [host.name]
    lan.reconnect(h1)
    found = both_offices(h3.start(messango("discover", "--watch", "--json")))
    (renamed,) = [host for host, name in found.items() if name == "Office 2"]
    servers[renamed].out.wait_for("Office 2")
    for home, name in found.items():
        assert discover(h3, "--timeout", "2")
        joined = Member(h3, name, f"Ann of {home}")
        assert joined.entered["room"] == name


def test_two_rooms_on_one_host(lan: Lan) -> None:
    """The second uses the next port; both are listed, and the right one is joined."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Upstairs")
    open_room(h1, "Downstairs")
    watching = h2.start(messango("discover", "--watch", "--json"))
    ports = {}
    for _ in range(2):
        room = watching.out.wait_for_json(event="added")
        ports[room["name"]] = room["port"]
    assert ports == {"Upstairs": 8000, "Downstairs": 8001}
    assert Member(h2, "downstairs", "Ann").entered["room"] == "Downstairs"


def test_a_room_on_two_networks_is_one_row(lan: Lan) -> None:
    """A client on both networks joins by either; a client on one of them can join too."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h1, h2)
    open_room(h1, "Table 4")
    (room,) = discover(h2, "--timeout", "2")
    assert {"10.77.0.1", "10.77.1.1"} <= set(room["addresses"])
    assert Member(h3, "Table 4", "Ann").entered["you"] == "Ann"
    h1.link("down")
    assert Member(h2, "Table 4", "Ben").entered["you"] == "Ben"


def test_a_room_is_found_with_only_ipv6(lan: Lan) -> None:
    """Two laptops on a cable have only link-local addresses."""
    h1, h2, _ = lan.hosts
    for host in (h1, h2):
        host.run(["ip", "addr", "flush", "dev", "eth0", "scope", "global"])
    open_room(h1, "Table 4")
    (room,) = discover(h2, "--first")
    (address,) = room["addresses"]
    assert address.partition("%")[0] == h1.link_local()
    assert Member(h2, "Table 4", "Ann").entered["you"] == "Ann"


def test_a_room_is_found_on_its_own_host_without_a_network(lan: Lan) -> None:
    """With the cable unplugged, the host still finds and joins its own room."""
    h1 = lan.hosts[0]
    h1.link("down")
    open_room(h1, "Table 4")
    (room,) = discover(h1, "--first")
    assert room["addresses"]
    assert Member(h1, "Table 4", "Ann").entered["you"] == "Ann"


def test_the_room_is_real_mdns(lan: Lan) -> None:
    """avahi, which most Linux desktops run, finds the room with its name, port and TXT record."""
    h1, h2, h3 = lan.hosts
    avahi = Avahi(h2)
    open_room(h1, "Table 4", "--port", "8123")
    (room,) = discover(h3, "--first")
    resolved = avahi.resolve("_messango._tcp")
    assert resolved
    for service in resolved:
        assert (service.name, service.kind, service.port) == ("Table 4", "_messango._tcp", 8123)
        assert service.host.startswith(f"messango-{room['id']}-")
        assert service.address == h1.address
        assert (
            service.txt.items()
            >= {
                "v": "1",
                "id": room["id"],
                "n": "0",
                "max": "5",
                "locked": "0",
                "pw": "0",
                "fp": room["fingerprint"],
                "version": room["version"],
            }.items()
        )


def test_the_announcement_is_kept_current(lan: Lan) -> None:
    """A new member changes the TXT record."""
    h1, h2, h3 = lan.hosts
    avahi = Avahi(h2)
    open_room(h1, "Table 4")
    Member(h3, "Table 4", "Ann")
    # Each try takes a second, while avahi-browse waits for answers.
    assert any({service.txt["n"] for service in avahi.resolve("_messango._tcp")} == {"1"} for _ in range(20))


def test_an_avahi_on_the_same_host_is_no_trouble(lan: Lan) -> None:
    """If a desktop's own mDNS daemon uses port 5353 too, rooms are still announced and found."""
    h1, h2, _ = lan.hosts
    Avahi(h1)
    Avahi(h2)
    open_room(h1, "Table 4")
    (room,) = discover(h2, "--first")
    assert (room["name"], room["addresses"]) == ("Table 4", [h1.address, f"{h1.link_local()}%eth0"])
