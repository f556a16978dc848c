"""The LAN itself: its hosts reach each other, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from tests.lan.lan import Host, Lan

pytestmark = pytest.mark.lan


def reaches(host: Host, address: str) -> bool:
    """Return whether the address answers; the first packets may go before the new cable takes any."""
    return host.run(["ping", "-c", "1", "-w", "20", address]).returncode == 0


def answers_at_once(host: Host, address: str) -> bool:
    """Return whether one packet to the address is answered within a second: for what is not reached."""
    return host.run(["ping", "-c", "1", "-W", "1", address]).returncode == 0


def test_hosts_reach_each_other(lan: Lan) -> None:
    """By IPv4, and by link-local IPv6."""
    h1, h2, h3 = lan.hosts
    assert [host.address for host in lan.hosts] == ["10.77.0.1", "10.77.0.2", "10.77.0.3"]
    assert reaches(h1, h2.address)
    assert reaches(h3, h1.address)
    assert reaches(h2, f"{h3.link_local()}%eth0")
    assert reaches(h1, "127.0.0.1")


def test_a_host_has_its_own_name_and_home(lan: Lan) -> None:
    """Programs see another machine, with a real network."""
    for host in lan.hosts:
        seen = host.run(["sh", "-c", 'uname -n; echo "$MESSANGO_HOME"; echo "${MESSANGO_INTERFACES-all}"'])
        assert seen.stdout.split() == [host.name, str(host.home), "all"]
    assert os.uname().nodename not in ("h1", "h2", "h3")


def test_an_unplugged_cable_can_be_plugged_in(lan: Lan) -> None:
    """`link` takes a host off the network, and brings it back with its address."""
    h1, h2, _ = lan.hosts
    h2.link("down")
    assert not answers_at_once(h1, h2.address)
    h2.link("up")
    assert reaches(h1, h2.address)


def test_a_host_may_be_on_two_networks(lan: Lan) -> None:
    """A second network connects some hosts; the others do not see it."""
    h1, h2, h3 = lan.hosts
    lan.add_network(h2, h3)
    assert h3.addresses == ["10.77.0.3", "10.77.1.3"]
    assert reaches(h2, "10.77.1.3")
    assert not answers_at_once(h1, "10.77.1.3")


def test_the_machines_own_network_is_hidden(lan: Lan) -> None:
    """A host has its loopback and its cable, and no way out."""
    shown = lan.hosts[0].run(["ip", "-o", "link"]).stdout
    assert len(shown.splitlines()) == 2
    assert lan.hosts[0].run(["ip", "route", "show", "default"]).stdout == ""


def test_a_process_is_read_while_it_runs(lan: Lan) -> None:
    """Lines are waited for one after another, and a failed wait shows what the program printed."""
    process = lan.hosts[0].start(["sh", "-c", "while read -r line; do echo got $line; done; echo bye >&2"])
    process.write_line("one")
    process.out.wait_for("^got one$")
    process.write_line("one")
    process.out.wait_for("^got one$")
    process.close_input()
    process.err.wait_for("bye")
    assert process.wait() == 0
    with pytest.raises(AssertionError, match="it ended without the line; printed:\ngot one\ngot one"):
        process.out.wait_for("got one")


def test_a_signal_reaches_the_program(lan: Lan) -> None:
    """No other program is between a test and the one it started."""
    process = lan.hosts[0].start(
        ["sh", "-c", 'trap "echo caught; exit 7" TERM; echo ready; while :; do wait; done']
    )
    process.out.wait_for("ready")
    process.send_signal(signal.SIGTERM)
    process.out.wait_for("caught")
    assert process.wait() == 7


def namespaces() -> str:
    """Return the names of all network namespaces of this machine."""
    return subprocess.check_output(["ip", "netns", "list"], text=True)


def test_nothing_is_left_behind() -> None:
    """Namespaces, folders and programs are gone, even a program that ignores signals."""
    with Lan(2) as lan:
        host = lan.hosts[0]
        stubborn = host.start(["sh", "-c", 'trap "" TERM; sleep 1000 & echo ready; wait'])
        stubborn.out.wait_for("ready")
        assert host.namespace in namespaces()
    assert host.namespace not in namespaces()
    assert not host.home.exists()
    assert stubborn.wait() == -signal.SIGKILL
    assert stubborn.out.text() == "ready"  # The stream has ended: the child that shares it is gone too.
    lan.close()


def test_a_lan_that_can_not_be_built_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts that were made before the failure are not left on the machine."""
    monkeypatch.setattr(Lan, "add_network", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        Lan(2)
    assert f"messango-{os.getpid()}-" not in namespaces()
