"""The same with real programs: two linked servers with an engine, and members at both."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.client.events import MessageReceived, RoomJoined
from tests.support.program import Program, open_room
from tests.support.sessions import ClientSession

pytestmark = [pytest.mark.engine, pytest.mark.program]


@contextlib.contextmanager
def linked_server(patching: pytest.MonkeyPatch, home: Path, *options: str) -> Iterator[tuple[Program, int]]:
    """Run a server with a home folder of its own; it ends as by Ctrl-C, and its engine with it."""
    with contextlib.ExitStack() as stack:
        with patching.context() as patch:
            patch.setenv("MESSANGO_HOME", str(home))
            server, port = stack.enter_context(open_room("Hall", *options))
        stack.callback(server.wait_for_exit)
        stack.callback(server.process.send_signal, signal.SIGINT)
        yield server, port


def test_a_member_of_a_killed_server_goes_on_at_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the same place; what was said and written meanwhile is there once, in one order."""
    monkeypatch.chdir(tmp_path)
    with (
        linked_server(monkeypatch, tmp_path / "one", "--link-host") as (_, one),
        linked_server(monkeypatch, tmp_path / "two", "--link", "Hall.link") as (server, two),
        ClientSession(two, "ann") as ann,
        ClientSession(one, "ben") as ben,
    ):
        joined = ann.await_event(RoomJoined)
        ben.await_event(RoomJoined)
        ann.client.send_message("one")
        ann.await_event(MessageReceived, lambda event: event.own)
        server.process.kill()
        server.wait_for_exit()
        ben.client.send_message("two")
        ben.await_event(MessageReceived, lambda event: event.text == "two")
        ann.client.send_message("three")
        moved = ann.await_event(RoomJoined)
        assert (moved.resumed, moved.you, moved.member) == (True, "ann", joined.member)
        assert moved.address == f"127.0.0.1:{one}"
        assert [(ann.await_event(MessageReceived).seq, text) for text in ("two", "three")] == [
            (2, "two"),
            (3, "three"),
        ]
        assert ben.await_event(MessageReceived, lambda event: event.text == "three").seq == 3
