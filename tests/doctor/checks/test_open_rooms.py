"""What the doctor says about rooms that are open here: only what other computers tell."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from messango.doctor.checks.open_rooms import check_open_rooms
from messango.doctor.findings import Finding, Severity
from messango.errors import ServerNotAnswering
from messango.transport.addresses import Address
from messango.transport.control.client import RunningRoom
from messango.transport.control.folder import RoomRecord

NOW = time.time()
FIRST, SECOND = "192.168.1.20:8001", "10.8.0.2:8001"


def running(name: str = "Tea") -> RunningRoom:
    """Return a room of this user."""
    return RunningRoom("1f" * 16, name, 4242, Path("tea"), RoomRecord("1f" * 16, name, 4242, ""))


def seen(host: str, name: str = "", *, ok: bool = True, time_s: float = NOW) -> dict[str, Any]:
    """Return what one computer tells."""
    return {"host": host, "name": name, "ok": ok, "time": time_s}


BEN, CARL = seen("192.168.1.7", "Ben"), seen("192.168.1.8", "Carl")


def failing(who: dict[str, Any]) -> dict[str, Any]:
    """Return the same computer, from which the room can't be reached."""
    return {**who, "ok": False}


def check(
    addresses: dict[str, list[dict[str, Any]]],
    *,
    host: str | None = None,
    since: float = NOW - 1,
    unreachable_here: str = "",
) -> list[Finding]:
    """Return what is found if the room's server knows this of its addresses."""

    def ask_room(_room: RunningRoom, request: str, /, *, timeout_s: float) -> dict[str, Any]:
        assert timeout_s > 0
        if request == "room":
            return {"port": 8001, "host": host, "name": "Tea", "later": 1}
        rows = [{"address": address, "seen": told} for address, told in addresses.items()]
        return {"since": since, "addresses": rows}

    def connect(address: Address) -> str:
        return "no answer" if str(address) == unreachable_here else ""

    return [*check_open_rooms([running()], connect, ask_room)]


def test_seen_from_another_computer() -> None:
    """The host reads who, and where."""
    (finding,) = check({FIRST: [BEN]})
    assert finding == Finding(
        "chat-port", Severity.OK, f"Seen from “Ben” (192.168.1.7): “Tea” is reachable at {FIRST}."
    )
    assert check({FIRST: [BEN, CARL]})[0].message.startswith(
        "Seen from “Ben” (192.168.1.7) and “Carl” (192.168.1.8): "
    )
    assert check({FIRST: [seen("192.168.1.9")]})[0].message.startswith("Seen from 192.168.1.9: ")


def test_an_older_connection_has_its_time() -> None:
    """Nobody could be asked now."""
    an_hour_ago = NOW - 3_600
    (finding,) = check({FIRST: [{**BEN, "time": an_hour_ago}]})
    assert f" (at {time.strftime('%H:%M', time.localtime(an_hour_ago))})." in finding.message
    (finding,) = check({FIRST: [{**BEN, "time": time.time() - 5}]}, since=time.time())
    assert re.search(r" \([5-9] s ago\)\.$", finding.message)


def test_not_reachable_from_another_computer() -> None:
    """A problem, with the cure for the firewall and this port."""
    (finding,) = check({FIRST: [failing(BEN)]})
    assert finding.severity is Severity.PROBLEM
    assert finding.message == f"“Tea” is not reachable from “Ben” (192.168.1.7) at {FIRST}."
    assert "8001" in finding.remedy


def test_a_failure_of_a_moment_ago_may_be_mended_since() -> None:
    """Nobody is asked twice a minute: the host reads when it was, and when to look again."""
    (finding,) = check({FIRST: [failing({**BEN, "time": time.time() - 20})]}, since=time.time())
    assert finding.severity is Severity.PROBLEM
    assert re.fullmatch(r"“Tea” was not reachable from “Ben” \(.*\) at .*:8001 2\d s ago\.", finding.message)
    assert re.search(r"run the doctor again in [34]\d s: ", finding.remedy)


def test_a_failure_of_long_ago_is_not_a_problem_of_now() -> None:
    """The member has left, for example."""
    (finding,) = check({FIRST: [failing({**BEN, "time": NOW - 3_600})]})
    assert finding.severity is Severity.WARNING
    assert "nobody there can be asked now" in finding.message
    assert finding.unproved


@pytest.mark.parametrize("age_s", [20, 3_600])
def test_what_was_true_before_does_not_count(age_s: float) -> None:
    """The firewall was switched on since Carl came in, perhaps a moment ago."""
    (finding,) = check({FIRST: [failing(BEN), {**CARL, "time": NOW - age_s}]})
    assert finding.severity is Severity.PROBLEM
    (finding,) = check({FIRST: [BEN, failing({**CARL, "time": NOW - age_s})]})
    assert finding.severity is Severity.OK


def test_reachable_from_one_and_not_from_another() -> None:
    """Then this computer is not the one to blame."""
    (finding,) = check({FIRST: [BEN, failing(CARL)]})
    assert finding.severity is Severity.WARNING
    assert "reachable from “Ben” (192.168.1.7)" in finding.message
    assert "not from “Carl” (192.168.1.8)" in finding.message
    assert f"messango doctor {FIRST}" in finding.remedy


def test_nobody_else_has_connected() -> None:
    """A note, and not proved."""
    (finding,) = check({FIRST: [], SECOND: []})
    assert finding.severity is Severity.NOTE
    assert f"Nobody else has connected to “Tea” at {FIRST}, {SECOND} yet" in finding.message
    assert f"messango doctor {FIRST}" in finding.remedy
    assert finding.unproved == f"that others can reach “Tea” at {FIRST}, {SECOND}"


def test_nobody_has_tried_one_of_the_addresses() -> None:
    """The other is proved."""
    proved, untried = check({FIRST: [BEN], SECOND: []})
    assert (proved.severity, untried.severity) == (Severity.OK, Severity.NOTE)
    assert SECOND in untried.unproved
    assert FIRST not in untried.unproved


def test_not_even_this_computer_reaches_it() -> None:
    """Whatever others have seen before."""
    (finding,) = check({FIRST: [{**BEN, "time": 1.0}]}, unreachable_here=FIRST)
    assert finding.severity is Severity.PROBLEM
    assert "not even from this computer (no answer)" in finding.message


def test_a_room_for_this_computer_only() -> None:
    """The host asked for it, or there is no network."""
    (finding,) = check({}, host="127.0.0.1")
    assert finding.severity is Severity.NOTE
    assert "only 127.0.0.1:8001" in finding.message
    assert finding.remedy


@pytest.mark.parametrize("reply", [{}, {"port": "many"}, {"port": 1, "addresses": 2}])
def test_an_answer_of_another_version(reply: dict[str, Any]) -> None:
    """It is said that nothing is known."""
    (finding,) = check_open_rooms([running()], lambda _: "", lambda *_, **__: reply)
    assert finding.severity is Severity.WARNING
    assert finding.unproved


def test_a_server_that_is_stopped() -> None:
    """Its reason and hint are passed on; each of several rooms has its own findings."""

    def ask_room(room: RunningRoom, _request: str, /, *, timeout_s: float) -> dict[str, Any]:
        raise ServerNotAnswering(f"“{room.name}” does not answer in {timeout_s:g} s.", "Let it go on.")

    findings = [*check_open_rooms([running("Tea"), running("Coffee")], lambda _: "", ask_room)]
    assert [finding.severity for finding in findings] == [Severity.WARNING] * 2
    assert "“Tea”" in findings[0].message
    assert "“Coffee”" in findings[1].message
    assert findings[0].remedy.endswith("Let it go on.")
