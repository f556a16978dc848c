"""What `discover` prints, and when it says that there is nothing."""

from __future__ import annotations

import io
import json

import pytest

from messango.app.hosted_room import HostedRoom
from messango.cli.discover import DiscoverCommand
from messango.errors import RoomNotFound
from messango.server.server import ServerOptions
from tests.support.program import Program, open_room

pytestmark = pytest.mark.program


def test_a_list_of_nothing_is_still_json() -> None:
    """A program that reads the array gets an empty one, and the status says the rest."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(RoomNotFound, match="No room was found"):
        DiscoverCommand(out, err, as_json=True, first_only=False, interfaces=None).run_once(0.3)
    assert json.loads(out.getvalue()) == []


def test_watching_for_the_first_ends_with_it() -> None:
    """`--watch --first` prints one line for the first room that answers, and ends."""
    out = io.StringIO()
    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)):
        DiscoverCommand(out, io.StringIO(), as_json=True, first_only=True, interfaces=None).watch()
    (line,) = out.getvalue().splitlines()
    assert (json.loads(line)["event"], json.loads(line)["name"]) == ("added", "Office")


def test_what_a_person_is_to_be_told_of_a_room_stands_behind_it() -> None:
    """In the list and in `--watch`, and not in what programs read."""

    def remark(room_id: str, name: str, fingerprint: str) -> str:
        assert (room_id, fingerprint) == (hosted_room.server.room_info().id, hosted_room.server.fingerprint)
        return f"beware of {name}"

    with HostedRoom(ServerOptions("Office", host="127.0.0.1", port=0)) as hosted_room:
        for as_json in (False, True):
            for look in (DiscoverCommand.watch, lambda command: command.run_once(20)):
                out = io.StringIO()
                look(
                    DiscoverCommand(
                        out, io.StringIO(), as_json, first_only=True, interfaces=None, trust_warning=remark
                    )
                )
                assert ("ms  (beware of Office)\n" in out.getvalue()) is not as_json


def test_watch_tells_a_room_s_whole_life() -> None:
    """A room comes with `+`, somebody joins with `=`, it says goodbye with `-`."""
    with Program("discover", "--watch") as watch:
        with open_room("Office") as (server, port):
            watch.wait_for(r"^\+ Office +\S+ +0 of 5 .*127\.0\.0\.1:\d+ .* ms$")
            with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json"):
                watch.wait_for(r"^= Office +\S+ +1 of 5")
            server.process.terminate()
            assert server.wait_for_exit() == 0
        watch.wait_for(r"^- Office")


def test_watch_says_that_a_killed_room_does_not_answer() -> None:
    """`kill -9` leaves the record standing, and yet the room is marked within seconds."""
    with Program("discover", "--watch") as watch, open_room("Office") as (server, _):
        watch.wait_for(r"^\+ Office")
        server.process.kill()
        server.wait_for_exit()
        watch.wait_for(r"^= Office .* not answering$")
