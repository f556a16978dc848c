"""Which firewall is found, and which commands the hint names."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.cures import check_firewall, open_port_hint


def nothing(_: str) -> str | None:
    """Find no program; replaces `shutil.which`."""
    return None


def nft(name: str) -> str | None:
    """Find only nft."""
    return "/usr/sbin/nft" if name == "nft" else None


def check(root: Path, system: str = "linux") -> Finding:
    """Return the one finding."""
    (finding,) = check_firewall(system, root, nothing)
    return finding


@pytest.mark.parametrize(("enabled", "level"), [("yes", Severity.NOTE), ("no", Severity.OK)])
def test_an_active_ufw_is_found(tmp_path: Path, enabled: str, level: Severity) -> None:
    """Its settings say whether it is on, and the hint has its commands."""
    (tmp_path / "etc/ufw").mkdir(parents=True)
    (tmp_path / "etc/ufw/ufw.conf").write_text(f"# ufw\nENABLED={enabled}\nLOGLEVEL=low\n")
    finding = check(tmp_path)
    assert finding.severity is level
    assert ("ufw prepend allow 5353/udp" in finding.remedy) is (enabled == "yes")


def test_a_running_firewalld_is_found(tmp_path: Path) -> None:
    """Its control group shows that it runs, and the hint has its commands."""
    (tmp_path / "sys/fs/cgroup/system.slice/firewalld.service").mkdir(parents=True)
    finding = check(tmp_path)
    assert finding.severity is Severity.NOTE
    assert "firewall-cmd" in finding.remedy


def test_a_packet_filter_that_only_root_can_read_is_noted(tmp_path: Path) -> None:
    """The rules of nft may drop our packets; the hint has the command that lists them."""
    (finding,) = check_firewall("linux", tmp_path, nft)
    assert finding.severity is Severity.NOTE
    assert "nft list ruleset" in finding.remedy
    # True for root too, who could read them: the check runs no other program.
    assert "Only root" in finding.message
    assert "nft insert rule inet filter input tcp dport 8000 accept" in finding.remedy


@pytest.mark.parametrize(
    ("system", "words"),
    [("win32", "New-NetFirewallRule"), ("win32", "Private"), ("darwin", "Local Network")],
)
def test_other_systems_have_their_own_hints(tmp_path: Path, system: str, words: str) -> None:
    """On Windows a public network blocks people, on macOS a missing permission."""
    finding = check(tmp_path, system)
    assert finding.severity is Severity.NOTE
    assert words in finding.remedy


def test_the_hint_names_the_port_in_use(tmp_path: Path) -> None:
    """A room on another port than 8000 needs that port opened."""
    assert "8003" in open_port_hint("linux", tmp_path, nft, port=8003)
    assert "8003" in open_port_hint("linux", tmp_path, nothing, port=8003)
    assert "8003" in open_port_hint("win32", port=8003)
