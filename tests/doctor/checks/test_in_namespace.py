"""The real command in network namespaces that end with its process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.lan

# A link-local address is usable at once, because nobody else can have the same one.
_LOOPBACK = "echo 0 > /proc/sys/net/ipv6/conf/default/accept_dad; ip link set lo up"
_LAN = f"""
{_LOOPBACK}
ip link add eth0 type veth peer name far
ip link set eth0 up
ip link set far up
ip address add 10.44.0.2/24 dev eth0
"""
_UNPLUG = "ip link set eth0 down"
_DROP_MDNS = """
nft add table inet doctor
nft add chain inet doctor input '{ type filter hook input priority 0; }'
nft add rule inet doctor input iif != lo udp dport 5353 drop
"""
_DROP_CHAT = """
nft add table inet doctor
nft add chain inet doctor input '{ type filter hook input priority 0; }'
nft add rule inet doctor input ip daddr 10.44.0.2 tcp dport 8000 drop
"""
_VPN = """
ip link add wg0 type veth peer name wg-far
ip link set wg-far up
ip address add 10.8.0.2/24 dev wg0
ip link set wg0 up
ip route add default dev wg0
"""


def doctor(setup: str, home: Path) -> tuple[int, dict[str, list[tuple[str, str]]]]:
    """Run `messango doctor --json` after `setup` made the network; return level and message by check."""
    environment = {key: value for key, value in os.environ.items() if key != "MESSANGO_INTERFACES"}
    done = subprocess.run(
        ["unshare", "--net", "sh", "-ec", f"{setup}\nexec {sys.executable} -m messango doctor --json"],
        env={**environment, "MESSANGO_HOME": str(home)},
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.stderr.decode() == ""
    found: dict[str, list[tuple[str, str]]] = {}
    for finding in json.loads(done.stdout):
        assert finding["cure"] or finding["level"] == "ok"
        found.setdefault(finding["check"], []).append((finding["level"], finding["what"]))
    return done.returncode, found


def test_a_lan_that_works_has_no_problem(tmp_path: Path) -> None:
    """With an address and nothing in the way, the announcement is received and the status is 0."""
    status, found = doctor(_LAN, tmp_path)
    assert status == 0
    assert found["network"][0][0] == "ok"
    assert found["multicast"] == [("ok", "Announcements on eth0 (10.44.0.2) are received.")]
    assert found["rooms"][0][0] == "note"
    assert "10.44.0.2:8000" in found["chat-port"][0][1]


def test_a_cable_that_was_just_plugged_in_is_no_problem(tmp_path: Path) -> None:
    """Its IPv6 address can be used a second later."""
    status, found = doctor(_LAN.replace("echo 0 >", "echo 1 >"), tmp_path)
    assert status == 0
    assert "[fe80::" in found["chat-port"][0][1]


def test_a_machine_with_only_the_loopback_has_no_network(tmp_path: Path) -> None:
    """This cause is reported, and the status is 1."""
    status, found = doctor(_LOOPBACK, tmp_path)
    assert status == 1
    assert found["network"][0][0] == "problem"
    assert "not connected to a network" in found["network"][0][1]


def test_a_machine_without_any_interface_has_no_network(tmp_path: Path) -> None:
    """Even without the loopback there is a message, not a traceback."""
    status, found = doctor("", tmp_path)
    assert status == 1
    assert found["network"][0][0] == "problem"


def test_an_unplugged_cable_is_reported(tmp_path: Path) -> None:
    """The address is still there, but announcements go nowhere."""
    status, found = doctor(_LAN + _UNPLUG, tmp_path)
    assert status == 1
    assert found["multicast"][0][0] == "problem"
    assert "eth0 (10.44.0.2)" in found["multicast"][0][1]


@pytest.mark.nft
def test_a_firewall_that_blocks_mdns_is_reported(tmp_path: Path) -> None:
    """All is well except that announcements are not received."""
    status, found = doctor(_LAN + _DROP_MDNS, tmp_path)
    assert status == 1
    assert found["network"][0][0] == found["mdns-port"][0][0] == "ok"
    assert found["multicast"][0][0] == "problem"
    assert "something blocks mDNS" in found["multicast"][0][1]


@pytest.mark.nft
def test_a_firewall_that_blocks_the_chat_port_is_reported(tmp_path: Path) -> None:
    """Rooms are found, but nobody could join one here."""
    status, found = doctor(_LAN + _DROP_CHAT, tmp_path)
    assert status == 1
    assert found["multicast"][0][0] == "ok"
    assert [what for level, what in found["chat-port"] if level == "problem" and "10.44.0.2:8000" in what]


def test_a_vpn_that_takes_all_traffic_is_reported(tmp_path: Path) -> None:
    """It is a warning, because the check can't see whether the VPN blocks the local network."""
    status, found = doctor(_LAN + _VPN, tmp_path)
    assert status == 0
    assert found["vpn"][0][0] == "warning"
    assert "wg0 10.8.0.2" in found["vpn"][0][1]
