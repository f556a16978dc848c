"""Bans of IPv6 addresses: they cover the /64, in which a computer can change its address."""

from __future__ import annotations

import itertools

import pytest

from messango.protocol import error_codes
from messango.room.host.host_command import BanAddress, BanName, Unban
from messango.room.peer import Peer
from tests.room.batches import RoomHarness
from tests.room.host_commands import run
from tests.room.test_moderation import expect_refusal


@pytest.mark.parametrize("lan", ["2001:db8::", "fe80::"])
def test_the_ipv6_network_of_a_member_on_the_lan(lan: str) -> None:
    """They can't come back with another address, name and session; others who were there can stay."""
    harness, connection_ids = RoomHarness(), itertools.count(1)

    def connect(host: int) -> int:
        connection_id = next(connection_ids)
        harness.peers[connection_id] = Peer(f"{lan}{host}", connection_id, local_host=f"{lan}1")
        return connection_id

    eve, ann = connect(66), connect(20)
    harness.join_admitted(eve, "Eve")
    session = harness.join_admitted(ann, "Ann").session
    answer = run(harness, BanName("Eve"))
    assert f"“Eve” ({lan}/64) is banned. Removed: Eve." in answer
    assert "newcomers" in answer
    assert harness.room.members.names() == ["Ann"]
    assert expect_refusal(harness, connect(67), "Mallory").code == error_codes.BANNED
    harness.leave(ann)
    assert harness.join(connect(21), "Ann", session)
    assert expect_refusal(harness, connect(66), "Ann", session).code == error_codes.BANNED
    assert harness.join(connect(1), "Host's window")
    assert "No longer banned: Eve." in run(harness, Unban(f"{lan}77"))
    assert harness.join(connect(66), "Eve")


def test_a_mapped_address(harness: RoomHarness) -> None:
    """It is the IPv4 address."""
    assert run(harness, BanAddress("::ffff:192.0.2.1")) == "192.0.2.1 is banned. Removed: Ann."
    assert "No longer banned" in run(harness, Unban("::FFFF:c000:201"))
