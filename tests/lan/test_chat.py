"""People on different hosts talk in one room."""

from __future__ import annotations

import re
import signal

import pytest

from tests.lan.lan import Lan, messango
from tests.lan.rooms import Member, discover, open_room

pytestmark = pytest.mark.lan


def test_two_hosts_talk(lan: Lan) -> None:
    """Joined by the room's name, each sees the other's lines and its own, in one order."""
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
    assert ben.process.err.text() == ""


def test_lines_piped_in_are_messages(lan: Lan) -> None:
    """A program's output goes into the room line by line; status 0 says that all of it was accepted."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    done = h3.run(messango("chat", "Table 4", "--name", "build"), stdin="one\n\ntwo\n")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    heard = [ann.await_event(event="message") for _ in range(2)]
    assert [(message["name"], message["text"]) for message in heard] == [("build", "one"), ("build", "two")]


def test_who_comes_later_sees_what_was_said(lan: Lan) -> None:
    """History comes first, marked as such, then what is new."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    assert h2.run(messango("chat", "Table 4", "--name", "Ann"), stdin="one\ntwo\n").returncode == 0
    ben = Member(h3, "Table 4", "Ben")
    assert ben.entered["latest"] == 2
    ben.send_message("three")
    heard = [ben.await_event(event="message") for _ in range(3)]
    assert [(message["text"], message["history"]) for message in heard] == [
        ("one", True),
        ("two", True),
        ("three", False),
    ]


def test_the_sixth_is_told_that_the_room_is_full(lan: Lan) -> None:
    """Five seats, five members; one more is refused with status 4, and gets the seat that comes free."""
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
    """Two people called Ann are told apart, whatever the case."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    Member(h2, "Table 4", "Ann")
    assert Member(h3, "Table 4", "ANN").entered["you"] == "ANN 2"


def test_a_room_that_closes_says_goodbye(lan: Lan) -> None:
    """SIGTERM ends the room; its members are told why, and their commands end."""
    h1, h2, _ = lan.hosts
    server = open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    server.send_signal(signal.SIGTERM)
    assert ann.await_event(event="ended")["reason"]
    assert server.wait() == 0
    assert ann.process.wait() != 0
    assert "Traceback" not in ann.process.err.text() + server.err.text()


def test_a_message_survives_a_pulled_cable(lan: Lan) -> None:
    """What was said while the cable was out arrives once it is back, once; the stay goes on."""
    h1, h2, h3 = lan.hosts
    open_room(h1, "Table 4")
    ann = Member(h2, "Table 4", "Ann")
    ben = Member(h3, "Table 4", "Ben")
    h2.link("down")
    ann.send_message("said in the dark")
    ben.send_message("meanwhile")
    ben.await_event(event="message", text="meanwhile", own=True)
    ann.await_event(event="interrupted")
    h2.link("up")
    assert ben.await_event(event="message")["text"] == "said in the dark"
    assert ann.await_event(event="message", own=False)["text"] == "meanwhile"
    assert ann.await_event(event="message", own=True)["text"] == "said in the dark"
    assert ben.leave() == 0
    assert not re.search(r'"event": "(left|joined)"', ben.process.out.text())
    assert ann.leave() == 0


@pytest.mark.parametrize("form", ["{address}", "{address}:8000", "messango://{address}:8000/"])
def test_a_room_is_joined_by_address(lan: Lan, form: str) -> None:
    """Where the room is not announced, its address or its link leads to it."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Table 4", "--no-advertise")
    assert Member(h2, form.format(address=h1.address), "Ann").entered["room"] == "Table 4"


def test_an_address_where_nobody_listens_is_unreachable(lan: Lan) -> None:
    """Status 5 and a sentence, whether the host is there or not."""
    h1, h2, _ = lan.hosts
    for address in (h1.address, "10.77.0.99"):
        done = h2.run(messango("chat", address, "--name", "Ann"), stdin="hello\n")
        assert done.returncode == 5
        assert address in done.stderr
        assert "Traceback" not in done.stderr


def test_another_fingerprint_is_not_talked_to(lan: Lan) -> None:
    """An invite link with another fingerprint than the room's is refused with status 4."""
    h1, h2, _ = lan.hosts
    open_room(h1, "Table 4")
    link = f"messango://{h1.address}:8000/?fingerprint={'0' * 64}"
    done = h2.run(messango("chat", link, "--name", "Ann"), stdin="hello\n")
    assert done.returncode == 4
    assert "fingerprint" in done.stderr
