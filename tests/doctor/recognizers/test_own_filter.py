"""What this computer's own packet filter drops, and the commands that let it pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.packet_filter import Ruleset
from messango.doctor.recognizers import own_filter
from messango.doctor.recognizers.own_filter import (
    a_neighbor,
    filter_findings,
    guest_packets,
    host_packets,
    mdns_packets,
    own_filter_drops,
    port_reason,
    read_ruleset,
)
from messango.doctor.recognizers.recognize import recognize
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import FailureKind
from tests.doctor.factories import match, own, ruleset, scene, text_of

NEEDED = mdns_packets("eth0", "192.168.1.7", "192.168.1.8") + host_packets(
    "eth0", "192.168.1.7", "192.168.1.8", 8000
)


def nothing(_: str) -> str | None:
    """Find no program."""
    return None


def iptables(name: str) -> str | None:
    """Find only iptables."""
    return "/usr/sbin/iptables" if name == "iptables" else None


@pytest.fixture
def _is_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)


def findings(text: str, root: Path) -> list[Finding]:
    """Return what a ruleset drops of what a host needs."""
    return list(filter_findings(Ruleset.parse(text), NEEDED, root=root, which=nothing))


@pytest.mark.usefixtures("_is_root")
def test_each_kind_of_packet_has_its_own_insert(tmp_path: Path) -> None:
    """The commands name the real chain, and put the rule before the one that drops."""
    heard, join = findings(ruleset(policy="drop"), tmp_path)
    assert "`nft insert rule inet filter input udp dport 5353 accept`" in heard.remedy
    assert "`nft insert rule inet filter input tcp dport 8000 accept`" in join.remedy
    assert {heard.severity, join.severity} == {Severity.PROBLEM}
    assert "chain input of the table inet filter" in join.message


def test_others_than_root_need_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where everybody is root, there may be no sudo."""
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    assert "`sudo nft insert" in findings(ruleset(policy="drop"), tmp_path)[0].remedy
    assert read_ruleset() is None


def test_what_may_be_dropped_is_a_note(tmp_path: Path) -> None:
    """A rate limit decides, which can't be told."""
    limit = {"limit": {"rate": 5, "per": "second"}}
    (finding,) = findings(ruleset([match("udp", "dport", 5353), limit, {"drop": None}]), tmp_path)
    assert finding.severity is Severity.NOTE
    assert "may drop" in finding.message


@pytest.mark.usefixtures("_is_root")
def test_the_chains_of_iptables_get_its_commands(tmp_path: Path) -> None:
    """Its rules stand in the table `ip filter`, chain INPUT."""
    text = ruleset(policy="drop", family="ip").replace('"name": "input"', '"name": "INPUT"')
    (heard, _) = filter_findings(Ruleset.parse(text), NEEDED, root=tmp_path, which=iptables)
    assert "`iptables -I INPUT -p udp --dport 5353 -j ACCEPT`" in heard.remedy


@pytest.mark.usefixtures("_is_root")
def test_the_chains_of_ufw_and_firewalld_get_their_commands(tmp_path: Path) -> None:
    """A rule of nft would be gone when they load theirs."""
    (tmp_path / "etc/ufw").mkdir(parents=True)
    (tmp_path / "etc/ufw/ufw.conf").write_text("ENABLED=yes\n")
    text = ruleset(policy="drop", family="ip").replace('"name": "input"', '"name": "INPUT"')
    heard, join = filter_findings(Ruleset.parse(text), NEEDED, root=tmp_path, which=iptables)
    assert "`ufw prepend allow 5353/udp`" in heard.remedy
    assert "`ufw prepend allow 8000/tcp`" in join.remedy
    text = ruleset(policy="drop").replace('"table": "filter"', '"table": "firewalld"')
    heard, _ = filter_findings(Ruleset.parse(text), NEEDED, root=tmp_path, which=nothing)
    assert "`firewall-cmd --permanent --add-port=5353/udp && firewall-cmd --reload`" in heard.remedy


def test_the_way_to_a_room_is_examined_both_ways(tmp_path: Path) -> None:
    """Also the answers, which a filter without a rule for them drops."""
    needed = guest_packets("eth0", "192.168.1.7", "192.168.1.20", 8001)
    out = ruleset([match("tcp", "dport", 8001), {"drop": None}], hook="output")
    (finding,) = filter_findings(Ruleset.parse(out), needed, root=tmp_path, which=nothing)
    assert "output tcp dport 8001 accept" in finding.remedy
    (finding,) = filter_findings(Ruleset.parse(ruleset(policy="drop")), needed, root=tmp_path, which=nothing)
    assert "input tcp sport 8001 accept" in finding.remedy


def test_it_is_recognized_where_nothing_answers() -> None:
    """For a room that was tried, and for a search that heard nothing."""
    networks = own("eth0 192.168.1.7/24")
    drops = ruleset(policy="drop")
    room = scene(networks, "192.168.1.20", FailureKind.NO_ANSWER, ruleset=drops)
    assert "the room's answers" in text_of(own_filter_drops(room))
    assert "announcements" in text_of(own_filter_drops(scene(networks, ruleset=drops)))
    assert own_filter_drops(scene(networks)) is None


def test_a_neighbor_is_in_the_same_network() -> None:
    """Of the narrowest too."""
    assert a_neighbor("192.168.1.1", 24) == "192.168.1.2"
    assert a_neighbor("192.168.1.9", 32) == "192.168.1.10"


@pytest.mark.parametrize("kind", [FailureKind.REFUSED, FailureKind.REJECTED])
def test_a_filter_of_our_own_that_says_no_is_not_the_hosts(kind: FailureKind) -> None:
    """`reject` on the way out looks like an answer of the room's computer."""
    networks = own("eth0 10.77.0.2/24")
    rules = ruleset([match("tcp", "dport", 8000), {"reject": {"type": "tcp reset"}}], hook="output")
    finding = recognize(scene(networks, "10.77.0.1", kind, ruleset=rules))
    assert "This computer's firewall" in text_of(finding)
    assert recognize(scene(networks, "10.77.0.1", FailureKind.WEB_SERVER, ruleset=rules)) is None
    assert recognize(scene(networks, "10.77.0.1", kind, ruleset=ruleset())) is None


@pytest.mark.usefixtures("_is_root")
def test_the_cure_is_for_the_computer_that_could_not_connect(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule may be about one of them only, or about a connection of this computer to itself."""
    for rule, hook, client, expected in (
        ([match("ip", "saddr", "10.77.0.77"), {"drop": None}], "input", "10.77.0.77", "input tcp dport 8000"),
        ([match("tcp", "dport", 8000), {"drop": None}], "output", "10.77.0.2", "output tcp dport 8000"),
    ):
        rules = Ruleset.parse(ruleset(rule, hook=hook))
        monkeypatch.setattr(own_filter, "read_ruleset", lambda rules=rules: rules)
        monkeypatch.setattr(own_filter, "own_networks", lambda: own("eth0 10.77.0.2/24"))
        address = Address("10.77.0.2")
        cure = own_filter.own_port_cure(address) if client == address.host else port_reason(address, client)
        assert f"inet filter {expected} accept" in cure


def test_rules_that_let_everybody_in_are_not_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else is in the way; without the rules, they are the likeliest."""
    monkeypatch.setattr(own_filter, "own_networks", lambda: own("eth0 10.77.0.2/24"))
    for rules, blamed in ((Ruleset.parse(ruleset()), False), (None, True)):
        monkeypatch.setattr(own_filter, "read_ruleset", lambda rules=rules: rules)
        told = port_reason(Address("10.77.0.2"), "10.77.0.77")
        assert ("a firewall on this computer blocks TCP port 8000" in told) is blamed
        assert ("`messango doctor 10.77.0.2:8000`" in told) is not blamed
