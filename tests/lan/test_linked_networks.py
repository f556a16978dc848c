"""One room on several servers: what the first program of this kind could not do, with real programs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lan.lan import Lan
from tests.lan.linked_rooms import (
    TwoSites,
    command,
    join_at,
    link_to,
    messages,
    others_of,
    start_engine_host,
)
from tests.lan.rooms import Member, discover

pytestmark = [pytest.mark.lan, pytest.mark.engine, pytest.mark.nft]


@pytest.fixture
def sites() -> Iterator[TwoSites]:
    """Two networks without a way from one to the other, but for an engine's port."""
    with TwoSites() as both:
        yield both


def test_people_in_different_networks_chat_together(sites: TwoSites) -> None:
    """Each network has a server of its own, lists only that, and sees one conversation in one order."""
    left, right = sites.left[0], sites.right[0]
    servers = start_engine_host(left), link_to(left, right)
    for host, server in ((sites.left[1], left), (sites.right[1], right)):
        (room,) = discover(host, "--first")
        assert (room["name"], room["host"]) == ("Hall", server.name)
    ping = sites.left[1].run(["ping", "-c", "1", "-W", "1", right.address])
    assert ping.returncode != 0, "there is another way between the networks"

    ann, ben = Member(sites.left[1], "Hall", "Ann"), Member(sites.right[1], "Hall", "Ben")
    assert others_of(ben) == {"Ben": "", "Ann": left.name}
    ann.await_event(event="joined", name="Ben", server=right.name)
    for number in range(20):
        ann.send_message(f"left {number}")
        ben.send_message(f"right {number}")
    for member in (ann, ben):
        member.send_message("done")
    for member in (ann, ben):
        for _ in range(2):
            member.await_event(event="message", text="done")
    assert messages(ann) == messages(ben)
    said = messages(ann)
    assert [seq for seq, *_ in said] == [*range(1, 43)]
    for name, site in (("Ann", "left"), ("Ben", "right")):
        own = [text for _, author, text in said if author == name]
        assert own == [*(f"{site} {number}" for number in range(20)), "done"]
    for process in servers:
        assert process.err.text_so_far() == ""


def test_people_chat_over_more_than_one_local_server(lan: Lan) -> None:
    """In one network: a message to one server arrives at the other; both see who is in the room."""
    first, second, third = lan.hosts
    start_engine_host(first)
    other = link_to(first, second)
    # As both are in one list, they need two names there; the room has one.
    other.out.wait_for(f"lists show this one as “Hall \\({second.name}\\)”")
    ann, ben = join_at(first, third, "Ann"), join_at(second, third, "Ben")
    ann.await_event(event="joined", name="Ben", server=second.name)
    ben.send_message("hello")
    ann.await_event(event="message", name="Ben", text="hello")
    ann.send_message("hello to you")
    for member in (ann, ben):
        member.await_event(event="message", name="Ann", text="hello to you")
    assert messages(ann) == messages(ben)
    assert ann.entered["room"] == ben.entered["room"] == "Hall"
    # They have been at both, so they know that it is one room.
    one, other_one = discover(third)
    assert one["link"] == other_one["link"] != ""
    assert "is one room at 2 servers" in command(third, "discover")
