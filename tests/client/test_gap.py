"""A client that was away for longer than its room remembers."""

from __future__ import annotations

import pytest

from messango.client.events import Entered, Interrupted, MessageHeard
from messango.protocol.frames import Message, Say
from messango.room import history
from messango.server.server import Server, ServerOptions
from tests.support.proxy import Proxy
from tests.support.raw_client import RawClient
from tests.support.sessions import Stay


@pytest.mark.parametrize(("said", "gap"), [(3, False), (5, True)])
def test_what_the_room_has_forgotten_is_told(
    monkeypatch: pytest.MonkeyPatch,
    said: int,
    gap: bool,  # noqa: FBT001 (a parameter of the test)
) -> None:
    """Coming back, it hears what is still kept, and whether that is all."""
    monkeypatch.setattr(history, "MAX_MEMORY_MESSAGES", 3)
    server = Server(ServerOptions("Tea", host="127.0.0.1", port=0, rate_limit=0, keep_history=False))
    server.open()
    try:
        with RawClient(server.port) as bob, Proxy(server.port) as proxy, Stay(proxy.port) as stay:
            bob.join("bob")
            assert not stay.await_event(Entered).gap
            bob.send(Say("first", "first"))
            stay.await_event(MessageHeard)
            proxy.cut(refusing=True)
            stay.await_event(Interrupted)
            for number in range(said):
                bob.send(Say(f"{number}", f"{number}"))
                while bob.await_frame(Message).id != f"{number}":
                    pass
            proxy.resume()
            stay.client.retry_now()
            assert stay.await_event(Entered).gap == gap
            assert stay.await_event(MessageHeard).text == f"{said - 3}"
    finally:
        server.close()
