"""Host commands in a real room: what members receive, and what is stored."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.errors import CorruptFile
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Left, Message, Refused, RoomInfo, Say
from messango.protocol.text.validation import HOST_NAME
from messango.room.host.host_command import (
    Announce,
    BanAddress,
    BanName,
    Kick,
    ListBans,
    ListMembers,
    Lock,
    Unban,
    Unlock,
)
from messango.room.host.host_events import BanList, CommandDone, CommandFailed, MemberList, ServerWarning
from messango.room.host.host_events import MemberLeft as LeftEvent
from messango.room.peer import parse_network
from messango.server.host.command_runner import includes_this_computer
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def refusal_of(server: Server, name: str, session: str | None = None) -> Refused:
    """Join, expecting a refusal, and return it."""
    with RawClient(server.port) as client:
        client.send(Join(1, name, session))
        return client.await_frame(Refused)


def test_kick(server: Server) -> None:
    """The member and the others receive the reason, the host two events; the session cannot return."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        session = ann.join("ann").session
        bob.join("bob")
        server.run_command(Kick("Ann", "spam"))
        assert ann.await_frame(Closed).code == error_codes.KICKED
        assert ann.await_end() == []
        left = bob.await_frame(Left)
        assert (left.reason, left.note) == (error_codes.KICKED, "spam")
        assert "ann" in await_host_event(server, CommandDone).message
        assert await_host_event(server, LeftEvent).note == "spam"
        assert refusal_of(server, "ann", session).code == error_codes.BANNED
        with RawClient(server.port) as newcomer:
            assert newcomer.join("ann").session != session
        bob.send(Say("1", "still here"))
        assert bob.await_frame(Message).text == "still here"


@pytest.mark.parametrize("keep_history", [True, False])
def test_bans_outlive_the_server(keep_history: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """And so do kicks, also in a room without a history."""
    options = ServerOptions("Tea", host="127.0.0.1", port=0, keep_history=keep_history)
    server = Server(options)
    server.open()
    with RawClient(server.port) as ann:
        session = ann.join("ann").session
        server.run_command(Kick("ann"))
        server.run_command(BanName("bob", 3_600, "spam"))
        await_host_event(server, CommandDone, lambda event: "bob" in event.message)
    server.close()
    again = Server(options)
    again.open()
    try:
        again.run_command(ListBans())
        (ban,) = await_host_event(again, BanList).bans
        assert (ban.name, ban.reason) == ("bob", "spam")
        assert "60 minutes" in refusal_of(again, "bob").reason
        assert refusal_of(again, "ann", session).code == error_codes.BANNED
        again.run_command(Unban("bob"))
        await_host_event(again, CommandDone)
        with RawClient(again.port) as bob:
            bob.join("bob")
    finally:
        again.close()


def test_bans_apply_even_if_they_cannot_be_written(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the disk is full, the host gets a warning."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.server.ban_store.write_private", full)
    server.run_command(BanName("bob"))
    assert "No space left" in await_host_event(server, ServerWarning).reason
    assert refusal_of(server, "bob").code == error_codes.BANNED


def test_a_ban_of_the_hosts_own_address(server: Server) -> None:
    """It is banned as the host asked, with a warning; and the host can lift the ban."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.run_command(BanAddress("127.0.0.0/8"))
        assert ann.await_frame(Closed).code == error_codes.BANNED
    sentence = await_host_event(server, CommandDone).message
    assert "Removed: ann." in sentence
    assert "This computer is in that network too" in sentence
    refusal_of(server, "zoë")
    server.run_command(Unban("127.0.0.0/8"))
    await_host_event(server, CommandDone)
    with RawClient(server.port) as ann:
        ann.join("ann")


@pytest.mark.parametrize(
    ("address", "included"),
    [("::1", True), ("127.0.0.1", True), ("0.0.0.0/0", True), ("::/0", True), ("192.0.2.77", False)],
)
def test_networks_that_include_this_computer(address: str, included: bool) -> None:  # noqa: FBT001
    """Its own addresses, and every network that contains them."""
    assert includes_this_computer(parse_network(address)) == included


def test_members_lock_and_announce(server: Server) -> None:
    """The list has addresses; a locked room refuses new members; everybody receives an announcement."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.run_command(ListMembers())
        (member,) = await_host_event(server, MemberList).members
        assert (member.name, member.peer is not None and member.peer.is_local) == ("ann", True)
        changes: queue.SimpleQueue[RoomInfo] = queue.SimpleQueue()
        server.on_info_changed = changes.put
        server.run_command(Lock())
        assert changes.get(timeout=TIMEOUT_S).locked
        assert server.room_info().locked
        assert refusal_of(server, "bob").code == error_codes.LOCKED
        server.run_command(Announce("Lunch!"))
        message = ann.await_frame(Message)
        assert (message.name, message.text) == (HOST_NAME, "Lunch!")
        server.run_command(Unlock())
        with RawClient(server.port) as bob:
            assert bob.join("bob").latest == message.seq


def test_a_failed_command(server: Server) -> None:
    """Only the host gets the error."""
    server.run_command(Kick("nobody\x1b[2J"))
    sentence = await_host_event(server, CommandFailed).message
    assert "No member is called" in sentence
    assert "\x1b" not in sentence


def test_a_room_with_a_damaged_list_of_bans_does_not_open() -> None:
    """It would let everybody in; the host has to repair or move the file."""
    with open_room() as server:
        server.run_command(BanName("bob"))
        await_host_event(server, CommandDone)
    (path,) = (Path(os.environ["MESSANGO_HOME"]) / "rooms").glob("*.bans")
    path.write_text("damaged")
    with pytest.raises(CorruptFile):
        Server(ServerOptions("Tea", host="127.0.0.1", port=0)).open()
