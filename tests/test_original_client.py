"""The original client and a new client in the room of a server process."""

from __future__ import annotations

import itertools
import json
import socket
from pathlib import Path

import pytest

from messango.protocol.frames import Message
from tests.support.original_client import OriginalClient
from tests.support.program import Program, open_room, run
from tests.support.raw_client import RawClient

pytestmark = pytest.mark.program


def test_the_original_client_chats_with_a_new_client() -> None:
    """In both directions; host and members see that it does not encrypt."""
    with (
        open_room("Office", "--allow-plaintext") as (server, port),
        Program("chat", f"127.0.0.1:{port}", "--name", "Bob", "--json") as bob,
    ):
        bob.wait_for('"event": "entered"')
        with OriginalClient(port, "Ann") as ann:
            joined = json.loads(bob.wait_for('"event": "joined"').string)
            assert (joined["name"], joined["encrypted"], joined["host"]) == ("Ann", False, False)
            server.wait_for(r"join .* Ann joined, not encrypted \(2 of 5\)")
            ann.send_line("hello, grüß 🥭")
            received = json.loads(bob.wait_for('"event": "message"').string)
            assert (received["name"], received["text"]) == ("Ann", "hello, grüß 🥭")
            assert bob.process.stdin is not None
            bob.process.stdin.write(json.dumps({"text": "hello\nAnn: yourself"}) + "\n")
            bob.process.stdin.flush()
            screen = ann.await_text("Ann: yourself\n")
            assert screen.endswith("Bob: hello\n    Ann: yourself\n")
            assert "\n\n" not in screen
        left = json.loads(bob.wait_for('"event": "left"').string)
        assert (left["name"], left["reason"]) == ("Ann", "left")
        server.wait_for(r"leave .* Ann")


def test_the_original_client_gets_messages_of_a_pipe() -> None:
    """And a new client that joins later gets its messages from the history."""
    with open_room("Office", "--allow-plaintext") as (_, port), OriginalClient(port, "Ann") as ann:
        ann.await_text("nobody else is here yet")
        ann.send_line("first")
        with RawClient(port) as witness:
            witness.join("Cy")
            assert witness.await_frame(Message).text == "first"
        done = run("chat", f"127.0.0.1:{port}", "--name", "build", stdin="one\ntwo\n")
        assert done.returncode == 0
        screen = ann.await_text("* build left\n")
        assert "build has joined\n" in screen
        assert screen.endswith("build: one\nbuild: two\n* build left\n")


def test_members_without_the_feature_read_a_line(tmp_path: Path) -> None:
    """The original client, and a client in plain text that speaks our protocol; the name controls nothing."""
    (tmp_path / "holiday.jpg").write_bytes(b"x" * 2_100_000)
    (tmp_path / "a\x1b[31m.txt").write_bytes(b"x")
    with (
        open_room("Office", "--allow-plaintext") as (_, port),
        OriginalClient(port, "Ann") as ann,
        socket.create_connection(("127.0.0.1", port)) as plain,
    ):
        ann.await_text("nobody else is here yet")
        plain.sendall(b'{"type": "join", "protocol": 1, "name": "Cy"}\n')
        ann.await_text("Cy")
        for name in ("holiday.jpg", "a\x1b[31m.txt"):
            sent = run("send", f"127.0.0.1:{port}", "--name", "Bob", "--file", str(tmp_path / name))
            assert sent.returncode == 0
        screen = ann.await_text("Bob: [file] a[31m.txt (1 byte)\n")
        assert "Bob: [file] holiday.jpg (2.1 MB)\n" in screen
        assert "\x1b" not in screen
        with plain.makefile(encoding="utf-8") as lines:
            frames = (json.loads(line) for line in lines)
            texts = [frame["text"] for frame in itertools.islice((f for f in frames if "file" in f), 2)]
    assert texts == ["[file] holiday.jpg (2.1 MB)", "[file] a[31m.txt (1 byte)"]


def test_its_user_takes_twenty_seconds_to_join() -> None:
    """Its window connects when it opens; afterwards it is a member like others."""
    with (
        open_room("Office", "--allow-plaintext") as (server, port),
        OriginalClient(port, "Ann", joins=False) as ann,
    ):
        for _ in range(2):
            # A client that has begun to join is refused after ten seconds: twice that is twenty.
            with OriginalClient(port, "", joins=False) as slow:
                slow.socket.sendall(b"joi")
                assert slow.await_end().startswith("* You have not joined within 10 seconds.")
        ann.join()
        ann.await_text("You are in “Office” as Ann")
        server.wait_for(r"join .* Ann joined, not encrypted")
        with RawClient(port) as bob:
            bob.join("Bob")
            ann.send_line("hello")
            assert bob.await_frame(Message).text == "hello"


def test_without_allow_plaintext_it_gets_one_line() -> None:
    """A readable line with the reason; the host sees the refusal."""
    with open_room() as (server, port), OriginalClient(port, "Ann") as ann:
        screen = ann.await_end()
        assert "encrypted" in screen
        assert screen.count("\n") == 1
        server.wait_for(r"refuse +127\.0\.0\.1:\d+  does not encrypt")
