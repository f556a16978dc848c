"""Which firewall is seen, and which commands are named for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall import check_firewall, open_port_hint


def nothing(_: str) -> str | None:
    """Find no program, as `shutil.which` would."""
    return None


def nft(name: str) -> str | None:
    """Find nft alone."""
    return "/usr/sbin/nft" if name == "nft" else None


def check(root: Path, system: str = "linux") -> Finding:
    """Return the one finding."""
    (finding,) = check_firewall(system, root, nothing)
    return finding


@pytest.mark.parametrize(("enabled", "level"), [("yes", Severity.NOTE), ("no", Severity.OK)])
def test_ufw_is_seen_where_it_is_on(tmp_path: Path, enabled: str, level: Severity) -> None:
    """Its settings say whether it is on, and its commands are named."""
    (tmp_path / "etc/ufw").mkdir(parents=True)
    (tmp_path / "etc/ufw/ufw.conf").write_text(f"# ufw\nENABLED={enabled}\nLOGLEVEL=low\n")
    finding = check(tmp_path)
    assert finding.severity is level
    assert ("ufw allow 5353/udp" in finding.remedy) is (enabled == "yes")


def test_firewalld_is_seen_where_it_runs(tmp_path: Path) -> None:
    """Its control group says that it runs, and its commands are named."""
    (tmp_path / "sys/fs/cgroup/system.slice/firewalld.service").mkdir(parents=True)
    finding = check(tmp_path)
    assert finding.severity is Severity.NOTE
    assert "firewall-cmd" in finding.remedy


def test_a_packet_filter_that_only_root_can_read_is_noted(tmp_path: Path) -> None:
    """Where nft is installed its rules may drop us; the command that shows them is named."""
    (finding,) = check_firewall("linux", tmp_path, nft)
    assert finding.severity is Severity.NOTE
    assert "nft list ruleset" in finding.remedy
    # True for root too, who could look: the doctor runs no other program.
    assert "were not looked at" in finding.message


@pytest.mark.parametrize(
    ("system", "said"), [("win32", "New-NetFirewallRule"), ("win32", "Private"), ("darwin", "Local Network")]
)
def test_other_systems_have_their_own_hints(tmp_path: Path, system: str, said: str) -> None:
    """Windows's public networks and macOS's permission are what keeps people out there."""
    finding = check(tmp_path, system)
    assert finding.severity is Severity.NOTE
    assert said in finding.remedy


def test_the_port_that_is_used_is_the_one_that_is_named(tmp_path: Path) -> None:
    """A room on another port than 8000 needs that one opened."""
    assert "8003" in open_port_hint("linux", tmp_path, nft, port=8003)
    assert "8003" in open_port_hint("linux", tmp_path, nothing, port=8003)
    assert "8003" in open_port_hint("win32", port=8003)
