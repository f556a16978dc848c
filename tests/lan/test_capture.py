"""An eavesdropper with tcpdump, and what he can read of a room."""

from __future__ import annotations

import base64
import shutil
import signal
import sys
from pathlib import Path

import pytest

from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, open_room

pytestmark = [
    pytest.mark.lan,
    pytest.mark.skipif(shutil.which("tcpdump") is None, reason="tcpdump is not there."),
]

ROOM = "Vault of the bank"
PASSWORD = "xyzzy-open-sesame"  # noqa: S105 (of a room that lives for a second)
WRONG = "xyzzy-open-barley"
ANN, BEN = "Annabella", "Benedictus"
TEXT = "rendezvous-at-noon 🥭"

#: The original client in a few words.
PLAIN = f"""
import socket, sys
with socket.create_connection((sys.argv[1], 8000)) as room:
    room.sendall(b"joined:{ANN}\\n{ANN}: rendezvous-at-noon")
    room.shutdown(socket.SHUT_WR)
    while room.recv(256):
        pass
"""


class Capture:
    """tcpdump on a host's cable, writing everything into a file."""

    def __init__(self, host: Host, file: Path) -> None:
        self._file = file
        self._tcpdump: Process = host.start(
            ["tcpdump", "-Z", "root", "-i", "eth0", "--immediate-mode", "-U", "-w", str(file)]
        )
        self._tcpdump.err.wait_for("listening on")

    def stop(self) -> bytes:
        """Stop, and return all captured bytes."""
        self._tcpdump.send_signal(signal.SIGINT)
        self._tcpdump.wait()
        return self._file.read_bytes()


def file_with(folder: Path, password: str) -> str:
    """Return the path of a file that contains a password."""
    path = folder / password[-6:]
    path.write_text(password, encoding="utf-8")
    path.chmod(0o600)
    return str(path)


def found_in_clear(capture: bytes, secrets: list[str]) -> list[str]:
    """Return the secrets that appear in the captured bytes, as they are or in base64."""
    found = []
    for secret in secrets:
        data = secret.encode()
        # The ends of base64 depend on the bytes beside it; at one of three offsets the middle does not.
        coded = [base64.b64encode(b"x" * at + data)[4:-4] for at in range(3)]
        if data in capture or any(piece in capture for piece in coded):
            found.append(secret)
    return found


def test_a_room_with_a_password_can_not_be_read(lan: Lan, tmp_path: Path) -> None:
    """Neither messages, nor names, nor the password: only the mDNS announcement, and lengths."""
    h1, h2, h3 = lan.hosts
    capture = Capture(h1, tmp_path / "capture.pcap")
    right = file_with(tmp_path, PASSWORD)
    open_room(h1, ROOM, "--password-file", right)
    ann = Member(h2, ROOM, ANN, "--password-file", right)
    ben = Member(h3, h1.address, BEN, "--password-file", right)
    ann.send_message(TEXT)
    assert ben.await_event(event="message")["text"] == TEXT
    for options in ([], ["--password-file", file_with(tmp_path, WRONG)]):
        assert h3.run(messango("chat", ROOM, "--name", "Eve", *options), stdin="hello\n").returncode == 4
    assert (ann.leave(), ben.leave()) == (0, 0)
    captured = capture.stop()
    # The capture works: it has the announcement with the room's name, and packets of the chat.
    assert ROOM.encode() in captured
    assert captured.count((8000).to_bytes(2, "big")) > 50
    assert found_in_clear(captured, [PASSWORD, WRONG, ANN, BEN, TEXT, TEXT[:18]]) == []


def test_a_room_without_encryption_can_be_read(lan: Lan, tmp_path: Path) -> None:
    """So the test above would detect a leak: with the original client everything is readable."""
    h1, h2, _ = lan.hosts
    capture = Capture(h1, tmp_path / "capture.pcap")
    open_room(h1, ROOM, "--allow-plaintext")
    assert h2.run([sys.executable, "-c", PLAIN, h1.address]).returncode == 0
    assert found_in_clear(capture.stop(), [ANN, "rendezvous-at-noon"]) == [ANN, "rendezvous-at-noon"]
