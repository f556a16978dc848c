"""What sysfs shows of an interface, from made-up folders."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.transport.networks.link_facts import NOTHING_KNOWN, InterfaceKind, LinkFacts, link_facts


def add(root: Path, name: str, *, folders: str = "", **files: str) -> None:
    """Add an interface with these folders and files to a made-up /sys/class/net."""
    folder = root / name
    folder.mkdir()
    for each in folders.split():
        (folder / each).mkdir(parents=True)
    usual = {"ifindex": "3", "carrier": "1", "type": "1", "flags": "0x1003"}
    for file, text in {**usual, **files}.items():
        (folder / file).write_text(f"{text}\n")


@pytest.mark.parametrize(
    ("folders", "files", "kind"),
    [
        ("device", {}, "lan"),
        ("", {}, None),  # a cable into this container, or anything else
        ("", {"tun_flags": "0x1801", "type": "65534"}, "vpn"),
        ("", {"type": "65534", "uevent": "DEVTYPE=wireguard"}, "vpn"),
        ("", {"type": "512"}, "vpn"),
        ("", {"flags": "0x83"}, "container"),  # dummy
        ("", {"type": "772", "flags": "0x9"}, "container"),  # the loopback interface
        ("bridge", {}, "container"),
        ("bridge brif/veth1a2b brif/tap0", {}, "container"),
        ("bridge brif/eth7", {}, "lan"),
        ("bridge brif/cable", {}, None),  # where it leads can't be seen
        ("bridge brif/uplink", {}, "lan"),
        ("bridge brif/office.5", {}, "lan"),
    ],
)
def test_the_kind_is_what_can_be_seen(
    tmp_path: Path, folders: str, files: dict[str, str], kind: InterfaceKind | None
) -> None:
    """Whatever the interface is called; a bridge is part of the LAN if one of its ports leads out."""
    add(tmp_path, "veth1a2b")
    add(tmp_path, "cable")
    add(tmp_path, "tap0", tun_flags="0x1002")
    add(tmp_path, "uplink", folders="device")
    add(tmp_path, "office.5", uevent="DEVTYPE=vlan\nINTERFACE=office.5")
    add(tmp_path, "mesh0", folders=folders, **files)
    assert link_facts("mesh0", 3, tmp_path) == LinkFacts(kind, is_bridge="bridge" in folders)


@pytest.mark.parametrize("carrier", ["0", ""])
def test_no_cable(tmp_path: Path, carrier: str) -> None:
    """The system writes 0 without a cable, and refuses to tell for an interface that is turned off."""
    add(tmp_path, "eth0", folders="device", carrier=carrier)
    assert not link_facts("eth0", 3, tmp_path).has_carrier


def test_another_network_namespace_is_not_believed(tmp_path: Path) -> None:
    """/sys may show other interfaces of the same name; their numbers differ."""
    add(tmp_path, "eth0", ifindex="2", carrier="0")
    assert link_facts("eth0", 3, tmp_path) == NOTHING_KNOWN
    assert link_facts("eth1", 3, tmp_path) == NOTHING_KNOWN
    assert link_facts("", 3, tmp_path) == NOTHING_KNOWN
    assert link_facts("../eth0", 2, tmp_path) == NOTHING_KNOWN
