"""Two servers of one room as a host starts them: the first with the engine, the second with its file."""

from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path

import pytest

from messango.link.link_file import read_link_file
from messango.storage import home
from tests.support.program import Program, open_room, run, run_here

pytestmark = [pytest.mark.engine, pytest.mark.program]


def engine_pid() -> int:
    """Return the process of the only engine of this home folder."""
    return int(next(home().glob("links/*/engine.lock")).read_text())


def test_two_servers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is said at the second is read at the first; both hosts see the link, and the doctor the engine."""
    monkeypatch.chdir(tmp_path)
    with open_room("Hall", "--link-host") as (first, first_port):
        first.wait_for(rf"The key to this linked room was written to {re.escape(str(tmp_path))}/Hall\.link")
        assert read_link_file(tmp_path / "Hall.link").name == "Hall"
        with Program("chat", f"127.0.0.1:{first_port}", "--name", "Ben", "--json") as ben:
            ben.wait_for('"entered"')
            monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "second"))
            with Program(
                "server", "--link", "Hall.link", "--host", "127.0.0.1", "--port", "0", "--no-advertise"
            ) as second:
                port = int(second.wait_for(r"^Address +127\.0\.0\.1:(\d+)$")[1])
                done = run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="hello\n")
                assert done.returncode == 0, done.stderr
                ben.wait_for('"hello"')
                link = json.loads(run_here("host", "link", "--json").stdout)["link"]
                assert link["up"]
                assert len(link["servers"]) == 2
                assert re.fullmatch(r"\d+\.\d+\.\d+", link["engine"]["version"])
                found = json.loads(run_here("doctor", "Hall.link", "--json").stdout)
                assert "ok" in [each["level"] for each in found]


def test_the_engine_goes_with_its_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked or killed; and the next server continues the room with the same file."""
    monkeypatch.chdir(tmp_path)
    with open_room("Hall", "--link-host") as (server, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="one\n").returncode == 0
        pid = engine_pid()
        server.process.send_signal(signal.SIGTERM)
        assert server.wait_for_exit() == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    before = (tmp_path / "Hall.link").read_bytes()
    with open_room("Hall", "--link-host") as (server, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="two\n").returncode == 0
        server.process.kill()
        server.process.wait()
    with open_room("Hall", "--link-host") as (server, port):
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="three\n").returncode == 0
    assert (tmp_path / "Hall.link").read_bytes() == before
    assert re.findall(r"(?<=Ann: )\w+", run_here("history", "Hall").stdout) == ["one", "two", "three"]
