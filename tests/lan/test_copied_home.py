"""Messango's folder on two computers: nobody is moved into the other room, and both hosts are told."""

from __future__ import annotations

import shutil
import signal
from pathlib import Path

import pytest

from tests.lan.lan import Host, Lan, messango
from tests.lan.process import Process
from tests.lan.rooms import Member, discover, open_room

pytestmark = pytest.mark.lan

SAME_IDENTITY = "has the same identity as this one"
NOT_MOVED = "You were not moved there"


def copy_home(original: Host, copy: Host) -> None:
    """Copy the folder, as a backup or a clone of the whole machine does."""
    shutil.copytree(original.home, copy.home, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.sock"))


def close_room(server: Process) -> None:
    """Close a room, and wait until its files are free."""
    server.send_signal(signal.SIGTERM)
    assert server.wait() == 0


def on_machine(machine_file: Path, *words: str) -> list[str]:
    """Return a command that runs Messango on a computer with this machine id."""
    script = 'mount --bind "$0" /etc/machine-id && exec "$@"'
    return ["unshare", "--mount", "sh", "-c", script, str(machine_file), *messango(*words)]


def test_both_hosts_of_a_copied_folder_are_told(lan: Lan) -> None:
    """By mDNS: the same machine id does not matter. A client finds two rooms and mixes no addresses."""
    h1, h2, h3 = lan.hosts
    close_room(open_room(h1, "Tea"))
    copy_home(h1, h2)
    first, second = open_room(h1, "Tea"), open_room(h2, "Tea")
    for server, other in ((first, h2), (second, h1)):
        assert other.address in server.out.wait_for(SAME_IDENTITY).string
        assert "--identity new" in server.out.text_so_far()
    rooms = {room["host"]: room for room in discover(h3)}
    assert rooms["h1"]["id"] == rooms["h2"]["id"]
    assert h1.address in rooms["h1"]["addresses"]
    assert h2.address not in rooms["h1"]["addresses"]

    close_room(second)
    third = h2.start(messango("server", "--name", "Tea", "--identity", "new"))
    assert third.out.wait_for("have a new identity")
    rooms = {room["host"]: room for room in discover(h3)}
    assert rooms["h1"]["id"] != rooms["h2"]["id"]
    assert rooms["h1"]["fingerprint"] != rooms["h2"]["fingerprint"]


def test_a_member_is_not_moved_to_the_copy(lan: Lan) -> None:
    """When its own room is gone, the copy answers at another address: the member is told; nobody there is."""
    h1, h2, h3 = lan.hosts
    close_room(open_room(h1, "Tea"))
    copy_home(h1, h2)
    first, second = open_room(h1, "Tea"), open_room(h2, "Tea")
    member = Member(h3, "Tea", "Ann")
    assert member.entered["address"].startswith(h1.address)
    first.send_signal(signal.SIGKILL)
    interrupted = member.process.out.first(lambda line: line if NOT_MOVED in line else None)
    assert h2.address in interrupted
    member.send_message("for the first room only")
    again = open_room(h1, "Tea")
    again.out.wait_for("Ann joined")
    member.process.out.wait_for_json(event="message", text="for the first room only")
    close_room(second)
    assert "Ann" not in second.out.text_so_far()
    assert h2.run(messango("history", "Tea")).stdout == ""


def test_a_folder_on_another_machine_gets_another_identity(lan: Lan, tmp_path: Path) -> None:
    """The host is told why, and how to get the former one back; the conversation is still there."""
    h1, h2, h3 = lan.hosts
    server = open_room(h1, "Tea")
    member = Member(h3, "Tea", "Ann")
    member.send_message("hello")
    member.process.out.wait_for_json(event="message", text="hello")
    (before,) = discover(h3, "--first")
    assert member.leave() == 0
    close_room(server)
    copy_home(h1, h2)
    machine = tmp_path / "machine-id"
    machine.write_text("fedcba9876543210" * 2 + "\n")

    moved = h2.start(on_machine(machine, "server", "--name", "Tea"))
    assert "comes from another computer" in moved.out.wait_for("--identity keep").string
    (renewed,) = discover(h3, "--first")
    assert renewed["fingerprint"] != before["fingerprint"]
    assert "hello" in h2.run(messango("history", "Tea")).stdout
    refused = h3.run(messango("chat", "Tea", "--json"), stdin="")
    assert refused.returncode == 4
    assert "has changed" in refused.stdout + refused.stderr
    close_room(moved)

    kept = h2.start(on_machine(machine, "server", "--name", "Tea", "--identity", "keep"))
    kept.out.wait_for("fingerprint=")
    (after,) = discover(h3, "--first")
    assert (after["id"], after["fingerprint"]) == (before["id"], before["fingerprint"])
