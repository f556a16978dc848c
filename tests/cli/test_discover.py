"""What `discover` prints, and when it says that there is nothing."""

from __future__ import annotations

import io
import json

import pytest

from messango.app.hosted_room import Hosting
from messango.cli.discover import Search
from messango.errors import NothingFound
from messango.server.server import ServerOptions
from tests.support.program import Program, open_room

pytestmark = pytest.mark.program


def test_a_list_of_nothing_is_still_json() -> None:
    """A program that reads the array gets an empty one, and the status says the rest."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(NothingFound, match="No room was found"):
        Search(out, err, as_json=True, first=False, interfaces=None).once(0.3)
    assert json.loads(out.getvalue()) == []


def test_watching_for_the_first_ends_with_it() -> None:
    """`--watch --first` prints one line for the first room that answers, and ends."""
    out = io.StringIO()
    with Hosting(ServerOptions("Office", host="127.0.0.1", port=0)):
        Search(out, io.StringIO(), as_json=True, first=True, interfaces=None).watch()
    (line,) = out.getvalue().splitlines()
    assert (json.loads(line)["event"], json.loads(line)["name"]) == ("added", "Office")


def test_what_a_person_is_to_be_told_of_a_room_stands_behind_it() -> None:
    """In the list and in `--watch`, and not in what programs read."""

    def remark(room_id: str, name: str, fingerprint: str) -> str:
        assert (room_id, fingerprint) == (hosting.server.facts().id, hosting.server.fingerprint)
        return f"beware of {name}"

    with Hosting(ServerOptions("Office", host="127.0.0.1", port=0)) as hosting:
        for as_json in (False, True):
            for look in (Search.watch, lambda search: search.once(20)):
                out = io.StringIO()
                look(Search(out, io.StringIO(), as_json, first=True, interfaces=None, remark=remark))
                assert ("ms  (beware of Office)\n" in out.getvalue()) is not as_json


def test_watch_tells_a_room_s_whole_life() -> None:
    """A room comes with `+`, somebody joins with `=`, it says goodbye with `-`."""
    with Program("discover", "--watch") as watch:
        with open_room("Office") as (server, port):
            watch.wait_for(r"^\+ Office +\S+ +0 of 5 .*127\.0\.0\.1:\d+ .* ms$")
            with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json"):
                watch.wait_for(r"^= Office +\S+ +1 of 5")
            server.process.terminate()
            assert server.end() == 0
        watch.wait_for(r"^- Office")


def test_watch_says_that_a_killed_room_does_not_answer() -> None:
    """`kill -9` leaves the record standing, and yet the room is marked within seconds."""
    with Program("discover", "--watch") as watch, open_room("Office") as (server, _):
        watch.wait_for(r"^\+ Office")
        server.process.kill()
        server.end()
        watch.wait_for(r"^= Office .* not answering$")
