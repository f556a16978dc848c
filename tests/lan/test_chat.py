"""Members on different hosts chat in one room."""

from __future__ import annotations

import re
import signal

import pytest

from tests.lan.lan import Lan, messango
from tests.lan.rooms import Member, discover, open_room
from tests.support.program import without_slow_notice

pytestmark = pytest.mark.lan


def test_two_hosts_chat(lan: Lan) -> None:
    """They join by the room's name; each receives the other's messages and its own, in one order."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    ben = Member(h3, "table 4", "Ben")
    assert ben.entered["members"] == ["Ann", "Ben"]
    assert ann.await_event(event="joined")["name"] == "Ben"
    for member, others, text in ((ann, ben, "hello, 世界 🥭"), (ben, ann, "two\nlines"), (ann, ben, "bye")):
        member.send_message(text)
        own = member.await_event(event="message", own=True)
        other = others.await_event(event="message", own=False)
        assert own["text"] == other["text"] == text
        assert (own["seq"], own["id"], own["time"]) == (other["seq"], other["id"], other["time"])
        assert not own["history"]
    assert ann.leave() == 0
    assert ben.await_event(event="left")["name"] == "Ann"
    assert ben.leave() == 0
    assert without_slow_notice(ben.process.err.text()) == ""


def test_piped_lines_are_messages(lan: Lan) -> None:
    """A program's output goes into the room line by line; status 0 means that all lines were accepted."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    done = h3.run(messango("chat", "Table 4", "--name", "build"), stdin="one\n\ntwo\n")
    assert (done.returncode, done.stdout, without_slow_notice(done.stderr)) == (0, "", "")
    messages = [ann.await_event(event="message") for _ in range(2)]
    assert [(message["name"], message["text"]) for message in messages] == [
        ("build", "one"),
        ("build", "two"),
    ]


def test_a_new_member_gets_the_history(lan: Lan) -> None:
    """History comes first and is marked as such; new messages follow."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    assert h2.run(messango("chat", "Table 4", "--name", "Ann"), stdin="one\ntwo\n").returncode == 0
    ben = Member(h3, "Table 4", "Ben")
    assert ben.entered["latest"] == 2
    ben.send_message("three")
    messages = [ben.await_event(event="message") for _ in range(3)]
    assert [(message["text"], message["history"]) for message in messages] == [
        ("one", True),
        ("two", True),
        ("three", False),
    ]


def test_the_sixth_client_is_refused(lan: Lan) -> None:
    """Five seats, five members; a sixth is refused with status 4, and gets a seat that becomes free."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    members = [Member(lan.hosts[number % 3], "Table 4", f"Guest {number}") for number in range(5)]
    sixth = h3.run(messango("chat", "Table 4", "--name", "Ben"), stdin="hello\n")
    assert sixth.returncode == 4
    assert "full" in sixth.stderr
    (room,) = discover(h2, "--first")
    assert (room["members"], room["seats"]) == (5, 5)
    assert members[0].leave() == 0
    members[1].await_event(event="left", name="Guest 0")
    assert Member(h3, "Table 4", "Ben").entered["you"] == "Ben"


def test_a_name_that_is_taken_gets_a_number(lan: Lan) -> None:
    """Two people called Ann get different names, in any case."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    Member(h2, "Table 4", "Ann")
    assert Member(h3, "Table 4", "ANN").entered["you"] == "ANN 2"


def test_a_room_that_closes_says_goodbye(lan: Lan) -> None:
    """SIGTERM closes the room; its members read why, and their commands end."""
    h1, h2, _ = lan.hosts
    server = open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    server.send_signal(signal.SIGTERM)
    assert ann.await_event(event="ended")["reason"]
    assert server.wait() == 0
    assert ann.process.wait() != 0
    assert "Traceback" not in ann.process.err.text() + server.err.text()


def test_a_message_survives_an_unplugged_cable(lan: Lan) -> None:
    """Messages from that time arrive once, when the cable is back; the session continues."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    ben = Member(h3, "Table 4", "Ben")
    h2.link("down")
    ann.send_message("sent while offline")
    ben.send_message("meanwhile")
    ben.await_event(event="message", text="meanwhile", own=True)
    ann.await_event(event="interrupted")
    h2.link("up")
    assert ben.await_event(event="message")["text"] == "sent while offline"
    assert ann.await_event(event="message", own=False)["text"] == "meanwhile"
    assert ann.await_event(event="message", own=True)["text"] == "sent while offline"
    assert ben.leave() == 0
    assert not re.search(r'"event": "(left|joined)"', ben.process.out.text())
    assert ann.leave() == 0


@pytest.mark.parametrize("form", ["{address}", "{address}:8000", "messango://{address}:8000/"])
def test_a_room_is_joined_by_address(lan: Lan, form: str) -> None:
    """If the room is not announced, its address or its invite link still works."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Table 4", "--no-advertise")
    assert Member(h2, form.format(address=h1.address), "Ann").entered["room"] == "Table 4"


def test_an_address_without_a_server_is_unreachable(lan: Lan) -> None:
    """Status 5 and a message, whether the host exists or not."""
    h1, h2, _ = lan.hosts
    for address in (h1.address, "10.77.0.99"):
        done = h2.run(messango("chat", address, "--name", "Ann"), stdin="hello\n")
        assert done.returncode == 5
        assert address in done.stderr
        assert "Traceback" not in done.stderr


def test_another_fingerprint_is_refused(lan: Lan) -> None:
    """An invite link with another fingerprint than the room's ends with status 4."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Table 4")
    link = f"messango://{h1.address}:8000/?fingerprint={'0' * 64}"
    done = h2.run(messango("chat", link, "--name", "Ann"), stdin="hello\n")
    assert done.returncode == 4
    assert "fingerprint" in done.stderr
