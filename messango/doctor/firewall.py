"""Hints for the firewall of this system. Runs no program, and reads only files that everybody may read."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.transport.addresses import DEFAULT_PORT

_UFW_SETTINGS: Final = Path("etc/ufw/ufw.conf")

#: systemd has a control group for each running service (cgroup version 2, then version 1).
_FIREWALLD_CGROUPS: Final = (
    Path("sys/fs/cgroup/system.slice/firewalld.service"),
    Path("sys/fs/cgroup/systemd/system.slice/firewalld.service"),
)

_MACOS_HINT: Final = (
    "System Settings > Network > Firewall > Options: allow incoming connections for Python. Also System "
    "Settings > Privacy & Security > Local Network: turn it on for the terminal that runs Messango."
)

_GUEST_WIFI_HINT: Final = "Guest Wi-Fi often blocks devices from each other: use the main network or a cable."

Which = Callable[[str], "str | None"]


def check_firewall(
    system: str = sys.platform, root: Path = Path("/"), which: Which = shutil.which
) -> Iterator[Finding]:
    """Report the firewall of this system, and how to allow Messango."""
    if system == "win32":
        message = "Windows blocks incoming connections on a network that it treats as public."
    elif system == "darwin":
        message = "macOS may ask whether Python may accept connections and use the local network."
    else:
        message = _linux_firewall(root, which)
    if message:
        yield Finding(
            "firewall", Severity.NOTE, message, f"{open_port_hint(system, root, which)} {_GUEST_WIFI_HINT}"
        )
    else:
        yield Finding(
            "firewall", Severity.OK, "No firewall program was found on this system.", _GUEST_WIFI_HINT
        )


def open_port_hint(
    system: str = sys.platform,
    root: Path = Path("/"),
    which: Which = shutil.which,
    port: int = DEFAULT_PORT,
) -> str:
    """Return how to allow mDNS and the chat port in this system's firewall."""
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
            "See `sudo nft list ruleset`. If a chain `input` drops packets, add these rules to it: "
            f"`udp dport 5353 accept` and `tcp dport {port} accept`."
        )
    return f"Allow incoming UDP port 5353 and TCP port {port}."


def _linux_firewall(root: Path, which: Which) -> str:
    if _ufw_is_on(root):
        return "The firewall ufw is on."
    if _firewalld_is_on(root):
        return "The firewall firewalld is on."
    if which("nft") or which("iptables"):
        return "A packet filter is installed. Its rules were not checked, because only root can read them."
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
        "In PowerShell as administrator: Get-NetConnectionProfile shows the network; if you trust it, run "
        "Set-NetConnectionProfile -InterfaceAlias NAME -NetworkCategory Private. Then New-NetFirewallRule "
        f"-DisplayName Messango -Direction Inbound -Protocol TCP -LocalPort {port} -Action Allow, and the "
        "same with -Protocol UDP -LocalPort 5353."
    )
