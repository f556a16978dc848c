"""A room is found by what it is: its certificate and id, not an address that was right yesterday."""

from __future__ import annotations

import json
import re
import signal

import pytest

from tests.lan.conditions import add_bridge, filter_switch, forward_port, inside, replace_addresses
from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, discover, open_room

pytestmark = [pytest.mark.lan, pytest.mark.nft, pytest.mark.situation]

#: Takes more than five seconds.

NO_MDNS = ("udp dport 5353 drop",)


def open_with_invite(host: Host, name: str, *options: str) -> tuple[Process, str]:
    """Open a room, and return its server and the invite link that it prints."""
    server = host.start(messango("server", "--name", name, *options))
    invite = server.out.wait_for(r"^Invite +(\S+)$")[1]
    server.out.wait_for("Ctrl-C closes the room")
    return server, invite


def fingerprint_of(invite: str) -> str:
    """Return the fingerprint in an invite link."""
    return invite.partition("fingerprint=")[2]


def say_hello(host: Host, room: str, name: str = "Ann") -> tuple[int, str]:
    """Send one message into a room, and return the exit status and what was printed to standard error."""
    done = host.run(messango("chat", room, "--name", name), stdin="hello\n")
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def ids(host: Host) -> set[str]:
    """Return the ids of the rooms that this host's user has joined."""
    return {room["id"] for room in json.loads((host.home / "known-rooms.json").read_text())}


def test_an_invite_for_the_other_network_of_its_host(lan: Lan) -> None:
    """The address in the link is on a network that the guest is not on."""
    h1, _, h3 = lan.hosts
    lan.add_network(h1, h3)
    lan.disconnect(h3)
    replace_addresses(h3)
    _, invite = open_with_invite(h1, "Table 4")
    assert h1.address in invite
    ann = Member(h3, invite, "Ann")
    assert (ann.entered["room"], ann.entered["moved_from"]) == ("Table 4", f"{h1.address}:8000")


def test_an_invite_after_the_host_got_another_address(lan: Lan) -> None:
    """Nobody has the old address now; the host prints the new one with a new invite."""
    h1, h2, _ = lan.hosts
    server, invite = open_with_invite(h1, "Table 4")
    replace_addresses(h1, "10.77.0.50/24")
    printed = server.out.wait_for(r"messango://10\.77\.0\.50:8000/\?fingerprint=([0-9a-f]{64})")
    assert printed[1] == fingerprint_of(invite)
    assert Member(h2, invite, "Ann").entered["room"] == "Table 4"


def test_an_invite_whose_address_another_room_has(lan: Lan) -> None:
    """The right room is looked up; if it is gone, nobody lands in the other one."""
    h1, h2, h3 = lan.hosts
    server, invite = open_with_invite(h1, "Table 4")
    replace_addresses(h1, "10.77.0.50/24")
    replace_addresses(h2, "10.77.0.1/24")
    other = open_room(h2, "Other")
    server.out.wait_for(r"10\.77\.0\.50")
    assert say_hello(h3, invite)[0] == 0
    server.send_signal(signal.SIGTERM)
    assert server.wait() == 0
    for file in h3.home.glob("known-rooms.json*"):
        file.unlink()
    status, errors = say_hello(h3, invite)
    assert status == 4
    assert "does not have the invite link's fingerprint" in errors
    assert "Ann" not in other.out.text_so_far()


def test_an_invite_for_a_port_forward(lan: Lan) -> None:
    """A guest behind the router can't use the router's outer address."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h2)
    forward_port(h2, 9000, f"{h1.address}:8000")
    _, invite = open_with_invite(h1, "Table 4")
    link = f"messango://10.77.1.2:9000/?fingerprint={fingerprint_of(invite)}"
    assert Member(h3, link, "Ann").entered["room"] == "Table 4"


@pytest.mark.parametrize("scope", ["eth7", "wlp3s0", "en0", "12", "Ethernet"])
def test_an_invite_with_the_interface_of_its_host(lan: Lan, scope: str) -> None:
    """A scope has a meaning on one machine only."""
    h1, h2, _ = lan.hosts
    _, invite = open_with_invite(h1, "Table 4", "--no-advertise")
    literal = h1.link_local().partition("%")[0]
    link = f"messango://[{literal}%25{scope}]:8000/?fingerprint={fingerprint_of(invite)}"
    assert Member(h2, link, "Ann").entered["room"] == "Table 4"
    assert Member(h2, f"[{literal}%{scope}]:8000", "Ben").entered["room"] == "Table 4"
    assert Member(h2, f"[{literal}]:8000", "Cleo").entered["room"] == "Table 4"


def test_an_invite_with_a_name_that_does_not_resolve(lan: Lan) -> None:
    """The host's own name is known to no name server."""
    h1, h2, _ = lan.hosts
    _, invite = open_with_invite(h1, "Table 4")
    link = f"messango://no-such-laptop.local:8000/?fingerprint={fingerprint_of(invite)}"
    assert Member(h2, link, "Ann").entered["room"] == "Table 4"


def test_an_invite_of_a_host_with_two_rooms(lan: Lan) -> None:
    """Both have one certificate: the port decides, and without it nobody is put into either."""
    h1, h2, h3 = lan.hosts
    _, first = open_with_invite(h1, "Table 4")
    _, second = open_with_invite(h1, "Table 5", "--no-advertise")
    links = [invite.replace(h1.address, "10.77.0.99") for invite in (first, second)]
    assert Member(h2, links[1], "Ann").entered["room"] == "Table 5"
    assert Member(h2, links[0], "Ann").entered["room"] == "Table 4"
    open_room(h1, "Table 6")
    listed = h2.start(messango("discover", "--watch"))
    for name in ("Table 4", "Table 6"):
        listed.out.wait_for(f"^\\+ {name} ")
    status, errors = say_hello(h3, re.sub(r":800\d/", ":9000/", links[0]))
    assert status == 3
    assert "Table 4" in errors
    assert "Table 6" in errors


def test_a_room_of_before_is_found_without_multicast(lan: Lan) -> None:
    """By its name, by its id, without a name and in the list, where it was last."""
    h1, h2, _ = lan.hosts
    _, invite = open_with_invite(h1, "Table 4")
    filter_switch(lan, *NO_MDNS)
    assert discover(h2) == []
    assert say_hello(h2, invite) == (0, "")
    (room,) = discover(h2)
    assert (room["name"], room["addresses"], room["announced"]) == ("Table 4", [h1.address], False)
    for typed in ("Table 4", "table 4", room["id"]):
        assert say_hello(h2, typed) == (0, "")
    assert Member(h2, "Table 4", "Ann").entered["room"] == "Table 4"


def test_nobody_else_at_the_last_address(lan: Lan) -> None:
    """A stranger's room there is not the known one, whatever it is called."""
    h1, h2, h3 = lan.hosts
    server, invite = open_with_invite(h1, "Table 4")
    filter_switch(lan, *NO_MDNS)
    assert say_hello(h3, invite)[0] == 0
    server.send_signal(signal.SIGTERM)
    server.wait()
    replace_addresses(h1, "10.77.0.50/24")
    replace_addresses(h2, "10.77.0.1/24")
    inside(h3.namespace, "ip", "neigh", "flush", "all")
    stranger = open_room(h2, "Table 4")
    status, errors = say_hello(h3, "Table 4")
    assert status == 5
    assert "another room answers at 10.77.0.1:8000, where it was last" in errors
    assert discover(h3) == []
    assert "Ann" not in stranger.out.text_so_far()


def test_another_room_of_the_host_at_the_last_address(lan: Lan) -> None:
    """It has the same certificate, but is another room."""
    h1, h2, _ = lan.hosts
    server, invite = open_with_invite(h1, "Table 4")
    filter_switch(lan, *NO_MDNS)
    assert say_hello(h2, invite)[0] == 0
    server.send_signal(signal.SIGTERM)
    server.wait()
    open_room(h1, "Table 5")
    status, errors = say_hello(h2, "Table 4")
    assert status == 5
    assert f"another room answers at {h1.address}:8000, where it was last" in errors


@pytest.mark.parametrize("strict", [False, True], ids=["", "strict"])
@pytest.mark.parametrize("by", ["name", "invite"])
def test_hosts_of_different_subnets_meet_by_ipv6(lan: Lan, by: str, strict: bool) -> None:  # noqa: FBT001 (pytest's)
    """A wrong address or netmask on one side: the link-local addresses still work.

    Also where the system drops IPv4 packets from addresses that it has no route to (RFC 3704).
    """
    h1, h2, _ = lan.hosts
    for host in (h1, h2):
        for interface in ("all", "eth0"):
            inside(host.namespace, "sysctl", "-q", "-w", f"net.ipv4.conf.{interface}.rp_filter={int(strict)}")
    replace_addresses(h1, "192.168.9.1/24")
    server, invite = open_with_invite(h1, "Table 4")
    assert h1.link_local().partition("%")[0] in server.out.text_so_far()
    ann = Member(h2, "Table 4" if by == "name" else invite, "Ann")
    assert ann.entered["room"] == "Table 4"
    assert ann.entered["address"] == f"[{h1.link_local().partition('%')[0]}%eth0]:8000"
    (room,) = discover(h2)
    assert room["ping_ms"] is not None


@pytest.mark.parametrize("without", ["host", "guest", "both"])
@pytest.mark.parametrize("by", ["name", "invite"])
def test_one_side_has_no_ipv4(lan: Lan, without: str, by: str) -> None:
    """DHCP has failed there; the announcements go by IPv6 as well."""
    h1, h2, _ = lan.hosts
    for host, side in ((h1, "host"), (h2, "guest")):
        if without in (side, "both"):
            replace_addresses(host)
    _, invite = open_with_invite(h1, "Table 4")
    assert Member(h2, "Table 4" if by == "name" else invite, "Ann").entered["room"] == "Table 4"


@pytest.mark.parametrize("options", [(), ("--no-advertise",)])
def test_the_host_reads_a_change_of_address_and_no_noise(lan: Lan, options: tuple[str, ...]) -> None:
    """A container bridge is noise; another network and another address are not."""
    h1, h2, _ = lan.hosts
    server, invite = open_with_invite(h1, "Table 4", *options)
    add_bridge(h1, "docker0", "172.17.0.1/16")
    lan.add_network(h1, h2)
    server.out.wait_for(r"^\S+  address  .*10\.77\.1\.1")
    assert "172.17" not in server.out.text_so_far()
    inside(h1.namespace, "ip", "addr", "del", "10.77.0.1/24", "dev", "eth0")
    link = server.out.wait_for(r"messango://10\.77\.1\.1:8000/\S+")[0]
    assert fingerprint_of(link) == fingerprint_of(invite)
    assert Member(h2, link, "Ann").entered["room"] == "Table 4"


def test_a_change_of_address_is_no_warning(lan: Lan) -> None:
    """The first announcements after it come back, and nobody is told that something blocks them."""
    h1, _, _ = lan.hosts
    server, _ = open_with_invite(h1, "Table 4")
    for number in (50, 51, 52):
        replace_addresses(h1, f"10.77.0.{number}/24")
        server.out.wait_for(rf"^\S+  address  .*10\.77\.0\.{number}")
    assert "warning" not in server.out.text_so_far()


def test_an_invite_for_the_inner_side_of_a_router(lan: Lan) -> None:
    """Somebody who joined by the router's outer address has a link with the inner one."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h2, h3)
    lan.disconnect(h3)
    replace_addresses(h3)
    inside(h3.namespace, "ip", "link", "set", "eth0", "down")
    forward_port(h2, 9000, f"{h1.address}:8000")
    _, invite = open_with_invite(h1, "Table 4")
    assert say_hello(h3, "10.77.1.2:9000")[0] == 0
    ann = Member(h3, invite, "Ann")
    assert (ann.entered["room"], ann.entered["address"]) == ("Table 4", "10.77.1.2:9000")
