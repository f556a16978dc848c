"""Addresses that mislead: those that another machine has as well, too many of them, and dead ones.

Nobody comes into another room, and the address that others reach is the one that they get.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable

import pytest

from tests.lan.conditions import add_address, add_bridge, add_tunnel, inside, replace_addresses
from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, discover, open_room

pytestmark = [pytest.mark.lan, pytest.mark.situation]

#: A click on the room's row in the window: the same browser, the same target, the same client.
_CLICK = """
import sys
from messango.client.events import RoomJoined
from messango.discovery.browse import Browser
from messango.gui.background.services import real_services
from messango.gui.model.rooms.join_target import room_target

browser = Browser()
browser.start()
while True:
    room = getattr(browser.events.get(timeout=30), "room", None)
    if room is not None and room.name == sys.argv[1] and room.joinable:
        break
browser.close()
client = real_services().join(room_target(room), "Ann")
client.start()
while not isinstance(event := client.events.get(timeout=30), RoomJoined):
    pass
print(event.room.name)
client.leave()
client.join_thread(10)
"""


#: A room that is announced on the LAN with this address only.
_ANNOUNCE_ONLY = """
import sys
from messango.app.hosted_room import HostedRoom
from messango.discovery.announcing import advertise
from messango.server.server_options import ServerOptions

advertise.advertised_addresses = lambda _: sys.argv[1:]
with HostedRoom(ServerOptions(name="Table 4")):
    print("announced", flush=True)
    sys.stdin.read()
"""


def add_same_bridge(host: Host) -> None:
    """Add a bridge for containers under a name that nobody knows, with the same address on every machine."""
    add_bridge(host, "mesh0", "172.30.0.1/16")


def add_same_bridge_with_a_container(host: Host) -> None:
    """Add the same, with a cable into a container whose name tells nothing either."""
    add_same_bridge(host)
    inside(host.namespace, "ip", "link", "add", "c0", "type", "veth", "peer", "name", "c1")
    inside(host.namespace, "ip", "link", "set", "c0", "master", "mesh0", "up")
    inside(host.namespace, "ip", "link", "set", "c1", "up")


def add_same_tunnel(host: Host) -> None:
    """Add a VPN that gives every machine the same address."""
    add_tunnel(host, "tun0", "10.8.0.2/24")


def add_same_cable(host: Host) -> None:
    """Add what looks like a second LAN: nothing but the address tells that it leads to ourselves."""
    inside(host.namespace, "ip", "link", "add", "lan7", "type", "veth", "peer", "name", "lan8")
    for end in ("lan7", "lan8"):
        inside(host.namespace, "ip", "link", "set", end, "up")
    add_address(host, "172.30.0.1/16", "lan7")


def printed(server: Process) -> tuple[list[str], str]:
    """Return the addresses that a server printed, without those of IPv6, and the one in its invite."""
    text = server.out.text_so_far()
    block = text[text.index("Address") : text.index("Words")]
    addresses = re.findall(r"([0-9.]+):\d+$", block, re.MULTILINE)
    return addresses, re.findall(r"^Invite +messango://([0-9.]+):", text, re.MULTILINE)[0]


@pytest.fixture
def two_hosts(lan: Lan) -> tuple[Host, Host]:
    """Two hosts on 192.168.88.0/24, whose addresses come last as text."""
    for host in lan.hosts:
        replace_addresses(host, f"192.168.88.{host.number}/24")
    return lan.hosts[0], lan.hosts[1]


@pytest.mark.parametrize(
    "add_same_address", [add_same_bridge, add_same_bridge_with_a_container, add_same_tunnel, add_same_cable]
)
def test_a_guest_who_hosts_as_well_comes_into_the_room_of_that_name(
    two_hosts: tuple[Host, Host], add_same_address: Callable[[Host], None]
) -> None:
    """Both machines have one more address, the same, and both rooms the same port."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_same_address(host)
    open_room(h1, "Table 4")
    open_room(h2, "Mine")
    found = {room["name"]: room for room in discover(h2)}
    assert found["Table 4"]["addresses"][0] == "192.168.88.1"
    assert not {"172.30.0.1", "10.8.0.2"}.intersection(found["Table 4"]["addresses"])
    assert found["Table 4"]["ping_ms"] is not None
    assert found["Mine"]["ping_ms"] is not None
    for _ in range(3):
        member = Member(h2, "Table 4", "Ann")
        assert (member.entered["room"], member.entered["address"]) == ("Table 4", "192.168.88.1:8000")
        assert member.leave() == 0
    clicked = h2.run([sys.executable, "-c", _CLICK, "Table 4"])
    assert clicked.stdout.split("\n")[0] == "Table 4", clicked.stderr
    mine = Member(h2, "Mine", "Ann")
    assert mine.entered["room"] == "Mine"
    assert mine.leave() == 0


def test_a_member_comes_back_into_the_room_that_they_were_in(two_hosts: tuple[Host, Host]) -> None:
    """While its server is gone, the member's own room is alone at the address that both have."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_same_bridge(host)
    server = open_room(h1, "Table 4")
    open_room(h2, "Mine")
    member = Member(h2, "Table 4", "Ann")
    server.stop()
    open_room(h1, "Table 4")
    back = member.await_event(event="entered", back=True)
    assert (back["room"], back["address"]) == ("Table 4", "192.168.88.1:8000")
    assert member.leave() == 0


def test_a_member_is_not_heard_of_in_another_room_of_the_host(two_hosts: tuple[Host, Host]) -> None:
    """Its server has the same certificate, and now the port that the first one had."""
    h1, h2 = two_hosts
    server = open_room(h1, "Table 4")
    member = Member(h2, "Table 4", "Ann")
    server.stop()
    other = open_room(h1, "Other")
    member.process.out.first(lambda line: line if "Another room" in line else None)
    open_room(h1, "Table 4")
    back = member.await_event(event="entered", back=True)
    assert (back["room"], back["address"]) == ("Table 4", "192.168.88.1:8001")
    assert "Ann" not in other.out.text_so_far()


def test_an_own_address_is_said_to_lead_nowhere_else(two_hosts: tuple[Host, Host]) -> None:
    """The host printed the address of its VPN, and here it is this machine's."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_same_tunnel(host)
    open_room(h1, "Table 4")
    open_room(h2, "Mine")
    done = h2.run(messango("chat", "10.8.0.2", "--name", "Ann"), stdin="hello\n")
    assert done.returncode == 0
    assert "10.8.0.2 is an address of this computer" in done.stderr


def test_a_room_that_is_announced_only_at_an_address_of_both_is_explained(
    two_hosts: tuple[Host, Host],
) -> None:
    """Its host chose the wrong network; the cure is typed as told."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_same_bridge(host)
    # As MESSANGO_INTERFACES does, but heard on the LAN: 172.30.0.1 is announced and nothing else.
    wrong = h1.start([sys.executable, "-c", _ANNOUNCE_ONLY, "172.30.0.1"])
    wrong.out.wait_for("announced")
    open_room(h2, "Mine")
    done = h2.run(messango("chat", "Table 4", "--name", "Ann"), stdin="hello\n")
    assert done.returncode == 3
    assert "this computer has the same address" in done.stderr
    assert "without --host" in done.stderr


def test_without_a_name_the_other_room_is_joined(two_hosts: tuple[Host, Host]) -> None:
    """It is the only one that is open, although this machine has its second address."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_same_bridge(host)
    open_room(h1, "Table 4")
    assert discover(h2, "--first")[0]["name"] == "Table 4"
    done = h2.run(messango("chat", "--name", "Ann", "--json"), stdin="")
    assert json.loads(done.stdout.splitlines()[0])["room"] == "Table 4"


def test_a_room_of_this_machine_is_joined_by_its_own_addresses(two_hosts: tuple[Host, Host]) -> None:
    """All of its addresses are ours, so they lead to it."""
    h1, _ = two_hosts
    add_same_bridge(h1)
    add_same_tunnel(h1)
    open_room(h1, "Table 4")
    member = Member(h1, "Table 4", "Ann")
    assert member.entered["room"] == "Table 4"
    assert member.leave() == 0


def test_a_bridge_that_carries_the_lan_is_the_lan(two_hosts: tuple[Host, Host]) -> None:
    """The cable is one of its ports: its address is printed, announced and reached."""
    h1, h2 = two_hosts
    replace_addresses(h1)
    add_bridge(h1, "br-home", "192.168.88.1/24")
    inside(h1.namespace, "ip", "link", "set", "eth0", "master", "br-home")
    server = open_room(h1, "Table 4")
    assert printed(server) == (["192.168.88.1"], "192.168.88.1")
    assert discover(h2)[0]["addresses"][0] == "192.168.88.1"


def test_the_invite_has_the_address_of_the_network_that_leads_out(lan: Lan) -> None:
    """Of two networks; and an interface without a carrier comes last."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h1, h2, h3)
    inside(h1.namespace, "ip", "route", "add", "default", "via", "10.77.1.2")
    server = open_room(h1, "Table 4")
    assert printed(server) == (["10.77.1.1", "10.77.0.1"], "10.77.1.1")
    lan.pull_cable(h1, network=1)
    server = open_room(h1, "Table 5")
    assert printed(server) == (["10.77.0.1", "10.77.1.1"], "10.77.0.1")


def test_a_dead_interface_does_not_delay_anybody(lan: Lan) -> None:
    """The guest has no cable in the network that sorts first; the host announces both."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h1, h2, h3)
    open_room(h1, "Table 4")
    lan.pull_cable(h2, network=0)
    assert discover(h2)[0]["addresses"][0] == "10.77.1.1"
    member = Member(h2, "Table 4", "Ann")
    assert member.entered["address"] == "10.77.1.1:8000"


def test_of_very_many_networks_the_lan_is_heard(two_hosts: tuple[Host, Host]) -> None:
    """A socket joins 20 of them; the bridges are as many on both machines, and the doctor tells."""
    h1, h2 = two_hosts
    for host in two_hosts:
        for number in range(30):
            add_bridge(host, f"mesh{number}", f"172.30.{number}.1/24")
    server = open_room(h1, "Table 4")
    assert printed(server) == (["192.168.88.1"], "192.168.88.1")
    assert discover(h2)[0]["addresses"][0] == "192.168.88.1"
    assert member_of_mdns(h1, "eth0")
    findings = json.loads(h2.run(messango("doctor", "--json")).stdout)
    texts = [finding["what"] for finding in findings if finding["check"] == "memberships"]
    assert len(texts) == 2
    assert "mesh29" in texts[0] or "more" in texts[0]
    assert "eth0 (192.168.88.2)" in texts[1]


def test_a_lan_that_comes_after_many_networks_is_heard(two_hosts: tuple[Host, Host]) -> None:
    """The room was opened on a train: when the LAN comes, a bridge leaves it its place."""
    h1, h2 = two_hosts
    replace_addresses(h1)
    inside(h1.namespace, "sysctl", "-q", "-w", "net.ipv6.conf.eth0.disable_ipv6=1")
    for number in range(25):
        add_bridge(h1, f"mesh{number}", f"172.30.{number}.1/24")
    open_room(h1, "Table 4")
    watching = h2.start(messango("discover", "--watch", "--json"))
    add_address(h1, "192.168.88.1/24")
    appeared = watching.out.wait_for_json(event="added")
    assert appeared["addresses"][0] == "192.168.88.1"
    assert member_of_mdns(h1, "eth0")


def test_of_very_many_addresses_the_best_are_tried(two_hosts: tuple[Host, Host]) -> None:
    """The host has 40 addresses that look as good as the LAN's; a dozen of them are tried, that one first."""
    h1, h2 = two_hosts
    for number in range(40):
        add_address(h1, f"10.{number}.0.1/24")
    open_room(h1, "Table 4")
    found = discover(h2)[0]
    assert found["addresses"][0] == "192.168.88.1"
    assert found["ping_ms"] is not None


def member_of_mdns(host: Host, interface: str) -> bool:
    """Return whether a program of this host listens for mDNS on an interface."""
    group, name = "FB0000E0", ""
    for line in inside(host.namespace, "cat", "/proc/net/igmp").splitlines():
        if not line.startswith("\t"):
            name = line.split()[1]
        elif name == interface and line.split()[0] == group:
            return True
    return False


def test_an_address_of_the_loopback_interface_is_for_nobody_else(two_hosts: tuple[Host, Host]) -> None:
    """WSL gives all machines the same one there."""
    h1, h2 = two_hosts
    for host in two_hosts:
        add_address(host, "10.255.255.254/32", "lo")
    server = open_room(h1, "Table 4")
    assert printed(server) == (["192.168.88.1"], "192.168.88.1")
    assert "10.255.255.254" not in discover(h2)[0]["addresses"]


def test_a_network_that_a_person_left_out_is_the_reason(lan: Lan) -> None:
    """The cure is typed as told."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h2, h3)
    open_room(h1, "Table 4")
    limited = {"MESSANGO_INTERFACES": h2.addresses[1]}
    for words in (("chat", "Table 4"), ("chat",), ("discover",)):
        done = h2.run(messango(*words), env=limited, stdin="hello\n")
        assert done.returncode == 3
        assert f"MESSANGO_INTERFACES limits Messango to eth1 {h2.addresses[1]}" in done.stderr
        assert "unset MESSANGO_INTERFACES" in done.stderr
    assert Member(h2, "Table 4", "Ann").entered["room"] == "Table 4"
