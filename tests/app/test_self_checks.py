"""What the host reads when the server notices something by itself."""

from __future__ import annotations

import pytest

from messango.app.hosted_room import HostedRoom
from messango.app.self_checks import heard_notice, reachable_notice, unheard_warning, unreachable_warning
from messango.discovery.announcing.announcement_echo import EchoChange
from messango.room.host.host_events import RoomEvent, ServerNotice, ServerWarning
from messango.server.reachability.reachability import ReachChange
from messango.server.reachability.sightings import Sighting
from messango.server.server_options import ServerOptions
from messango.transport.addresses import Address

ROOM = Address("192.168.1.20", 8123)


def seen(name: str = "Ben", *, ok: bool = False) -> ReachChange:
    """Return what a member has tried."""
    return ReachChange(ROOM, Sighting("192.168.1.7", ok, 0.0, name))


def test_who_could_not_connect_and_what_to_do() -> None:
    """With the address that they tried, and the port that has to be allowed."""
    said = unreachable_warning(seen())
    assert said.startswith(
        "“Ben” (192.168.1.7) tried to connect to this room at 192.168.1.20:8123 and could not."
    )
    assert "TCP port 8123" in said
    assert said.count("8123") >= 2


def test_where_the_room_can_be_reached_now() -> None:
    """By whom; without a name by their address alone."""
    assert reachable_notice(seen(ok=True)).endswith("“Ben” (192.168.1.7) has connected there.")
    assert "192.168.1.20:8123 now: 192.168.1.7 has" in reachable_notice(seen("", ok=True))


def test_a_members_name_cannot_pass_for_our_words() -> None:
    """It stays between its quotation marks."""
    assert "”. All is well" not in unreachable_warning(seen("Ben”. All is well. “"))


def test_announcements_that_are_blocked_and_are_not_any_longer() -> None:
    """With the interface, the port, and how others can join meanwhile."""
    said = unheard_warning(EchoChange("eth0", "192.168.1.20", heard=False))
    assert "on eth0 (192.168.1.20) don't even come back" in said
    assert "UDP port 5353" in said
    assert "address or invite" in said
    assert "no longer blocked" in heard_notice(EchoChange("eth0", "192.168.1.20", heard=True))


@pytest.mark.parametrize(("ok", "kind"), [(False, ServerWarning), (True, ServerNotice)])
def test_the_host_of_a_room_reads_it(kind: type[RoomEvent], *, ok: bool) -> None:
    """The server tells the addresses that the host shares, and its news become events."""
    with HostedRoom(ServerOptions("Tea", host="127.0.0.1", port=0), advertise=False) as hosted:
        assert hosted.server.listed_addresses() == hosted.addresses
        hosted.server.on_reach_changed(seen(ok=ok))
        assert isinstance(hosted.server.events.get_nowait(), kind)
