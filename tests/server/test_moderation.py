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
from messango.server import moderation as hand_module
from messango.server.host_events import Banned, Failed, HostCouldNot, HostDid, Present
from messango.server.host_events import Left as LeftEvent
from messango.server.server import Server, ServerOptions
from tests.support.raw_client import PATIENCE_S, RawClient
from tests.support.rooms import await_told, open_room


@pytest.fixture
def server() -> Iterator[Server]:
    with open_room() as opened:
        yield opened


def refused(server: Server, name: str, session: str | None = None) -> Refused:
    """Return why somebody is not let in."""
    with RawClient(server.port) as client:
        client.say(Join(1, name, session))
        return client.await_frame(Refused)


def test_a_kicked_member_is_out(server: Server) -> None:
    """It hears why, the others hear that, the host reads both, and its session is worth nothing."""
    with RawClient(server.port) as ann, RawClient(server.port) as bob:
        session = ann.join("ann").session
        bob.join("bob")
        server.hand.kick("Ann", "spam")
        assert ann.await_frame(Closed).code == error_codes.KICKED
        assert ann.await_end() == []
        assert "spam" in bob.await_frame(Left).reason
        assert "ann" in await_told(server, HostDid).sentence
        assert "spam" in await_told(server, LeftEvent).reason
        assert refused(server, "ann", session).code == error_codes.BANNED
        with RawClient(server.port) as newcomer:
            assert newcomer.join("ann").session != session
        bob.say(Say("1", "still here"))
        assert bob.await_frame(Message).text == "still here"


@pytest.mark.parametrize("keep_history", [True, False])
def test_bans_outlive_the_server(keep_history: bool) -> None:  # noqa: FBT001 (a parameter of the test)
    """Also where no history is kept; and so does a kick."""
    options = ServerOptions("Tea", host="127.0.0.1", port=0, keep_history=keep_history)
    server = Server(options)
    server.open()
    with RawClient(server.port) as ann:
        session = ann.join("ann").session
        server.hand.kick("ann")
        server.hand.ban("bob", 3_600, "spam")
        await_told(server, HostDid, lambda event: "bob" in event.sentence)
    server.close()
    again = Server(options)
    again.open()
    try:
        again.hand.bans()
        (ban,) = await_told(again, Banned).bans
        assert (ban.name, ban.reason) == ("bob", "spam")
        assert "60 minutes" in refused(again, "bob").reason
        assert refused(again, "ann", session).code == error_codes.BANNED
        again.hand.unban("bob")
        await_told(again, HostDid)
        with RawClient(again.port) as bob:
            bob.join("bob")
    finally:
        again.close()


def test_bans_that_are_not_written_hold_all_the_same(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk costs the keeping, and the host is told."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.server.ban_store.write_private", full)
    server.hand.ban("bob")
    assert "No space left" in await_told(server, Failed).reason
    assert refused(server, "bob").code == error_codes.BANNED


def test_an_address_that_is_the_hosts_own_is_pointed_out(server: Server) -> None:
    """It is kept out as the host says, who is told what that means; and can take it back."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.hand.ban_address("127.0.0.0/8")
        assert ann.await_frame(Closed).code == error_codes.KICKED
    sentence = await_told(server, HostDid).sentence
    assert "Sent out: ann." in sentence
    assert "This machine is in it too" in sentence
    refused(server, "zoë")
    server.hand.unban("127.0.0.0/8")
    await_told(server, HostDid)
    with RawClient(server.port) as ann:
        ann.join("ann")


@pytest.mark.parametrize(
    ("address", "here"),
    [("::1", True), ("127.0.0.1", True), ("0.0.0.0/0", True), ("::/0", True), ("192.0.2.77", False)],
)
def test_which_networks_this_machine_is_in(address: str, here: bool) -> None:  # noqa: FBT001
    """Its own addresses and all that hold them."""
    assert hand_module._is_here(parse_network(address)) == here


def test_what_is_no_address_is_refused_at_once(server: Server) -> None:
    """Before it comes to the room."""
    with pytest.raises(ValueError, match="appear"):
        server.hand.ban_address("bob")


def test_who_lock_and_say(server: Server) -> None:
    """Who is here is told with addresses; a locked room takes nobody new; the host is heard."""
    with RawClient(server.port) as ann:
        ann.join("ann")
        server.hand.who()
        (member,) = await_told(server, Present).members
        assert (member.name, member.peer is not None and member.peer.is_local) == ("ann", True)
        changes: queue.SimpleQueue[RoomInfo] = queue.SimpleQueue()
        server.on_change = changes.put
        server.hand.lock()
        assert changes.get(timeout=PATIENCE_S).locked
        assert server.facts().locked
        assert refused(server, "bob").code == error_codes.FULL
        server.hand.say("Lunch!")
        heard = ann.await_frame(Message)
        assert (heard.name, heard.text) == (HOST_NAME, "Lunch!")
        server.hand.unlock()
        with RawClient(server.port) as bob:
            assert bob.join("bob").latest == heard.seq


def test_what_can_not_be_done_is_told(server: Server) -> None:
    """In a sentence, to the host alone."""
    server.hand.kick("nobody\x1b[2J")
    sentence = await_told(server, HostCouldNot).sentence
    assert "Nobody here is called" in sentence
    assert "\x1b" not in sentence


def test_a_damaged_list_of_bans_keeps_the_room_closed() -> None:
    """The host decides what becomes of it."""
    with open_room() as server:
        server.hand.ban("bob")
        await_told(server, HostDid)
    (path,) = (Path(os.environ["MESSANGO_HOME"]) / "rooms").glob("*.bans")
    path.write_text("damaged")
    with pytest.raises(CorruptFile):
        Server(ServerOptions("Tea", host="127.0.0.1", port=0)).open()
