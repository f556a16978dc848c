"""A client whose room has a copy on another computer."""

from __future__ import annotations

import contextlib
import queue
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from messango.client.events import Disconnected, MessageReceived, RoomJoined
from messango.room.host.host_events import MemberJoined
from messango.server.server import Server
from messango.storage import home
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult, probe
from tests.support.proxy import Proxy
from tests.support.rooms import open_room
from tests.support.sessions import ClientSession


@pytest.fixture
def copy(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """The same room on another computer: its folder is a copy."""
    assert server.room_info().members == 0
    shutil.copytree(home(), tmp_path / "copy", ignore=shutil.ignore_patterns("*.sock"))
    with contextlib.ExitStack() as stack:
        with monkeypatch.context() as patch:
            patch.setenv("MESSANGO_HOME", str(tmp_path / "copy"))
            opened = stack.enter_context(open_room())
        assert (opened.room_info().id, opened.fingerprint) == (server.room_info().id, server.fingerprint)
        yield opened


def probe_of_an_earlier_version(
    addresses: Sequence[Address],
    *,
    fingerprint: str | None,
    session: str | None,
    is_cancelled: Callable[[], bool],
) -> ProbeResult:
    """Probe a server that ignores the question about the session."""
    assert session is not None
    return probe(addresses, fingerprint=fingerprint, is_cancelled=is_cancelled)


@pytest.mark.parametrize(("probe_room", "expected_joins"), [(probe, 0), (probe_of_an_earlier_version, 1)])
def test_nobody_is_moved_into_a_copy_of_the_room(
    server: Server,
    proxy: Proxy,
    copy: Server,
    probe_room: Callable[..., ProbeResult],
    expected_joins: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It has our room's identity but not our session. What is written waits.

    Only in a copy of an earlier version others see that we come and go.
    """
    monkeypatch.setattr("messango.client.trust.same_server_check.probe", probe_room)
    monkeypatch.setattr("messango.client.connection.backoff.random.uniform", lambda low, _high: low)
    found = [Address("127.0.0.1", copy.port), Address("127.0.0.2", copy.port)]
    with ClientSession(proxy.port, rediscover=lambda *_: found) as session:
        session.await_event(RoomJoined)
        proxy.cut(refusing=True)
        session.client.send_message("for our room only")
        refused = session.await_event(Disconnected, lambda event: "not moved there" in str(event.error))
        assert f"127.0.0.1:{copy.port}" in str(refused.error)
        for _ in range(3):
            session.await_event(Disconnected)
        proxy.resume()
        back = session.await_event(RoomJoined)
        assert (back.resumed, back.moved_from) == (True, "")
        assert session.await_event(MessageReceived).text == "for our room only"
        told = [event for event in session.skipped if isinstance(event, Disconnected)]
        assert not [event for event in told if "not moved there" in str(event.error)]
    joins = 0
    with contextlib.suppress(queue.Empty):
        while True:
            joins += isinstance(copy.events.get_nowait(), MemberJoined)
    assert joins == expected_joins
    assert server.room_info().id == copy.room_info().id
