"""`messango server --web` and `messango host web`: whole programs."""

from __future__ import annotations

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from messango.protocol.frames import Leave, Say
from tests.support.ansi_picture import ON_DARK, ON_LIGHT, paint, read_codes
from tests.support.program import open_room, run, run_here
from tests.support.raw_client import RawClient
from tests.support.terminal import run_in_terminal

pytestmark = pytest.mark.program

LINK = r"https://127\.0\.0\.1:\d+/#k=[\w-]{22}"
NOT_A_COLOR = re.compile(r"\x1b\[[?\d;]*[A-Zac-ln-z]|\x1b[=>]|\r")


def drawn_codes(output: str, folder: Path) -> list[str]:
    """Return what a phone reads from the terminal, on both kinds of grounds."""
    lines = [NOT_A_COLOR.sub("", line) for line in output.splitlines() if "48;5;231" in line]
    dark, light = (read_codes(paint(lines, ground, 100), folder) for ground in (ON_DARK, ON_LIGHT))
    assert dark == light
    return dark


@pytest.mark.zbar
def test_a_host_at_a_terminal(tmp_path: Path) -> None:
    """A phone can read the code below the banner, and the one that the prompt draws; both are of the link."""
    room = ("server", "--name", "Tea", "--host", "127.0.0.1", "--port", "0", "--web")
    with run_in_terminal(*room, kind="xterm-256color", color=True, rows=60) as host:
        host.wait_for("type help for commands")
        (link,) = set(re.findall(LINK, host.screen_text))
        assert drawn_codes(host.raw_output, tmp_path) == [link]
        before = len(host.raw_output)
        host.send_keys("web\r")
        host.wait_for("No guests are here.")
        assert drawn_codes(host.raw_output[before:], tmp_path) == [link]
        before = len(host.raw_output)
        host.send_keys("web renew\r")
        host.wait_for("There is a new link.")
        host.send_keys("web off\r")
        host.wait_for("can't join from the browser any more")
        (renewed,) = drawn_codes(host.raw_output[before:], tmp_path)
        assert renewed != link
        host.send_keys("\x04")
        assert host.read_to_exit() == 0


def test_a_server_without_a_terminal() -> None:
    """A program that starts it can pass the link on; `messango host web` shows it again."""
    with open_room("Office", "--no-advertise", "--web") as (server, port):
        first = server.wait_for(LINK)[0]
        shown = run_here("host", "web")
        assert (shown.returncode, shown.stderr) == (0, "")
        (link,) = re.findall(LINK, shown.stdout)
        assert link == first
        assert f":{port}/" in link
        assert "No guests are here." in shown.stdout
        fields = json.loads(run_here("host", "web", "--json").stdout)
        assert (fields["command"], fields["room"], fields["web"]["links"]) == ("web", "Office", [link])
        renewed = json.loads(run_here("host", "--json", "web", "renew").stdout)
        assert renewed["web"]["links"] != [link]
        server.wait_for("host     There is a new link")
        off = run_here("host", "web", "off")
        assert (off.returncode, off.stdout) == (0, "Guests can't join from the browser any more.\n")
        fields = json.loads(run_here("host", "web", "--json").stdout)
        assert (fields["web"]["on"], fields["web"]["links"]) == (False, [])


def test_a_room_without_guests() -> None:
    """Prints nothing about them, and they can be admitted later."""
    with open_room("Office", "--no-advertise") as (server, _):
        assert "uests" not in "\n".join(server.printed)
        assert "`web on`" in run_here("host", "web").stdout
        assert re.search(LINK, run_here("host", "web", "on").stdout)


#: Lines of `-X importtime` about what only rooms with guests need.
FOR_GUESTS = re.compile(r"import time: .*\| +(h11|wsproto|segno|messango\.(server\.)?web)\b")


@pytest.mark.parametrize("options", [[], ["--web"]], ids=["without guests", "with guests"])
def test_a_room_without_guests_loads_nothing_for_them(
    options: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its start, a member who talks, and a command of the host cost what they cost before."""
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    with open_room("Office", "--no-advertise", *options) as (server, port), RawClient(port) as ann:
        ann.join("ann")
        assert run_here("host", "who").returncode == 0
        ann.send(Say("1", "Hello"), Leave())
        server.wait_for("ann: left")
        loaded = [found[1] for found in map(FOR_GUESTS.search, server.printed) if found]
    assert bool(loaded) == bool(options), loaded


def test_wrong_words() -> None:
    """Status 2, and what can be typed."""
    result = run_here("host", "web", "up")
    assert (result.returncode, result.stdout) == (2, "")
    assert "web renew" in result.stderr


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer says what to install, before a room is open or its host is asked for a password."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "h11" else find_spec(name))
    result = run_here("server", "--web", "--password")
    assert (result.returncode, result.stdout) == (1, "")
    assert 'pip install "messango[web]"' in result.stderr


def test_the_help_names_both() -> None:
    assert "--web" in run("server", "--help").stdout
    assert "messango host web on" in run_here("host", "web", "--help").stdout


@pytest.mark.parametrize(("typed", "found"), [("", {"on", "off", "renew"}), ("o", {"on", "off"})])
def test_tab_completes_what_follows(monkeypatch: pytest.MonkeyPatch, typed: str, found: set[str]) -> None:
    """Also while no room is open."""
    monkeypatch.setenv("_MESSANGO_COMPLETE", "fish_complete")
    monkeypatch.setenv("COMP_WORDS", f"messango host web {typed}")
    monkeypatch.setenv("COMP_CWORD", typed)
    assert {line.partition(",")[2] for line in run().stdout.splitlines()} == found
