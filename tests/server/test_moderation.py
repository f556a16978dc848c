"""The host's hand in a real room: what members hear, and what is kept of it."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.errors import CorruptFile
from messango.protocol import error_codes
from messango.protocol.frames import Closed, Join, Left, Message, Refused, RoomInfo, Say
from messango.protocol.validation import HOST_NAME
from messango.room.remote_peer import parse_network
from messango.server import moderation as moderation_module
from messango.server.host_events import BanList, CommandDone, CommandFailed, MemberList, ServerWarning
from messango.server.host_events import HostMemberLeft as LeftEvent
from messango.server.server import Server, ServerOptions
from tests.support.raw_client import TIMEOUT_S, RawClient
from tests.support.rooms import await_host_event, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def refusal_of(server: Server, name: str, session: str | None = None) -> Refused:
    """Return why somebody is not let in."""
    with RawClient(server.port) as client:
        client.send(Join(1, name, session))
        return client.await_frame(Refused)


def test_a_kicked_member_is_out(server: Server) -> None:
    """It hears why, the others hear that, the host reads both, and its session is worth nothing."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        session = ann.join("ann").session
        bob.join("bob")
        server.moderation.kick("Ann", "spam")
        assert ann.await_frame(Closed).code == error_codes.KICKED
        assert ann.await_end() == []
        assert "spam" in bob.await_frame(Left).reason
        assert "ann" in await_host_event(server, CommandDone).message
        assert "spam" in await_host_event(server, LeftEvent).reason
        assert refusal_of(server, "ann", session).code == error_codes.BANNED
        with RawClient(server.port) as newcomer:
            assert newcomer.join("ann").session != session
        bob.send(Say("1", "still here"))
        assert bob.await_frame(Message).text == "still here"


@pytest.mark.parametrize("keep_history", [True, False])
def test_bans_outlive_the_server(keep_history: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Also where no history is kept; and so does a kick."""
    options = ServerOptions("Tea", host="127.0.0.1", port=0, keep_history=keep_history)
    server = Server(options)
    server.open()
    with RawClient(server.port) as ann:
        session = ann.join("ann").session
        server.moderation.kick("ann")
        server.moderation.ban("bob", 3_600, "spam")
        await_host_event(server, CommandDone, lambda event: "bob" in event.message)
    server.close()
    again = Server(options)
    again.open()
    try:
        again.moderation.bans()
        (ban,) = await_host_event(again, BanList).bans
        assert (ban.name, ban.reason) == ("bob", "spam")
        assert "60 minutes" in refusal_of(again, "bob").reason
        assert refusal_of(again, "ann", session).code == error_codes.BANNED
        again.moderation.unban("bob")
        await_host_event(again, CommandDone)
        with RawClient(again.port) as bob:
            bob.join("bob")
    finally:
        again.close()


def test_bans_that_are_not_written_hold_all_the_same(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs the keeping, and the host is told."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.server.ban_store.write_private", full)
    server.moderation.ban("bob")
    assert "No space left" in await_host_event(server, ServerWarning).reason
    assert refusal_of(server, "bob").code == error_codes.BANNED


def test_an_address_that_is_the_hosts_own_is_pointed_out(server: Server) -> None:
    """It is kept out as the host says, who is told what that means; and can take it back."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.moderation.ban_address("127.0.0.0/8")
        assert ann.await_frame(Closed).code == error_codes.KICKED
    sentence = await_host_event(server, CommandDone).message
    assert "Sent out: ann." in sentence
    assert "This machine is in it too" in sentence
    refusal_of(server, "zoë")
    server.moderation.unban("127.0.0.0/8")
    await_host_event(server, CommandDone)
    with RawClient(server.port) as ann:
        ann.join("ann")


@pytest.mark.parametrize(
    ("address", "here"),
    [("::1", True), ("127.0.0.1", True), ("0.0.0.0/0", True), ("::/0", True), ("192.0.2.77", False)],
)
def test_which_networks_this_machine_is_in(address: str, here: bool) -> None:  # noqa: FBT001
    """Its own addresses and all that hold them."""
    assert moderation_module._includes_this_machine(parse_network(address)) == here


def test_what_is_no_address_is_refused_at_once(server: Server) -> None:
    """Before it comes to the room."""
    with pytest.raises(ValueError, match="appear"):
        server.moderation.ban_address("bob")


def test_who_lock_and_say(server: Server) -> None:
    """Who is here is told with addresses; a locked room takes nobody new; the host is heard."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.moderation.who()
        (member,) = await_host_event(server, MemberList).members
        assert (member.name, member.peer is not None and member.peer.is_local) == ("ann", True)
        changes: queue.SimpleQueue[RoomInfo] = queue.SimpleQueue()
        server.on_info_changed = changes.put
        server.moderation.lock()
        assert changes.get(timeout=TIMEOUT_S).locked
        assert server.room_info().locked
        assert refusal_of(server, "bob").code == error_codes.FULL
        server.moderation.announce("Lunch!")
        heard = ann.await_frame(Message)
        assert (heard.name, heard.text) == (HOST_NAME, "Lunch!")
        server.moderation.unlock()
        with RawClient(server.port) as bob:
            assert bob.join("bob").latest == heard.seq


def test_what_can_not_be_done_is_told(server: Server) -> None:
    """In a sentence, to the host alone."""
    server.moderation.kick("nobody\x1b[2J")
    sentence = await_host_event(server, CommandFailed).message
    assert "Nobody here is called" in sentence
    assert "\x1b" not in sentence


def test_a_damaged_list_of_bans_keeps_the_room_closed() -> None:
    """The host decides what becomes of it."""
    with open_room() as server:
        server.moderation.ban("bob")
        await_host_event(server, CommandDone)
    (path,) = (Path(os.environ["MESSANGO_HOME"]) / "rooms").glob("*.bans")
    path.write_text("damaged")
    with pytest.raises(CorruptFile):
        Server(ServerOptions("Tea", host="127.0.0.1", port=0)).open()
