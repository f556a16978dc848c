"""A client that was away for longer than its room stores messages."""

from __future__ import annotations

import pytest

from messango.client.events import Disconnected, MessageReceived, RoomJoined
from messango.protocol.frames import Message, Say
from messango.room.history import history
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient
from tests.support.sessions import ClientSession


@pytest.mark.parametrize(("missed", "gap"), [(3, False), (5, True)])
def test_a_gap_is_reported(
    monkeypatch: pytest.MonkeyPatch,
    missed: int,
    gap: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """On rejoining, the client gets what is still stored, and knows whether that is all."""
    monkeypatch.setattr(history, "MAX_MEMORY_MESSAGES", 3)
    server = Server(ServerOptions("Tea", host="127.0.0.1", port=0, rate_limit=0, keep_history=False))
    server.open()
    try:
        with RawClient(server.port) as bob, Proxy(server.port) as proxy, ClientSession(proxy.port) as session:
            bob.join("bob")
            assert not session.await_event(RoomJoined).gap
            bob.send(Say("first", "first"))
            session.await_event(MessageReceived)
            proxy.cut(refusing=True)
            session.await_event(Disconnected)
            for number in range(missed):
                bob.send(Say(f"{number}", f"{number}"))
                while bob.await_frame(Message).id != f"{number}":
                    pass
            proxy.resume()
            session.client.retry_now()
            assert session.await_event(RoomJoined).gap == gap
            assert session.await_event(MessageReceived).text == f"{missed - 3}"
    finally:
        server.close()
