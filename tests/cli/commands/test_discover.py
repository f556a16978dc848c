"""`messango discover` as a process, beside rooms that open, change and go away."""

from __future__ import annotations

import pytest

from tests.support.program import Program, open_room

pytestmark = pytest.mark.program


def test_watch_follows_a_room() -> None:
    """A line with `+` for a new room, `=` when somebody joins, `-` when it closes."""
    with Program("discover", "--watch") as watch:
        with open_room("Office") as (server, port):
            watch.wait_for(r"^\+ Office +\S+ +0 of 5 .*127\.0\.0\.1:\d+ .* ms$")
            with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json"):
                watch.wait_for(r"^= Office +\S+ +1 of 5")
            server.process.terminate()
            assert server.wait_for_exit() == 0
        watch.wait_for(r"^- Office")


def test_watch_marks_a_killed_room() -> None:
    """After `kill -9` the mDNS record is still there, but the room is `not answering` within seconds."""
    with Program("discover", "--watch") as watch, open_room("Office") as (server, _):
        watch.wait_for(r"^\+ Office")
        server.process.kill()
        server.wait_for_exit()
        watch.wait_for(r"^= Office .* not answering")
