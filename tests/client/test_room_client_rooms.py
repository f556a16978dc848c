"""A client that comes back to another room than it left, or to a room that has forgotten it."""

from __future__ import annotations

from pathlib import Path

from messango.client.events import Disconnected, MemberRenamed, RoomJoined, SessionEnded
from messango.room.host.host_events import MemberJoined
from messango.server.server import Server
from tests.support.proxy import Proxy
from tests.support.rooms import await_host_event, open_room
from tests.support.sessions import ClientSession


def test_a_new_name_outlives_the_session(tmp_path: Path) -> None:
    """A server that does not know our session any more gets the name that we chose last."""
    with open_room() as server, Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        session.client.rename("anna")
        session.await_event(MemberRenamed)
        proxy.cut(refusing=True)
        server.close()
        for history in (tmp_path / "rooms").glob("*.sqlite*"):
            history.unlink()
        with open_room() as again:
            proxy.redirect_to(again.port)
            proxy.resume()
            session.client.retry_now()
            assert session.await_event(RoomJoined).you == "anna"
            session.client.leave()
            session.await_event(SessionEnded)


def test_another_room_of_the_host_is_not_joined(proxy: Proxy, server: Server) -> None:
    """It has the same certificate, and may have the address that ours had: nobody is moved there silently."""
    with ClientSession(proxy.port) as session:
        session.await_event(RoomJoined)
        with open_room("Coffee") as other:
            proxy.redirect_to(other.port)
            proxy.cut()
            session.await_event(Disconnected, lambda event: "Another room" in str(event.error))
            proxy.redirect_to(server.port)
            with ClientSession(other.port, name="Ben") as visitor:
                visitor.await_event(RoomJoined)
                assert await_host_event(other, MemberJoined).name == "Ben"
        session.client.retry_now()
        assert session.await_event(RoomJoined).room.name == "Tea"
        session.client.leave()
        session.await_event(SessionEnded)
