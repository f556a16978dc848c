"""How to allow Messango in the firewall of this system: commands in the order in which they work."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.packet_filter import Obstacle
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

_ZONE_HINT: Final = (
    "If your network is not in the default zone (`firewall-cmd --get-active-zones`), add `--zone=ZONE` to "
    "the first command."
)

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
    matches = ("udp dport 5353", f"tcp dport {port}")
    if _ufw_is_on(root):
        return f"Run: `{_ufw_commands(matches)}`."
    if _firewalld_is_on(root):
        return f"Run: `{_firewalld_commands(matches)}`. {_ZONE_HINT}"
    if which("nft"):
        rules = " && ".join(_nft_command(("inet", "filter", "input"), match) for match in matches)
        return (
            f"See `{as_root('nft list ruleset')}`. If the chain `input` of its table `inet filter` drops "
            f"packets, run: `{rules}`. If another chain does, use the names of that one. Rules that are "
            "added at the end come too late. As root, `messango doctor` reads the rules and names the chain."
        )
    if which("iptables"):
        rules = " && ".join(_iptables_command("iptables", "INPUT", match) for match in matches)
        return f"See `{as_root('iptables -S')}`. If the chain INPUT drops packets, run: `{rules}`."
    return f"Allow incoming UDP port 5353 and TCP port {port}."


def allow_commands(
    obstacle: Obstacle, match: str, root: Path = Path("/"), which: Which = shutil.which
) -> str:
    """Return the command that lets packets through a chain that drops them, `match` as in `udp dport 5353`.

    It is the firewall program's own if the chain is of one, because that would undo anybody else's.
    """
    chain = (obstacle.family, obstacle.table, obstacle.chain)
    is_incoming = "dport" in match and obstacle.chain.lower() not in (
        "output",
        "filter_output",
        "postrouting",
    )
    is_iptables = obstacle.table == "filter" and obstacle.family in ("ip", "ip6") and obstacle.chain.isupper()
    if is_incoming and (obstacle.table == "firewalld" or (is_iptables and _firewalld_is_on(root))):
        return _firewalld_commands([match])
    if is_incoming and is_iptables and _ufw_is_on(root):
        return _ufw_commands([match])
    program = "iptables" if obstacle.family == "ip" else "ip6tables"
    if is_iptables and which(program):
        return _iptables_command(program, obstacle.chain, match)
    return _nft_command(chain, match)


def as_root(command: str) -> str:
    """Return the command as this user has to type it: where everybody is root, there may be no sudo."""
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    return command if is_root else f"sudo {command}"


def _nft_command(chain: Sequence[str], match: str) -> str:
    # `insert` puts a rule first, `add` after the one that drops. It holds only in its own chain.
    return as_root(f"nft insert rule {' '.join(map(shlex.quote, chain))} {match} accept")


def _iptables_command(program: str, chain: str, match: str) -> str:
    transport, kind, port = match.split()
    return as_root(f"{program} -I {chain} -p {transport} --{kind} {port} -j ACCEPT")


def _ufw_commands(matches: Sequence[str]) -> str:
    # `prepend`, because `allow` comes after a rule that denies.
    return " && ".join(as_root(f"ufw prepend allow {_port_and_transport(match)}") for match in matches)


def _firewalld_commands(matches: Sequence[str]) -> str:
    ports = " ".join(f"--add-port={_port_and_transport(match)}" for match in matches)
    return f"{as_root(f'firewall-cmd --permanent {ports}')} && {as_root('firewall-cmd --reload')}"


def _port_and_transport(match: str) -> str:
    transport, _, port = match.split()
    return f"{port}/{transport}"


def _linux_firewall(root: Path, which: Which) -> str:
    if _ufw_is_on(root):
        return "The firewall ufw is on."
    if _firewalld_is_on(root):
        return "The firewall firewalld is on."
    if which("nft") or which("iptables"):
        return "A packet filter is installed. Only root can read its rules."
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
