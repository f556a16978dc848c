"""Hints on the firewall of this system. Runs nothing: what is on is read from files that all may read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.transport.addresses import DEFAULT_PORT

_UFW_SETTINGS: Final = Path("etc/ufw/ufw.conf")

#: systemd keeps a control group for each service that runs (version 2, then version 1).
_FIREWALLD_CGROUPS: Final = (
    Path("sys/fs/cgroup/system.slice/firewalld.service"),
    Path("sys/fs/cgroup/systemd/system.slice/firewalld.service"),
)

_MACOS_HINT: Final = (
    "System Settings > Network > Firewall > Options: allow incoming connections for Python. And System "
    "Settings > Privacy & Security > Local Network: switch it on for the terminal that runs Messango."
)

_GUEST_WIFI_HINT: Final = "Guest Wi-Fi often keeps its guests apart: use the main network or a cable."

Which = Callable[[str], "str | None"]


def check_firewall(
    system: str = sys.platform, root: Path = Path("/"), which: Which = shutil.which
) -> Iterator[Finding]:
    """Say which firewall this system has, and how to let Messango through."""
    if system == "win32":
        message = "Windows lets nobody in on a network that it takes for a public one."
    elif system == "darwin":
        message = "macOS may ask whether Python may take connections and see the local network."
    else:
        message = _linux_firewall(root, which)
    if message:
        yield Finding(
            "firewall", Severity.NOTE, message, f"{open_port_hint(system, root, which)} {_GUEST_WIFI_HINT}"
        )
    else:
        yield Finding(
            "firewall", Severity.OK, "No firewall program is found on this system.", _GUEST_WIFI_HINT
        )


def open_port_hint(
    system: str = sys.platform,
    root: Path = Path("/"),
    which: Which = shutil.which,
    port: int = DEFAULT_PORT,
) -> str:
    """Return the commands that let mDNS and the chat port through this system's firewall."""
    if system == "win32":
        return _windows_hint(port)
    if system == "darwin":
        return _MACOS_HINT
    if _ufw_is_on(root):
        return f"Run: `sudo ufw allow 5353/udp && sudo ufw allow {port}/tcp`."
    if _firewalld_is_on(root):
        return (
            f"Run: `sudo firewall-cmd --permanent --add-service=mdns --add-port={port}/tcp "
            "&& sudo firewall-cmd --reload`."
        )
    if which("nft"):
        return (
            "See `sudo nft list ruleset`. Where a chain `input` drops, add to it: "
            f"`udp dport 5353 accept` and `tcp dport {port} accept`."
        )
    return f"Let UDP port 5353 and TCP port {port} in."


def _linux_firewall(root: Path, which: Which) -> str:
    if _ufw_is_on(root):
        return "The firewall ufw is on."
    if _firewalld_is_on(root):
        return "The firewall firewalld is on."
    if which("nft") or which("iptables"):
        return "A packet filter is installed. Its rules, which only root can read, were not looked at."
    return ""


def _ufw_is_on(root: Path) -> bool:
    try:
        settings = (root / _UFW_SETTINGS).read_text("utf-8", "replace")
    except OSError:
        return False
    return any(line.strip().lower() == "enabled=yes" for line in settings.splitlines())


def _firewalld_is_on(root: Path) -> bool:
    return any((root / path).is_dir() for path in _FIREWALLD_CGROUPS)


def _windows_hint(port: int) -> str:
    return (
        "In PowerShell as administrator: Get-NetConnectionProfile shows the network; if it is yours, "
        "Set-NetConnectionProfile -InterfaceAlias NAME -NetworkCategory Private. Then: New-NetFirewallRule "
        f"-DisplayName Messango -Direction Inbound -Protocol TCP -LocalPort {port} -Action Allow; and the "
        "same with -Protocol UDP -LocalPort 5353."
    )
