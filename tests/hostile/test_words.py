"""Hostile names and texts, through a real room, to every place where a person reads them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Join, Message, Problem, Refused, Rename, Say
from messango.protocol.text.escaping import UNSAFE
from messango.terminal.json.json_requests import parse_json_line
from tests.support.program import open_room, run
from tests.support.raw_client import RawClient
from tests.support.samples import sampled

pytestmark = pytest.mark.program

#: The harm that each would do to a terminal, a line or a reader that shows it unescaped.
TEXTS: Final = (
    "\x1b[2J\x1b[H gone",
    "\x1b]0;title\x07 and a bell",
    "\x9b31m red",
    "hello\r\x1b[K12:00  Ann: I said this",
    "evil \u202egpj.exe",
    "\u2066isolated\u2069 \u2028line\u2029paragraph",
    "one\n12:00  Ann: two\n* Ben left",
    "nul \x00 nul",
    "z" + "\u0301" * 500,
)

NAMES: Final = ("\x1b[2Jroot", "a\nb", "\u202eesrever", "\x00", "\u2028", "\u200e", "\u3164", "", "n" * 33)


def assert_harmless(shown: str) -> None:
    """Fail if a terminal would do more with this text than show it."""
    found = UNSAFE.search(shown.replace("\n", ""))
    assert found is None, f"{found[0]!r} in {shown!r}"


@pytest.mark.parametrize("name", sampled(NAMES, "\x1b[2Jroot", "a\nb"), ids=ascii)
def test_such_a_name_is_refused(name: str) -> None:
    """A newcomer with it is refused, a member keeps the old name, and the host reads one plain line."""
    with open_room() as (server, port), RawClient(port) as ann:
        ann.join("Ann")
        with RawClient(port) as mallory:
            mallory.send(Join(1, name))
            assert mallory.await_frame(Refused).code == error_codes.BAD_NAME
        server.wait_for("refuse")
        ann.send(Rename(name))
        assert ann.await_frame(Problem).code == error_codes.BAD_NAME
    for line in server.printed:
        assert_harmless(line)


def test_such_texts_are_shown_harmlessly(tmp_path: Path) -> None:
    """In a chat's JSON and in each form of the history they are data, on lines of their own."""
    history = tmp_path / "history.sqlite"
    with open_room("Office", "--history", str(history)) as (_, port), RawClient(port) as mallory:
        mallory.join("Mallory")
        for number, text in enumerate((*TEXTS, "the end")):
            mallory.send(Say(str(number), text))
            mallory.await_frame(Message)
        listener = listening(port)
        try:
            objects = until_the_end(listener)
        finally:
            listener.kill()
            listener.communicate()
    assert_harmless(objects)
    events = [json.loads(line) for line in objects.splitlines()]
    assert sum(event["event"] == "message" for event in events) == len(TEXTS) + 1
    for form in ("text", "markdown", "json"):
        done = run("history", str(history), "--format", form)
        assert done.returncode == 0, done.stderr
        assert_harmless(done.stdout)
    assert len(done.stdout.splitlines()) == len(TEXTS) + 1


def listening(port: int) -> subprocess.Popen[str]:
    """Start a chat that receives all and sends nothing."""
    command = [sys.executable, "-m", "messango", "chat", f"127.0.0.1:{port}", "--name", "Ben", "--json"]
    listener = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    )
    assert listener.stdout
    return listener


def until_the_end(listener: subprocess.Popen[str]) -> str:
    """Return everything that it prints up to the last message."""
    assert listener.stdout
    lines = []
    for line in listener.stdout:
        lines.append(line)
        if "the end" in line:
            break
    return "".join(lines)


def test_text_from_programs_has_the_same_rules() -> None:
    """JSON escapes do not bring control characters into the room."""
    line = parse_json_line('{"text": "a\\u0000b\\u001b[2J\\ud800"}')
    assert not UNSAFE.search(str(line))
