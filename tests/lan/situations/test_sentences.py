"""A room does not answer: the person reads the true reason, by address, by name and in the list."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest

from tests.lan.conditions import (
    add_bridge,
    filter_packets,
    forward_port,
    inside,
)
from tests.lan.lan import Host, Lan, messango
from tests.lan.rooms import discover, open_room
from tests.lan.situations.programs import (
    HANGS_UP,
    PATIENT_WEB_SERVER,
    PORTAL,
    SSH_SERVER,
    start_program,
)

pytestmark = [pytest.mark.lan, pytest.mark.nft, pytest.mark.situation]


def fail_to_join(host: Host, room: str) -> dict[str, Any]:
    """Try to join; return the event with the reason, which is also on standard error."""
    done = host.run(messango("chat", room, "--name", "Ann", "--json"))
    assert done.returncode == 5, done.stdout + done.stderr
    ended: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert ended["event"] == "ended"
    assert done.stderr.splitlines() == [f"messango: {ended['reason']}", ended["hint"]]
    assert "\x1b" not in done.stdout + done.stderr
    return ended


def reason_by_name(host: Host, room: str) -> str:
    """Try to join by name, and return what is said on standard error."""
    done = host.run(messango("chat", room, "--name", "Ann"))
    assert done.returncode == 5, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def code_in_list(host: Host) -> str:
    """Return why the only room in the list does not answer."""
    (room,) = discover(host)
    assert room["ping_ms"] is None
    assert room["reason"]
    assert room["hint"]
    return str(room["code"])


def test_nothing_listens(lan: Lan) -> None:
    """The computer is there, and the room is not: at once."""
    guest, host, _ = lan.hosts
    ended = fail_to_join(guest, host.address)
    assert ended["code"] == "refused"
    assert f"Nothing is listening at {host.address}:8000" in ended["reason"]


@pytest.mark.parametrize(
    ("rule", "code", "words"),
    [
        ("tcp dport 8000 drop", "no-answer", "a firewall drops the connection"),
        ("tcp dport 8000 reject with icmpx admin-prohibited", "rejected", "A firewall refuses connections"),
    ],
)
def test_the_firewall_of_the_host(lan: Lan, rule: str, code: str, words: str) -> None:
    """One that drops looks like an absent computer, except in the list; one that rejects does not."""
    guest, host, _ = lan.hosts
    open_room(host, "Table 4")
    filter_packets(host, "input", rule)
    ended = fail_to_join(guest, host.address)
    assert (ended["code"], words in ended["reason"]) == (code, True)
    assert "messango doctor" in ended["hint"]
    assert "port 8000" in ended["hint"]
    # By name more is known: the room is announced, so its computer is awake.
    assert "firewall" in reason_by_name(guest, "Table 4")
    assert code_in_list(guest) == code


def test_the_firewall_of_the_guest(lan: Lan) -> None:
    """Nobody blames the host for it."""
    guest, host, _ = lan.hosts
    open_room(host, "Table 4")
    filter_packets(guest, "output", "tcp dport 8000 drop")
    ended = fail_to_join(guest, host.address)
    assert ended["code"] == "blocked-here"
    assert code_in_list(guest) == "blocked-here"


def test_a_stopped_server(lan: Lan) -> None:
    """The kernel accepts for it, and nobody answers."""
    guest, host, _ = lan.hosts
    server = open_room(host, "Table 4")
    server.send_signal(signal.SIGSTOP)
    ended = fail_to_join(guest, host.address)
    assert ended["code"] == "silent"
    assert "stopped or stuck" in ended["reason"]
    assert "`fg`" in ended["hint"]
    server.send_signal(signal.SIGCONT)
    assert guest.run(messango("chat", host.address, "--name", "Ann")).returncode == 0


def test_an_absent_computer(lan: Lan) -> None:
    """Nobody on the LAN has that address."""
    ended = fail_to_join(lan.hosts[0], "10.77.0.99")
    assert ended["code"] == "host-unreachable"
    assert "off, asleep" in ended["reason"]


def test_no_network_leads_there(lan: Lan) -> None:
    """No packet even leaves; from both addresses the doctor's reasons tell more than that."""
    ended = fail_to_join(lan.hosts[0], "10.99.0.1")
    assert ended["code"] == "no-route"
    assert "10.99.0.1" in ended["reason"]
    assert ended["hint"]


def test_a_portal_catches_the_connection(lan: Lan) -> None:
    """What answers is a web server: the cure is to open that address in a browser.

    Over IPv6 it would let the person into the room.
    """
    guest, host, router = lan.hosts
    filter_packets(host, "input", "meta nfproto ipv6 tcp dport 8000 drop")
    open_room(host, "Table 4")
    start_program(router, PORTAL, 80)
    inside(guest.namespace, "ip", "route", "add", f"{host.address}/32", "via", router.address)
    forward_port(router, 8000, f"{router.address}:80")
    ended = fail_to_join(guest, host.address)
    assert ended["code"] == "web-server"
    assert f"http://{host.address}:8000/ in a browser" in ended["hint"]
    assert "A web server answers" in reason_by_name(guest, "Table 4")
    assert code_in_list(guest) == "web-server"


@pytest.mark.parametrize(
    ("program", "code", "words"),
    [
        (PATIENT_WEB_SERVER, "web-server", "A web server answers"),
        (SSH_SERVER, "other-protocol", "An SSH server answers"),
        (HANGS_UP, "closed", "closes each connection at once"),
    ],
    ids=["web server", "ssh", "hangs up"],
)
def test_another_program(lan: Lan, program: str, code: str, words: str) -> None:
    """It is named in our words: its own would change the terminal."""
    guest, host, _ = lan.hosts
    start_program(host, program, 8000)
    ended = fail_to_join(guest, host.address)
    # A peer that closes before it has read what we sent resets the connection.
    assert ended["code"] in {code, code.replace("closed", "reset")}
    assert words in ended["reason"] or ended["code"] == "reset"


@pytest.mark.parametrize("bytes_passed", [600, 1400], ids=["even the handshake", "only the history"])
def test_large_packets_are_lost(lan: Lan, bytes_passed: int) -> None:
    """The person is in the room: where large packets are lost without a word, Messango sends small ones."""
    guest, host, other = lan.hosts
    open_room(host, "Table 4")
    lines = "".join(f"{number} {'x' * 300}\n" for number in range(40))
    assert other.run(messango("chat", host.address, "--name", "Ben"), stdin=lines).returncode == 0
    filter_packets(guest, "input", f"meta length > {bytes_passed} drop")
    done = guest.run(messango("chat", "Table 4", "--name", "Ann", "--json"))
    assert done.returncode == 0, done.stdout + done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert len([event for event in events if event["event"] == "message"]) == 40


def test_the_address_on_the_lan_tells_more_than_a_containers(lan: Lan) -> None:
    """A room also announces addresses that lead nowhere from here."""
    guest, host, _ = lan.hosts
    add_bridge(host, "docker0", "172.17.0.1/16")
    open_room(host, "Table 4")
    filter_packets(host, "input", "tcp dport 8000 reject with tcp reset")
    said = reason_by_name(guest, "Table 4")
    assert f"Nothing is listening at {host.address}:8000" in said
    assert code_in_list(guest) == "refused"
