"""Servers of a linked room that end while people talk: they go on at another one, and lose nothing."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from typing import Final

import pytest

from tests.lan.lan import Lan, messango
from tests.lan.linked_rooms import (
    ROOM,
    command,
    join_at,
    link_to,
    messages,
    start_engine_host,
    start_linked,
)
from tests.lan.rooms import Member

pytestmark = [pytest.mark.lan, pytest.mark.engine, pytest.mark.situation]

_SAID: Final = 15
_WORDS: Final = "correct horse"
_WORDS_FILE: Final = "words.txt"


class Hall:
    """Three servers on three hosts, the first with the engine; everybody is on a fourth.

    Ben is at the second server, which the tests end, and Eve at the third.
    """

    def __init__(self, lan: Lan, *options: str, third: tuple[str, ...] = ()) -> None:
        self.lan = lan
        self.first, self.second, self.third, self.people = lan.hosts
        self.options = options
        self.servers = [start_engine_host(self.first, *options), link_to(self.first, self.second, *options)]
        self.servers.append(link_to(self.first, self.third, *options, *third))
        given = ("--password-file", str(self.people.home / _WORDS_FILE)) if options else ()
        self.ben = join_at(self.second, self.people, "Ben", *given)
        self.eve = join_at(self.third, self.people, "Eve", *given)
        self.talk("before")

    def end(self, number: signal.Signals) -> None:
        """End Ben's server with a signal, while both talk."""
        self.send("meanwhile")
        self.servers[1].send_signal(number)
        self.servers[1].wait()

    def start_again(self) -> None:
        """Start Ben's former server again."""
        self.servers[1] = start_linked(self.second, *self.options)

    def talk(self, label: str) -> None:
        """Have both talk, and wait until each has seen everything."""
        self.send(label)
        self.wait_for(label)

    def wait_for(self, label: str) -> None:
        """Wait until both have seen the last of what both said under this label."""
        for member in (self.ben, self.eve):
            _wait_for_messages(member, {f"{label} {_SAID - 1} of {name}" for name in ("Ben", "Eve")})

    def send(self, label: str) -> None:
        """Have both send messages, without waiting."""
        for number in range(_SAID):
            self.ben.send_message(f"{label} {number} of Ben")
            self.eve.send_message(f"{label} {number} of Eve")

    def check(self, *labels: str) -> None:
        """Check that each has everything once, in one order, and that each sender's order was kept."""
        assert messages(self.ben) == messages(self.eve)
        for name in ("Ben", "Eve"):
            own = [text for _, author, text in messages(self.eve) if author == name]
            assert own == [f"{label} {number} of {name}" for label in labels for number in range(_SAID)]

    def check_histories(self) -> None:
        """Check that all servers have stored the same, and that none wrote a traceback."""
        first, *others = (
            command(host, "history", ROOM, "--format", "json")
            for host in (self.first, self.second, self.third)
        )
        assert all(other == first for other in others)
        for server in self.servers:
            assert "Traceback" not in server.err.text_so_far()


def _wait_for_messages(member: Member, texts: set[str]) -> None:
    left = texts - {text for *_, text in messages(member)}
    while left:
        left.discard(member.await_event(event="message")["text"])


@pytest.fixture
def four_hosts() -> Iterator[Lan]:
    """Three hosts for servers and one for people."""
    with Lan(4) as lan:
        yield lan


def went_on(hall: Hall) -> str:
    """Wait until Ben is at another server, as himself; return its name."""
    before = hall.ben.entered
    entered = hall.ben.await_event(event="entered")
    assert (entered["you"], entered["back"], entered["gap"]) == ("Ben", True, False)
    assert entered["former_server"] == before["server"] == hall.second.name
    ids = {person["name"]: person["id"] for person in (*before["people"], *entered["people"])}
    assert {person["id"] for person in before["people"] if person["name"] == "Ben"} == {ids["Ben"]}
    server: str = entered["server"]
    return server


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "closed"])
def test_a_member_goes_on_at_another_server(four_hosts: Lan, number: signal.Signals) -> None:
    """With the same session, name and place; nothing is lost or comes twice. Then the first comes back."""
    hall = Hall(four_hosts)
    hall.end(number)
    assert went_on(hall) == hall.first.name
    hall.wait_for("meanwhile")
    hall.talk("after")
    hall.start_again()
    hall.talk("in the end")
    hall.check("before", "meanwhile", "after", "in the end")
    assert hall.ben.leave() == 0
    assert hall.eve.leave() == 0
    hall.servers[2].out.wait_for("leave +Eve")
    hall.check_histories()


def test_a_password_is_asked_for_once(four_hosts: Lan) -> None:
    """The other server has the same one, and the client proves that it knows it."""
    for host in four_hosts.hosts:
        path = host.home / _WORDS_FILE
        path.write_text(f"{_WORDS}\n")
        path.chmod(0o600)
    hall = Hall(four_hosts, "--password-file", _WORDS_FILE)
    hall.end(signal.SIGKILL)
    went_on(hall)
    hall.wait_for("meanwhile")
    hall.check("before", "meanwhile")


def test_a_locked_room_lets_its_members_go_on(four_hosts: Lan) -> None:
    """But nobody new, at any server."""
    hall = Hall(four_hosts)
    command(hall.third, "host", "lock")
    hall.end(signal.SIGKILL)
    went_on(hall)
    hall.wait_for("meanwhile")
    hall.check("before", "meanwhile")
    refused = hall.people.run(messango("chat", hall.first.address, "--name", "Zoe"))
    assert refused.returncode == 4
    assert "The host has locked the room" in refused.stderr


def test_a_full_server_is_passed_over(four_hosts: Lan) -> None:
    """Its seats are taken, so Ben goes to the one after it."""
    hall = Hall(four_hosts, third=("--max-clients", "1"))
    filled = [join_at(hall.first, hall.people, f"Guest {number}") for number in range(4)]
    command(hall.first, "host", "seats", "4")
    command(hall.third, "host", "seats", "5")
    hall.end(signal.SIGKILL)
    assert went_on(hall) == hall.third.name
    hall.wait_for("meanwhile")
    hall.check("before", "meanwhile")
    assert all(guest.leave() == 0 for guest in filled)


def test_the_host_with_the_engine_dies(four_hosts: Lan) -> None:
    """The others say so, take nobody new, and send what was written as soon as it is back."""
    hall = Hall(four_hosts)
    hall.servers[0].send_signal(signal.SIGKILL)
    hall.servers[0].wait()
    for member in (hall.ben, hall.eve):
        assert member.await_event(event="problem", code="link-down")["hint"]
    for server in hall.servers[1:]:
        server.out.wait_for("warning +The link to the room's other servers is down.")
    hall.send("meanwhile")
    refused = hall.people.run(messango("chat", hall.second.address, "--name", "Zoe"))
    assert refused.returncode == 4
    assert "the link to its other servers is down" in refused.stderr
    assert "it comes back by itself" in command(hall.second, "host", "link")
    hall.servers[0] = start_engine_host(hall.first)
    for member in (hall.ben, hall.eve):
        member.await_event(event="problem", code="link-up")
    hall.wait_for("meanwhile")
    hall.check("before", "meanwhile")
    hall.check_histories()
