"""Reads what Linux tells beside its addresses: neighbors, routers, routes, containers. Empty elsewhere."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import shutil
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Literal

from messango.doctor.recognizers.scene import HostFacts, Route
from messango.transport.networks.interfaces import Interface

#: `ip` takes milliseconds.
_IP_TIMEOUT_S: Final = 1.0
#: A neighbor on a LAN answers within milliseconds, on a sleepy Wi-Fi within 0.2 s.
_NEIGHBOR_WAIT_S: Final = 0.3
_NEIGHBOR_POLL_S: Final = 0.02
_DISCARD_PORT: Final = 9

#: Flags in /proc/net/arp (linux/if_arp.h) and /proc/net/route (linux/route.h).
_ATF_COM: Final = 0x02
_RTF_GATEWAY: Final = 0x02

#: Networks that Docker, Podman, WSL and user-mode networks give out by themselves.
_VIRTUAL_NETWORKS: Final = tuple(
    map(ipaddress.ip_network, ("172.16.0.0/12", "10.88.0.0/16", "10.0.2.0/24", "192.168.65.0/24"))
)
_CONTAINER_MARKS: Final = (Path(".dockerenv"), Path("run/.containerenv"))


def read_facts(interfaces: Sequence[Interface], *, ask_router: bool = False) -> HostFacts:
    """Return what is known; with `ask_router`, wait up to 0.3 s until the router has answered by ARP.

    Nothing is sent to a router that is on none of the networks of `interfaces`.
    """
    gateways = [router for router in read_gateways() if any(own.holds(router) for own in interfaces)]
    if ask_router and gateways:
        _poke(gateways)
    return HostFacts(read_neighbors(), gateways, find_route, confirmed_s, inside_of(interfaces))


def read_gateways(root: Path = Path("/")) -> list[str]:
    """Return the IPv4 routers of this computer's default routes, which are in hexadecimal, host order."""
    gateways = []
    for line in _lines(root / "proc/net/route"):
        words = line.split()
        if len(words) > 3 and words[1] == "00000000" and int(words[3], 16) & _RTF_GATEWAY:
            gateways.append(socket.inet_ntoa(struct.pack("=L", int(words[2], 16))))
    return gateways


def read_neighbors(root: Path = Path("/")) -> dict[str, bool]:
    """Return the IPv4 addresses of our networks that were looked for, and whether each answered."""
    rows = [line.split() for line in _lines(root / "proc/net/arp")]
    neighbors: dict[str, bool] = {}
    for row in rows:
        if len(row) > 3:
            # The same address may be known on one of two networks and missing on the other.
            neighbors[row[0]] = neighbors.get(row[0], False) or bool(int(row[2], 16) & _ATF_COM)
    return neighbors


def find_route(literal: str) -> Route | None:
    """Return the way that Linux would choose to an address; None where that is not known."""
    with contextlib.suppress(ValueError, LookupError):
        found = _ask_ip("route", "get", str(ipaddress.ip_address(literal)))[0]
        return Route(str(found["dev"]), str(found.get("gateway", "")), str(found.get("table", "main")))
    return None


def confirmed_s(literal: str) -> float | None:
    """Return how many seconds ago a neighbor last proved to be there; None where that is not known."""
    with contextlib.suppress(ValueError, LookupError):
        rows = _ask_ip("-s", "neigh", "show", str(ipaddress.ip_address(literal)))
        return min(float(row["confirmed"]) for row in rows if row.get("lladdr"))
    return None


def _ask_ip(*words: str) -> list[dict[str, Any]]:
    """Return what the program `ip` of Linux says; empty if it is not there or says no."""
    if not sys.platform.startswith("linux") or (ip := shutil.which("ip")) is None:
        return []
    with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
        done = subprocess.run(  # noqa: S603 (words of ours and an address)
            [ip, "-j", *words], capture_output=True, encoding="utf-8", timeout=_IP_TIMEOUT_S, check=True
        )
        rows = json.loads(done.stdout or "[]")
        return rows if isinstance(rows, list) else []
    return []


def inside_of(interfaces: Sequence[Interface], root: Path = Path("/")) -> Literal["", "container", "WSL"]:
    """Return in what Messango runs, if all addresses are of a network that exists only on this machine."""
    outside = [
        ipaddress.ip_address(own.literal) for own in interfaces if not own.is_loopback and not own.is_ipv6
    ]
    if not outside or not all(any(address in net for net in _VIRTUAL_NETWORKS) for address in outside):
        return ""
    if any("microsoft" in line.lower() for line in _lines(root / "proc/sys/kernel/osrelease")):
        return "WSL"
    return "container" if any((root / mark).exists() for mark in _CONTAINER_MARKS) else ""


def _poke(gateways: Sequence[str]) -> None:
    """Make the system ask the routers for their hardware addresses, and wait for an answer."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as poke:
        for gateway in gateways:
            poke.sendto(b"", (gateway, _DISCARD_PORT))
    deadline = time.monotonic() + _NEIGHBOR_WAIT_S
    while time.monotonic() < deadline and not any(map(read_neighbors().get, gateways)):
        time.sleep(_NEIGHBOR_POLL_S)


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()[0 if path.name == "osrelease" else 1 :]
    except OSError:
        return []
