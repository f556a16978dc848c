"""One name, two rooms: whoever knows a room comes into that one, and both are listed."""

from __future__ import annotations

import json
import signal
import sys
from typing import Any

import pytest

from tests.lan.conditions import forward_port
from tests.lan.forger import start_forger
from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, discover, open_room

pytestmark = [pytest.mark.lan, pytest.mark.situation]

NAME = "Table 4"


def visit(host: Host, room: str = NAME) -> Member:
    """Join a room once, so that it is known, and leave it; its certificate is the known one from now on."""
    member = Member(host, room, "Ann")
    assert member.leave() == 0
    return member


def stop(process: Process) -> None:
    """End a program, and wait until it has."""
    process.send_signal(signal.SIGTERM)
    process.wait()


def listed(watching: Process, *hosts: str, timeout_s: float = 60) -> dict[str, dict[str, Any]]:
    """Wait until the rooms of these hosts answer in the list, and return them by host."""
    rooms: dict[str, dict[str, Any]] = {}

    def note(line: str) -> dict[str, dict[str, Any]] | None:
        event = json.loads(line)
        rooms[event["id"]] = event
        answering = {
            room["host"]: room
            for room in rooms.values()
            if room["event"] != "removed" and room["ping_ms"] is not None
        }
        return answering if set(hosts) <= set(answering) else None

    return watching.out.first(note, timeout_s)


def chat_in_pipe(host: Host, room: str = NAME) -> tuple[int, str]:
    """Send a line into a room, and return the exit status and what was said to the person."""
    done = host.run(messango("chat", room, "--name", "Ann"), stdin="my secret\n")
    return done.returncode, done.stderr


def test_both_rooms_of_joined_networks_are_listed(lan: Lan) -> None:
    """A guest who watches sees the second within seconds, and comes into the room that they know."""
    h1, h2, h3 = lan.hosts
    lan.disconnect(h1)
    first, second = open_room(h1, NAME), open_room(h2, NAME)
    known = visit(h3).entered["fingerprint"]
    watching = h3.start(messango("discover", "--watch", "--json"))
    rooms = listed(watching, "h2")
    lan.reconnect(h1)
    rooms.update(listed(watching, "h1", timeout_s=30))
    assert rooms["h1"]["id"] != rooms["h2"]["id"]
    again = Member(h3, NAME, "Ann")
    assert again.entered["fingerprint"] == known
    assert "Ann joined" in second.out.text_so_far()
    assert "Ann joined" not in first.out.text_so_far()


def test_a_room_that_had_to_take_a_number_is_found_by_its_name(lan: Lan) -> None:
    """In each of two joined networks, one person knows the room there; what it is called now is said."""
    h1, h2, h3 = lan.hosts
    lan.disconnect(h1)
    servers = {host.name: open_room(host, NAME) for host in (h1, h2)}
    known = {host.name: visit(host).entered["fingerprint"] for host in (h1, h2)}
    lan.reconnect(h1)
    watching = h3.start(messango("discover", "--watch", "--json"))
    names: dict[str, str] = {}

    def has_number(line: str) -> str | None:
        names[json.loads(line)["host"]] = json.loads(line)["name"]
        return next((host for host, name in names.items() if name == f"{NAME} 2"), None)

    renamed = watching.out.first(has_number, 60)
    servers[renamed].out.wait_for("is now called")
    for host in (h1, h2):
        for _ in range(2):
            member = Member(host, NAME, "Ann")
            assert member.entered["fingerprint"] == known[host.name]
            if host.name == renamed:
                assert (member.entered["room"], member.entered["former_name"]) == (f"{NAME} 2", NAME)
            assert member.leave() == 0
    guest = h1 if renamed == "h1" else h2
    status, told = chat_in_pipe(guest)
    assert status == 0
    assert f"“{NAME}” is now called “{NAME} 2”." in told
    # The room that kept its name closes: the other one gets it back.
    stop(servers["h2" if renamed == "h1" else "h1"])
    servers[renamed].out.wait_for(f"yours is called “{NAME}” again", 60)
    back = Member(guest, f"{NAME} 2", "Ann")
    assert (back.entered["room"], back.entered["former_name"]) == (NAME, f"{NAME} 2")


def announced_host(host: Host) -> str:
    """Return the name in mDNS of the host that announces the room."""
    script = (
        "from zeroconf import ServiceInfo, Zeroconf; kind = '_messango._tcp.local.'; "
        f"info = ServiceInfo(kind, '{NAME}.' + kind); zeroconf = Zeroconf(['{host.address}']); "
        "info.request(zeroconf, 3000); print(info.server); zeroconf.close()"
    )
    return host.run([sys.executable, "-c", script]).stdout.strip()


@pytest.mark.parametrize("forged", ["address", "identity", "server", "records", "goodbye", "flood", "claims"])
def test_a_forger_gets_nobody_who_knows_the_room(lan: Lan, forged: str) -> None:
    """With a room of its own behind the records; the guest comes into the room that they know."""
    h1, h2, h3 = lan.hosts
    open_room(h1, NAME)
    known = visit(h3).entered
    (room,) = discover(h3, "--first")
    trap = open_room(h2, NAME, "--no-advertise")
    identity = ["--id", room["id"], "--fingerprint", room["fingerprint"]]
    options = {
        "address": [],
        "identity": identity,
        "server": [*identity, "--server", f"messango-{room['id']}-0.local."],
        "records": [*identity, "--server", announced_host(h2), "--every", "0.02"],
        "goodbye": ["--goodbye", "--every", "0.5"],
        "claims": [*identity, "--names", "300", "--server", "messango-{}.local."],
        "flood": [*identity, "--names", "300", "--to", "10.77.0.99"],
    }[forged]
    start_forger(h2, "Flood {}" if forged == "flood" else NAME, *options)
    for _ in range(3):
        member = Member(h3, NAME, "Ann")
        assert member.entered["fingerprint"] == known["fingerprint"]
        assert member.leave() == 0
    assert room["id"] in [found["id"] for found in discover(h3) if found["ping_ms"] is not None]
    assert "joined" not in trap.out.text_so_far()


def test_a_stranger_does_not_get_who_looks_for_a_room_that_is_gone(lan: Lan) -> None:
    """A pipe refuses, with the id of the namesake; by its id it is joined, with the words to compare."""
    h1, h2, h3 = lan.hosts
    server = open_room(h1, NAME)
    visit(h3)
    stop(server)
    trap = open_room(h2, NAME)
    (room,) = discover(h3, "--first")
    status, told = chat_in_pipe(h3)
    assert status == 3
    assert f"The “{NAME}” that you know does not answer" in told
    assert f"messango chat {room['id']}" in told
    assert "joined" not in trap.out.text_so_far()
    status, told = chat_in_pipe(h3, room["id"])
    assert status == 0
    assert f"You know a different room called “{NAME}”" in told


def test_two_unknown_rooms_of_one_name_are_a_question(lan: Lan) -> None:
    """While both have it, a pipe is told both ids. (Messango's own rooms sort it out too soon to be met.)"""
    h1, h2, h3 = lan.hosts
    for host in (h1, h2):
        open_room(host, NAME, "--no-advertise")
        start_forger(host, NAME, "--server", f"{host.name}.local.")
    ids = {room["id"] for room in discover(h3) if room["ping_ms"] is not None}
    assert len(ids) == 2
    status, told = chat_in_pipe(h3)
    assert status == 3
    assert f"2 rooms called “{NAME}”" in told
    assert all(room_id in told for room_id in ids)


def test_a_name_lost_to_a_forger_comes_back(lan: Lan) -> None:
    """It was announced before the room opened, so the room takes a number at first."""
    h1, h2, h3 = lan.hosts
    start_forger(h2, NAME, "--port", "9")
    server = open_room(h1, NAME)
    server.out.wait_for("is now called")
    server.out.wait_for(f"yours is called “{NAME}” again", 60)
    assert Member(h3, NAME, "Ann").entered["room"] == NAME


@pytest.mark.nft
def test_who_passes_connections_on_to_the_room_is_no_rival(lan: Lan) -> None:
    """It answers as the room because it leads to it: the room keeps its name and reads no warning."""
    h1, h2, h3 = lan.hosts
    server = open_room(h1, NAME)
    (room,) = discover(h3, "--first")
    forward_port(h2, 8000, f"{h1.address}:8000")
    identity = ["--id", room["id"], "--fingerprint", room["fingerprint"]]
    start_forger(h2, NAME, *identity, "--server", "messango-000.local.")
    watching = h3.start(messango("discover", "--watch", "--json"))
    listed(watching, "messango-000")
    for _ in range(3):
        assert visit(h3).entered["fingerprint"] == room["fingerprint"]
    text = server.out.text_so_far()
    assert "joined" in text
    assert "warning" not in text
    assert "renamed" not in text


def test_a_room_that_is_called_like_a_host_gets_nobody(lan: Lan) -> None:
    """Who types the name of this computer means it, whatever a stranger's room is called."""
    h1, h2, _ = lan.hosts
    open_room(h1, "localhost")
    open_room(h2, "Mine")
    assert Member(h2, "localhost", "Ann").entered["room"] == "Mine"
