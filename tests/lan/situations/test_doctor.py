"""Networks that keep a room from being reached: the true reason, and a cure that works when typed."""

from __future__ import annotations

import json
import re
import subprocess
from typing import Any

import pytest

from tests.lan.conditions import (
    add_tunnel,
    filter_packets,
    filter_switch,
    forward_packets,
    inside,
    isolate_clients,
    replace_addresses,
)
from tests.lan.lan import Host, Lan, messango
from tests.lan.rooms import open_room

pytestmark = [pytest.mark.lan, pytest.mark.nft, pytest.mark.situation]

ROOM = "10.77.0.1"


@pytest.fixture(autouse=True)
def _host_without_ipv6(lan: Lan) -> None:
    """Otherwise a room is reached by its link-local address in many of these networks."""
    inside(lan.hosts[0].namespace, "sysctl", "-q", "-w", "net.ipv6.conf.all.disable_ipv6=1")


def join(guest: Host, room: str) -> subprocess.CompletedProcess[str]:
    """Join a room, say nothing, and leave; what was printed is the reason if it failed."""
    return guest.run(messango("chat", room, "--name", "Ben"))


def examine(host: Host, *room: str) -> list[dict[str, Any]]:
    """Return the findings of the doctor that are no praise."""
    done = host.run(messango("doctor", "--json", *room))
    assert done.stderr == ""
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    assert done.returncode == int(any(one["level"] == "problem" for one in findings))
    return [one for one in findings if one["level"] != "ok" and one["check"] != "display"]


def broken(host: Host, room: str) -> dict[str, Any]:
    """Return the first broken step of the way to a room, which ends the examination."""
    (*_, last) = examine(host, room)
    assert last["level"] == "problem", last
    return last


def type_commands(host: Host, cure: str, *, at_most: int = 9) -> None:
    """Type the commands of a cure as they stand there; each has to succeed."""
    commands = [words for words in re.findall("`([^`]+)`", cure) if not words.startswith("messango")]
    assert commands, cure
    for command in commands[:at_most]:
        done = host.run(["sh", "-c", command])
        assert done.returncode == 0, f"{command}: {done.stderr}"


def assert_cured(guest: Host, *rooms: str) -> None:
    """The guest gets in now."""
    for room in rooms:
        done = join(guest, room)
        assert done.returncode == 0, done.stderr


def test_another_subnet_on_the_same_cable(lan: Lan) -> None:
    """By name, by address and in the list; one more address of this computer is enough."""
    host, guest, _ = lan.hosts
    replace_addresses(host, "192.168.1.20/24")
    replace_addresses(guest, "192.168.2.7/24")
    open_room(host, "Tea")
    for failed in (join(guest, "Tea"), join(guest, "192.168.1.20"), guest.run(messango("discover"))):
        assert failed.returncode in (3, 5)
        assert "192.168.1.20 is in another subnet" in failed.stderr
        assert "192.168.2.7/24 on eth0" in failed.stderr
    type_commands(guest, broken(guest, "Tea")["cure"])
    assert_cured(guest, "Tea", "192.168.1.20")


def test_a_netmask_without_neighbors(lan: Lan) -> None:
    """The guest's; its doctor says so without a room, too."""
    host, guest, _ = lan.hosts
    replace_addresses(guest, "10.77.0.2/32")
    open_room(host, "Tea")
    assert "netmask of eth0 is too narrow" in join(guest, ROOM).stderr
    assert "netmask" in {one["check"] for one in examine(guest)}
    type_commands(guest, broken(guest, ROOM)["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_a_hosts_netmask_without_neighbors(lan: Lan) -> None:
    """The guest learns that the host is awake; the host's doctor has the cure."""
    host, guest, _ = lan.hosts
    replace_addresses(host, f"{ROOM}/32")
    open_room(host, "Tea")
    step = broken(guest, "Tea")
    assert "is awake" in step["what"]
    assert "netmask" in step["what"]
    (cure,) = [one["cure"] for one in examine(host) if one["check"] == "netmask"]
    type_commands(host, cure)
    assert_cured(guest, "Tea")


def test_a_netmask_with_everybody(lan: Lan) -> None:
    """The guest looks for a room behind the router on its own cable."""
    host, guest, router = lan.hosts
    put_behind(lan, host, router)
    replace_addresses(guest, "10.77.0.2/8")
    inside(guest.namespace, "ip", "route", "add", "default", "via", router.address)
    open_room(host, "Tea")
    assert "netmask of eth0 is very wide" in join(guest, "10.77.1.1").stderr
    type_commands(guest, broken(guest, "10.77.1.1")["cure"])
    assert_cured(guest, "10.77.1.1")


@pytest.mark.parametrize("self_made", ["guest", "host"])
def test_an_address_that_a_computer_gave_itself(lan: Lan, self_made: str) -> None:
    """On one side, it reaches nobody."""
    host, guest, _ = lan.hosts
    replace_addresses(host if self_made == "host" else guest, "169.254.7.9/16")
    open_room(host, "Tea")
    room = "169.254.7.9" if self_made == "host" else ROOM
    assert "gave itself the address 169.254.7.9" in join(guest, room).stderr
    assert "gave itself the address 169.254.7.9" in join(guest, "Tea").stderr
    type_commands(guest, broken(guest, room)["cure"])
    assert_cured(guest, room, "Tea")


def test_two_addresses_that_computers_gave_themselves(lan: Lan) -> None:
    """On both sides, they work without any router."""
    host, guest, _ = lan.hosts
    replace_addresses(host, "169.254.7.9/16")
    replace_addresses(guest, "169.254.200.9/16")
    open_room(host, "Tea")
    assert_cured(guest, "Tea", "169.254.7.9")


@pytest.mark.parametrize("by_rule", [False, True], ids=["route", "rule"])
def test_a_vpn_that_takes_the_lan(lan: Lan, *, by_rule: bool) -> None:
    """With a more exact route, or with a rule that comes before all routes."""
    host, guest, _ = lan.hosts
    add_tunnel(guest, "tun0", "10.8.0.2/24", *([] if by_rule else [f"{ROOM}/32"]))
    if by_rule:
        inside(guest.namespace, "ip", "route", "add", "default", "dev", "tun0", "table", "52")
        inside(guest.namespace, "ip", "rule", "add", "priority", "5270", "lookup", "52")
    open_room(host, "Tea")
    reason = f"The VPN tun0 (10.8.0.2/24) takes the packets for {ROOM}"
    assert reason in join(guest, "Tea").stderr
    assert reason in join(guest, ROOM).stderr
    type_commands(guest, broken(guest, ROOM)["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_two_cables_with_one_subnet(lan: Lan) -> None:
    """The one that the system prefers leads elsewhere."""
    host, guest, other = lan.hosts
    lan.add_network(guest, other)
    replace_addresses(guest, "10.77.0.12/24", interface="eth1")
    inside(guest.namespace, "ip", "route", "replace", "10.77.0.0/24", "dev", "eth1")
    open_room(host, "Tea")
    assert "also has eth0 (10.77.0.2/24) in the same subnet" in join(guest, ROOM).stderr
    type_commands(guest, broken(guest, ROOM)["cure"], at_most=1)
    assert_cured(guest, ROOM)


def test_only_ipv6(lan: Lan) -> None:
    """The guest got no IPv4 address."""
    host, guest, _ = lan.hosts
    replace_addresses(guest)
    open_room(host, "Tea")
    assert "only IPv6 addresses" in join(guest, ROOM).stderr
    type_commands(guest, broken(guest, ROOM)["cure"])
    assert_cured(guest, ROOM, "Tea")


def test_an_unplugged_cable(lan: Lan) -> None:
    """All say the same."""
    _, guest, _ = lan.hosts
    guest.link("down")
    for failed in (join(guest, "Tea"), join(guest, ROOM), guest.run(messango("discover"))):
        assert "not connected to a network: no cable or Wi-Fi is connected at eth0" in failed.stderr
    assert examine(guest)[0]["check"] == "network"


def put_behind(lan: Lan, host: Host, router: Host) -> None:
    """Move a host behind a router, as 10.77.1.1; the guests' routes are not set."""
    lan.add_network(router, host)
    lan.disconnect(host)
    replace_addresses(host)
    forward_packets(router)
    inside(host.namespace, "ip", "route", "add", "10.77.0.0/24", "via", "10.77.1.3")


def test_a_path_that_drops_large_packets(lan: Lan) -> None:
    """The room answers, and long messages would not get through."""
    host, guest, router = lan.hosts
    put_behind(lan, host, router)
    inside(guest.namespace, "ip", "route", "add", "10.77.1.0/24", "via", router.address)
    for interface in ("eth0", "eth1"):
        inside(router.namespace, "ip", "link", "set", interface, "mtu", "1000")
    filter_packets(router, "output", "icmp type destination-unreachable drop")
    open_room(host, "Tea")
    step = broken(guest, "10.77.1.1")
    assert "Large packets are lost" in step["what"]
    type_commands(guest, step["cure"])
    assert examine(guest, "10.77.1.1") == []


def test_a_wifi_that_keeps_its_devices_apart(lan: Lan) -> None:
    """A guest hosts: others reach the router, not the room."""
    host, guest, router = lan.hosts
    isolate_clients(lan, host, guest)
    for one in (host, guest):
        inside(one.namespace, "ip", "route", "add", "default", "via", router.address)
    open_room(host, "Tea")
    assert "client isolation" in join(guest, "Tea").stderr
    assert "keeps its devices apart" in join(guest, ROOM).stderr
    assert "client isolation" in broken(guest, ROOM)["what"]
    assert "isolation" in {one["check"] for one in examine(host)}


def test_multicast_that_the_switch_filters(lan: Lan) -> None:
    """A known room answers, and nothing is heard: it is listed, and the doctor says why."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    assert_cured(guest, "Tea")
    filter_switch(lan, "ip daddr 224.0.0.0/4 drop")
    reason = f"answers at {ROOM}:8000, but its announcement is not heard"
    assert "not announced, but known" in guest.run(messango("discover")).stdout
    for findings in (examine(guest), examine(guest, "Tea"), examine(guest, ROOM)):
        assert reason in findings[-1]["what"]
        assert f"`messango chat {ROOM}:8000`" in findings[-1]["cure"]


@pytest.mark.parametrize(
    ("hook", "rule"), [("input", "udp dport 5353 drop"), ("input", "ip daddr 224.0.0.251 drop")]
)
def test_our_own_firewall_drops_announcements(lan: Lan, hook: str, rule: str) -> None:
    """The doctor names the chain; its rule comes before the one that drops."""
    host, guest, _ = lan.hosts
    filter_packets(guest, hook, "ct state established accept", rule)
    open_room(host, "Tea")
    (finding,) = [one for one in examine(guest) if one["check"] == "firewall"]
    assert "the chain input of the table inet test" in finding["what"]
    type_commands(guest, finding["cure"])
    assert [one for one in examine(guest) if one["level"] == "problem"] == []
    assert_cured(guest, "Tea")


def test_our_own_firewall_drops_the_way_to_a_room(lan: Lan) -> None:
    """By name and by address."""
    host, guest, _ = lan.hosts
    filter_packets(guest, "output", "tcp dport 8000 drop")
    open_room(host, "Tea")
    for failed in (join(guest, "Tea"), join(guest, ROOM)):
        assert "This computer's firewall drops connections to the room" in failed.stderr
    type_commands(guest, broken(guest, ROOM)["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_a_hosts_firewall_that_lets_nothing_in(lan: Lan) -> None:
    """A chain whose policy is to drop; the host's doctor has both commands."""
    host, guest, _ = lan.hosts
    filter_packets(host, "input", "tcp dport 22 accept")
    inside(host.namespace, "nft", "add chain inet test input { policy drop; }")
    open_room(host, "Tea")
    assert join(guest, ROOM).returncode == 5
    findings = [one for one in examine(host) if one["check"] == "firewall"]
    assert len(findings) == 2
    for finding in findings:
        type_commands(host, finding["cure"])
    assert_cured(guest, "Tea", ROOM)


def test_the_way_to_a_room_that_is_all_right(lan: Lan) -> None:
    """From another computer nothing is wrong; on its own it proves nothing."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    assert examine(guest, "Tea") == examine(guest, ROOM) == []
    (finding,) = examine(host, "Tea")
    assert (finding["check"], finding["level"]) == ("outside", "warning")
