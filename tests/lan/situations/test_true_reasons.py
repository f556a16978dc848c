"""Situations in which another reason would sound as likely as the true one, with the cures typed."""

from __future__ import annotations

import pytest

from tests.lan.conditions import add_tunnel, filter_packets, inside
from tests.lan.lan import Host, Lan, messango
from tests.lan.rooms import open_room
from tests.lan.situations.test_doctor import assert_cured, broken, examine, join, type_commands
from tests.lan.wire import Air, bad_air

pytestmark = [pytest.mark.lan, pytest.mark.nft, pytest.mark.situation]

ROOM = "10.77.0.1"


@pytest.fixture(autouse=True)
def _host_without_ipv6(lan: Lan) -> None:
    """Otherwise a room is reached by its link-local address."""
    inside(lan.hosts[0].namespace, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1")


def reasons(guest: Host) -> list[str]:
    """Return what is read by name and in the list, without a room that was joined."""
    by_name, listed = join(guest, "Tea"), guest.run(messango("discover"))
    assert by_name.returncode in (3, 5)
    assert listed.returncode == 3
    return [by_name.stderr, listed.stderr]


def test_a_firewall_does_not_make_the_network_slow(lan: Lan) -> None:
    """Neither if the room was announced a moment ago, late in the search."""
    host, guest, _ = lan.hosts
    filter_packets(host, "input", "tcp dport 8000 drop")
    searching = guest.start(messango("discover"))
    by_name = guest.start(messango("chat", "Tea", "--name", "Ben"))
    open_room(host, "Tea")
    assert by_name.wait() == 5
    assert "is awake, but connections to TCP port 8000 get no answer" in by_name.err.text()
    assert searching.wait() == 3
    for text in (searching.err.text(), *reasons(guest)):
        assert "slow" not in text


@pytest.mark.parametrize("verdict", ["reject with tcp reset", "reject with icmp type admin-prohibited"])
def test_a_filter_of_the_guest_that_says_no(lan: Lan, verdict: str) -> None:
    """It looks as if the room's computer refused; nobody there could help."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    filter_packets(guest, "output", f"ip daddr {ROOM} tcp dport 8000 {verdict}")
    step = broken(guest, ROOM)
    assert "This computer's firewall" in step["what"]
    for text in (join(guest, ROOM).stderr, *reasons(guest)):
        assert "This computer's firewall" in text
    type_commands(guest, step["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_a_vpn_of_the_host(lan: Lan) -> None:
    """The guest is sent to the host's doctor, which names it with its cure."""
    host, guest, _ = lan.hosts
    add_tunnel(host, "wg0", "10.8.0.2/24", "10.77.0.0/25")
    open_room(host, "Tea")
    assert all("or a VPN" in text for text in reasons(guest))
    (finding,) = [one for one in examine(host) if one["check"] == "vpn" and one["level"] == "problem"]
    assert "The VPN wg0 (10.8.0.2/24) takes the packets for 10.77.0.2" in finding["what"]
    type_commands(host, finding["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_a_router_that_is_not_there(lan: Lan) -> None:
    """The guest's gateway was mistyped, and the room is on another network."""
    guest = lan.hosts[1]
    inside(guest.namespace, "ip", "route", "add", "default", "via", "10.77.0.99")
    assert "no router answers at 10.77.0.99" in join(guest, "10.77.1.4").stderr
    assert "no router answers at 10.77.0.99" in broken(guest, "10.77.1.4")["what"]


def test_a_silent_room_of_ones_own(lan: Lan) -> None:
    """The doctor does not send the host to the host."""
    host = lan.hosts[0]
    open_room(host, "Tea")
    filter_packets(host, "output", "tcp sport 8000 drop")
    found = examine(host)
    assert not [one for one in found if "Ask the host" in one["cure"]]
    assert "is on this computer" in next(one["what"] for one in found if one["check"] == "rooms")


@pytest.mark.parametrize("air", [Air(loss=0.3, delay_s=0.05), Air(delay_s=0.5), Air(rate=7_000, queue_s=2.0)])
def test_bad_air_is_not_a_path_that_loses_large_packets(lan: Lan, air: Air) -> None:
    """Loss, distance and a narrow line: smaller packets would not help, so nobody is told to use them."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    with bad_air(lan, host, air):
        for target in ("Tea", ROOM):
            found = examine(guest, target)
            assert not [one for one in found if "arge packets are lost" in one["what"]], found
        found = examine(guest)
    assert not [one for one in found if one["check"] == "rooms" and "firewall" in one["cure"]], found
