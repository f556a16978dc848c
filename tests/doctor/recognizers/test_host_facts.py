"""What Linux tells beside its addresses, from made-up files."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.doctor.recognizers.host_facts import (
    find_route,
    inside_of,
    read_facts,
    read_gateways,
    read_neighbors,
)
from tests.doctor.factories import own

ARP = """IP address       HW type     Flags       HW address            Mask     Device
10.77.0.3        0x1         0x2         aa:bb:cc:dd:ee:ff     *        eth0
10.77.0.1        0x1         0x0         00:00:00:00:00:00     *        eth0
10.77.0.1        0x1         0x2         aa:bb:cc:dd:ee:01     *        eth1
10.77.0.9        0x1         0x0         00:00:00:00:00:00     *        eth0
"""
ROUTES = """Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 03004D0A 0003 0 0 0 00000000 0 0 0
eth0 00004D0A 00000000 0001 0 0 0 00FFFFFF 0 0 0
"""


def write(root: Path, name: str, text: str) -> Path:
    """Write one of the files, and return the root."""
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    return root


def test_neighbors_and_routers(tmp_path: Path) -> None:
    """An address that is missing on one network may answer on another."""
    write(tmp_path, "proc/net/arp", ARP)
    assert read_neighbors(tmp_path) == {"10.77.0.3": True, "10.77.0.1": True, "10.77.0.9": False}
    assert read_gateways(write(tmp_path, "proc/net/route", ROUTES)) == ["10.77.0.3"]


def test_a_system_that_tells_nothing(tmp_path: Path) -> None:
    """Without these files nothing is known, and nothing fails."""
    assert read_neighbors(tmp_path) == {}
    assert read_gateways(tmp_path) == []
    assert inside_of(own("eth0 172.17.0.2/16").interfaces, tmp_path) == ""


def test_nothing_is_sent_where_no_network_of_ours_is() -> None:
    """A limit to some interfaces leaves the router of the others alone."""
    assert read_facts(own("lo 127.0.0.1/8").interfaces, ask_router=True).gateways == []


@pytest.mark.parametrize(
    ("address", "mark", "text", "expected"),
    [
        ("eth0 172.17.0.2/16", ".dockerenv", "", "container"),
        ("eth0 192.168.1.7/24", ".dockerenv", "", ""),
        ("eth0 172.28.5.2/20", "proc/sys/kernel/osrelease", "5.15.1-microsoft-standard-WSL2\n", "WSL"),
        ("eth0 172.17.0.2/16", "nothing", "", ""),
    ],
)
def test_in_what_messango_runs(tmp_path: Path, address: str, mark: str, text: str, expected: str) -> None:
    """A container on the computer's own network has its addresses."""
    assert inside_of(own(address).interfaces, write(tmp_path, mark, text)) == expected


def test_a_route_of_a_strange_address_is_unknown() -> None:
    """A name is never passed to a program."""
    assert find_route("ann-laptop; reboot") is None
