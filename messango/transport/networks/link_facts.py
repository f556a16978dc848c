"""What Linux tells of a network interface besides its addresses: what it is, and whether it is plugged in.

Names are only a convention: a bridge for containers may be called anything, and `br-lan` carries a LAN.
Elsewhere, and where /sys is hidden or shows another network namespace, nothing is known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

InterfaceKind = Literal["lan", "vpn", "container", "loopback"]

SYS_CLASS_NET: Final = Path("/sys/class/net")

# linux/if_arp.h: interfaces without a link layer (tun, WireGuard), PPP, and tunnels in IP.
_TUNNEL_TYPES: Final = frozenset({"512", "768", "769", "776", "778", "823", "65534"})
#: An address of its own on the loopback interface, as WSL and some clouds add, leads nowhere else.
_LOOPBACK_TYPE: Final = "772"
_UPLINK_DEVTYPES: Final = frozenset({"wlan", "bond", "vlan"})
#: linux/if.h: what is sent into an interface of the kind `dummy` goes nowhere, so it has no ARP.
_IFF_NOARP: Final = 0x80
#: A cable into a virtual machine or a container has the first kind of name inside it. On the other side
#: programs choose the second.
_UPLINK_NAME: Final = re.compile(r"(eth|en[opsx]|wl|bond|team|lan|wan)\w*")
_GUEST_NAME: Final = re.compile(r"(veth|vnet|tap|tun|cali|lxc|vb-|ve-|vif|fwpr|fwln)\S*")


@dataclass(frozen=True, slots=True)
class LinkFacts:
    """The kind of an interface, None if only its name can tell; whether it has a cable or a peer."""

    kind: InterfaceKind | None = None
    has_carrier: bool = True
    is_bridge: bool = False


NOTHING_KNOWN: Final = LinkFacts()


def link_facts(name: str, index: int, root: Path = SYS_CLASS_NET) -> LinkFacts:
    """Return what the system shows of an interface; `root` is where sysfs lists them."""
    folder = root / name
    if not name or "/" in name or _read(folder, "ifindex") != str(index):
        return NOTHING_KNOWN
    return LinkFacts(_kind(folder), _read(folder, "carrier") == "1", (folder / "bridge").is_dir())


def _kind(folder: Path) -> InterfaceKind | None:
    if (folder / "bridge").is_dir():
        return _kind_of_bridge([folder.parent / port.name for port in _entries(folder / "brif")])
    if (folder / "tun_flags").exists() or _read(folder, "type") in _TUNNEL_TYPES:
        return "vpn"
    if (folder / "device").exists():
        return "lan"
    is_internal = _read(folder, "type") == _LOOPBACK_TYPE or _is_dummy(folder)
    return "container" if is_internal else None


def _kind_of_bridge(ports: list[Path]) -> InterfaceKind | None:
    """Return "lan" if a port leads out of this machine, "container" if all lead to guests."""
    if any(map(_is_uplink, ports)):
        return "lan"
    return "container" if all(map(_is_guest, ports)) else None


def _is_guest(folder: Path) -> bool:
    return (folder / "tun_flags").exists() or _GUEST_NAME.fullmatch(folder.name) is not None


def _is_uplink(folder: Path) -> bool:
    if (folder / "tun_flags").exists():
        return False
    return (
        (folder / "device").exists()
        or _devtype(folder) in _UPLINK_DEVTYPES
        or _UPLINK_NAME.fullmatch(folder.name) is not None
    )


def _is_dummy(folder: Path) -> bool:
    flags = _read(folder, "flags")
    return flags.startswith("0x") and bool(int(flags, 16) & _IFF_NOARP) and _read(folder, "type") == "1"


def _devtype(folder: Path) -> str:
    lines = _read(folder, "uevent").splitlines()
    return next((line.partition("=")[2] for line in lines if line.startswith("DEVTYPE=")), "")


def _read(folder: Path, name: str) -> str:
    """Return the text of one file of an interface; "" if it can't be read: the carrier of one turned off."""
    try:
        return (folder / name).read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError:
        return []
