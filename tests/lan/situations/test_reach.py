"""Whether others reach the room: what the server notices by itself, and what the doctor says on the host."""

from __future__ import annotations

import json
import re
import signal
from typing import Any

import pytest

from tests.lan.conditions import add_address, filter_packets, replace_addresses
from tests.lan.lan import Host, Lan, messango
from tests.lan.rooms import Member, open_room

pytestmark = [pytest.mark.lan, pytest.mark.situation]


def chat_port(host: Host) -> tuple[list[dict[str, Any]], int]:
    """Return what the doctor of this host finds about the chat port, and its exit status."""
    done = host.run(messango("doctor", "--json"))
    assert done.stderr == ""
    findings: list[dict[str, Any]] = json.loads(done.stdout)
    return [finding for finding in findings if finding["check"] == "chat-port"], done.returncode


def type_cure(host: Host, text: str) -> None:
    """Type the command that a person is told to run, between backticks, on this host."""
    command = re.findall("`(.*?)`", text)[-1]
    done = host.run(["sh", "-c", command])
    assert (done.returncode, done.stderr) == (0, ""), command


@pytest.mark.nft
def test_the_server_notices_an_address_that_others_cannot_reach(lan: Lan) -> None:
    """A member who joins tries it. Once it works, the host reads that too."""
    host, guest, late = lan.hosts
    add_address(host, "10.77.0.51/24")
    filter_packets(host, "input", "ip daddr 10.77.0.51 tcp dport 8000 drop")
    server = open_room(host, "Tea")
    Member(guest, "10.77.0.1:8000", "Ben")
    told = server.out.wait_for("warning  .*")[0]
    assert "“Ben” (10.77.0.2) tried to connect to this room at 10.77.0.51:8000 and could not" in told
    assert "TCP port 8000" in told
    type_cure(host, told)
    Member(late, "10.77.0.51:8000", "Carl")
    told = server.out.wait_for("notice  .*")[0]
    assert "can be reached at 10.77.0.51:8000 now: 10.77.0.3 has connected there" in told


@pytest.mark.nft
def test_the_doctor_sees_from_outside_that_a_firewall_drops_the_port(lan: Lan) -> None:
    """The member in the room stays connected, but nobody new gets in; the cure is typed, and works."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    Member(guest, "10.77.0.1:8000", "Ben")
    established = "ct state established accept"
    filter_packets(host, "input", "iif lo accept", established, "tcp dport 8000 drop")
    (found,), status = chat_port(host)
    assert found["level"] == "problem"
    assert found["what"] == "“Tea” is not reachable from “Ben” (10.77.0.2) at 10.77.0.1:8000."
    assert status == 1
    type_cure(host, found["cure"])
    Member(lan.hosts[2], "10.77.0.1:8000", "Carl")
    (found,), status = chat_port(host)
    assert (found["level"], found["what"]) == (
        "ok",
        "Seen from “Carl” (10.77.0.3): “Tea” is reachable at 10.77.0.1:8000.",
    )


def test_the_doctor_reports_who_reaches_the_room(lan: Lan) -> None:
    """And one address that a member on its network can't tell about, as nobody is there."""
    host, guest, _ = lan.hosts
    lan.add_network(host)
    open_room(host, "Tea", "--port", "8123")
    Member(guest, "10.77.0.1:8123", "Ben")
    (seen, untried), status = chat_port(host)
    assert seen["level"] == "ok"
    # The member may have been asked when they joined, and is not asked again within the minute.
    assert seen["what"].startswith("Seen from “Ben” (10.77.0.2): “Tea” is reachable at 10.77.0.1:8123")
    assert untried["level"] == "note"
    assert "10.77.1.1:8123" in untried["what"]
    assert status == 0


def test_the_doctor_of_a_host_whom_nobody_has_joined(lan: Lan) -> None:
    """It tests the open room's port, and never concludes from a connection to itself that all is well."""
    host = lan.hosts[0]
    open_room(host, "Tea", "--port", "8123")
    (found,), status = chat_port(host)
    assert found["level"] == "note"
    assert "Nobody else has connected to “Tea” at 10.77.0.1:8123 yet" in found["what"]
    assert "messango doctor 10.77.0.1:8123" in found["cure"]
    assert status == 0
    summary = host.run(messango("doctor")).stdout.splitlines()[-1]
    assert "No problems" not in summary
    assert "Not proved: that others can reach “Tea” at 10.77.0.1:8123" in summary


@pytest.mark.nft
def test_the_server_notices_that_its_announcements_are_blocked(lan: Lan) -> None:
    """Once; and once more when they are not any longer. The loopback, which is free, does not hide it."""
    host, guest, _ = lan.hosts
    filter_packets(host, "input", "iif lo accept", "udp dport 5353 drop")
    server = open_room(host, "Tea")
    told = server.out.wait_for("warning  .*")[0]
    assert "on eth0 (10.77.0.1) don't even come back to this computer" in told
    assert "5353" in told
    type_cure(host, told)
    # An announcement follows when somebody joins, at the latest.
    Member(guest, "10.77.0.1:8000", "Ben")
    told = server.out.wait_for("notice  .*")[0]
    assert "on eth0 (10.77.0.1) are no longer blocked" in told


def test_a_healthy_room_says_nothing_by_itself(lan: Lan) -> None:
    """Nor when somebody joins, on a network where all is well."""
    host, guest, _ = lan.hosts
    server = open_room(host, "Tea")
    ben = Member(guest, "Tea", "Ben")
    ben.leave()
    server.out.wait_for("leave ")
    server.send_signal(signal.SIGTERM)
    server.wait()
    assert "warning" not in server.out.text()
    assert "notice" not in server.out.text()


def test_the_doctor_on_a_network_without_ipv4(lan: Lan) -> None:
    """The link-local address is all there is; who has joined there proves it."""
    host, guest, _ = lan.hosts
    replace_addresses(host)
    replace_addresses(guest)
    open_room(host, "Tea")
    address = host.link_local()
    (found,), _ = chat_port(host)
    assert f"Nobody else has connected to “Tea” at [{address}%eth0]:8000 yet" in found["what"]
    Member(guest, f"[{address}%eth0]:8000", "Ben")
    (found,), _ = chat_port(host)
    assert found["level"] == "ok"
    assert re.search(
        r"Seen from “Ben” \(fe80::.*\): “Tea” is reachable at \[fe80::.*%eth0\]:8000", found["what"]
    )


def test_the_doctor_of_a_host_of_several_rooms(lan: Lan) -> None:
    """Each has findings of its own, also the one that is for this computer only."""
    host, guest, _ = lan.hosts
    open_room(host, "Tea")
    open_room(host, "Coffee")
    open_room(host, "Private", "--host", "127.0.0.1")
    Member(guest, "10.77.0.1:8001", "Ben")
    found = {finding["what"]: finding["level"] for finding in chat_port(host)[0]}
    assert found == {
        "Seen from “Ben” (10.77.0.2): “Coffee” is reachable at 10.77.0.1:8001.": "ok",
        "“Private” has no address that other computers can use, only 127.0.0.1:8002.": "note",
        "Nobody else has connected to “Tea” at 10.77.0.1:8000 yet, so it is not proved that others can.": (
            "note"
        ),
    }


@pytest.mark.nft
def test_a_members_own_firewall_is_not_blamed_on_the_host(lan: Lan) -> None:
    """The member could not even try one of the addresses, so nothing is known of it."""
    host, guest, _ = lan.hosts
    add_address(host, "10.77.0.51/24")
    filter_packets(guest, "output", "ip daddr 10.77.0.51 drop")
    server = open_room(host, "Tea")
    Member(guest, "10.77.0.1:8000", "Ben")
    proved, untried = chat_port(host)[0]
    assert (proved["level"], untried["level"]) == ("ok", "note")
    assert "Nobody on another computer has tried to connect to “Tea” at 10.77.0.51:8000" in untried["what"]
    assert "warning" not in server.out.text_so_far()


@pytest.mark.nft
def test_a_member_on_two_networks_tries_both(lan: Lan) -> None:
    """They came by the one whose firewall is open; the server asks about the other as well."""
    host, _, both = lan.hosts
    lan.add_network(host, both)
    filter_packets(host, "input", "iif eth1 tcp dport 8000 drop")
    server = open_room(host, "Tea")
    Member(both, "10.77.0.1:8000", "Carl")
    told = server.out.wait_for("warning  .*")[0]
    assert "“Carl” (10.77.0.3) tried to connect to this room at 10.77.1.1:8000 and could not" in told
    type_cure(host, told)
    proved, found = chat_port(host)[0]
    assert (proved["level"], found["level"]) == ("ok", "problem")  # as of a moment ago; they may not be asked
    Member(both, "10.77.1.1:8000", "Dora")
    assert [finding["level"] for finding in chat_port(host)[0]] == ["ok", "ok"]
