"""`messango server` as a process: its banner, its log lines, its end."""

from __future__ import annotations

import re
import signal
import socket
from pathlib import Path

import pytest

from tests.support.program import Program, open_room, run, run_here

pytestmark = pytest.mark.program


def test_the_banner_has_what_a_host_passes_on() -> None:
    """The room, the seats, the fingerprint, and an invite link with address and fingerprint."""
    with open_room("Table 4 🥭", "--max-clients", "7") as (server, port):
        printed = "\n".join(server.printed)
        assert "Table 4 🥭" in printed
        assert re.search(r"^Seats +7$", printed, re.M)
        fingerprint = re.search(r"^Fingerprint +([0-9a-f ]+)$", printed, re.M)
        assert fingerprint is not None
        assert f"messango://127.0.0.1:{port}/?fingerprint={fingerprint[1].replace(' ', '')}" in printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_server_stops_with_a_goodbye(number: signal.Signals) -> None:
    """Ctrl-C and SIGTERM close the room with status 0, and a member gets `closed`."""
    with (
        open_room() as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json") as ann,
    ):
        ann.wait_for('"entered"')
        server.process.send_signal(number)
        ann.wait_for('"ended".*closed')
        assert server.wait_for_exit() == 0
        server.wait_for("The room is closed")


def test_the_log_has_connects_joins_leaves_and_refusals() -> None:
    """The host sees who connects, joins, leaves and is refused, with address and port."""
    with open_room("Office", "--max-clients", "1") as (server, port):
        with Program("chat", f"127.0.0.1:{port}", "--name", "Ann", "--json") as ann:
            server.wait_for(r"connect +127\.0\.0\.1:\d+ +Ann")
            server.wait_for(r"join +127\.0\.0\.1:\d+ +Ann joined \(1 of 1\)")
            ann.wait_for('"entered"')
            refused = run("chat", f"127.0.0.1:{port}", "--name", "Ben")
            assert refused.returncode == 4
            assert "full" in refused.stderr
            assert "Ann" in refused.stderr
            server.wait_for(r"refuse +127\.0\.0\.1:\d+ +Ben: .*full")
            assert ann.process.stdin is not None
            ann.process.stdin.close()
            server.wait_for(r"leave +Ann: left \(0 of 1\)")
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ben", stdin="hello\n").returncode == 0


def test_port_in_use() -> None:
    """A requested port that is taken ends with status 6 and says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        result = run("server", "--name", "x", "--host", "127.0.0.1", "--port", str(port))
    assert (result.returncode, result.stdout) == (6, "")
    assert result.stderr.startswith(f"messango: Port {port} is in use")
    assert "--port" in result.stderr


def test_a_damaged_certificate_is_reported_and_left_alone(tmp_path: Path) -> None:
    """The server does not replace a certificate that it can't read."""
    damaged = tmp_path / "certificate.pem"
    damaged.write_text("no certificate")
    result = run("server", "--name", "x", "--host", "127.0.0.1", "--port", "0")
    assert result.returncode == 1
    assert str(damaged) in result.stderr
    assert damaged.read_text() == "no certificate"


def test_one_history_file_has_one_room(tmp_path: Path) -> None:
    """A second server can't use a history file that another one has open."""
    file = str(tmp_path / "ours.sqlite")
    with open_room("Office", "--history", file) as (_, port):
        second = run("server", "--name", "Other", "--host", "127.0.0.1", "--port", "0", "--history", file)
        assert second.returncode == 1
        assert "ours.sqlite" in second.stderr
        assert run("chat", f"127.0.0.1:{port}", "--name", "Ann", stdin="hello\n").returncode == 0
    assert "hello" in run_here("history", file, "--search", "HEL").stdout


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--port", "abc"], "“abc” is not a whole number."),
        (["--port", "70000"], "70000 is not between 0 and 65,535."),
        (["--port", ""], "“” is not a whole number."),
        (["--rate-limit", "x"], "“x” is not a number."),
        (["--rate-limit", "nan"], "“nan” is not a number."),
        (["--rate-limit", "-1"], "-1 is not between 0 and 1,000,000."),
        (["--max-clients", "0"], "0 is not between 1 and 10,000."),
        (["--host", ""], "The address is empty."),
        (["--host", "fe80::1"], "needs the network interface"),
        (["--name", " "], "The name is empty."),
        (["--name", "x" * 40], "The name is too long: 40 characters."),
        (["--history", ""], "The name of the file is empty."),
        (["--history", "x", "--no-history"], "can't be used together"),
    ],
)
def test_wrong_options(options: list[str], sentence: str) -> None:
    """Status 2 and a plain sentence, before any room is open."""
    result = run("server", "--name", "x", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert sentence in result.stderr
