"""A history that lost messages, or is a backup: only what it has as deleted takes its file along."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messango.protocol.frames import Delete, Deleted, Message, Say
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import SharedFile
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from tests.server.files.stores import BEN, DAY_S, KEPT_S, StoreHarness
from tests.server.files.test_files_of_a_room import read, share, upload
from tests.support.raw_client import RawClient


def opened(history: Path) -> Server:
    """Open a room with this history."""
    server = Server(ServerOptions("Tea", "127.0.0.1", 0, history=history))
    server.open()
    return server


def test_files_of_messages_that_are_lost_stay_for_their_time(harness: StoreHarness) -> None:
    """The history may be damaged, or gone: members who have the messages still get the files."""
    lost = harness.share(harness.upload(b"lost"), 5)
    deleted = harness.share(harness.upload(b"deleted", "u2"), 6)
    for _ in range(2):
        harness.reopen([], lost=[5])
        assert harness.read(lost.file.id) == b"lost"
        with pytest.raises(FileRefused):
            harness.read(deleted.file.id)
    assert [file.id for file in harness.store.listing().files] == [lost.file.id]
    harness.now_s += KEPT_S
    assert harness.on_disk() == []


def test_a_history_that_comes_back_finds_its_files(harness: StoreHarness) -> None:
    """Afterwards they go with their messages again."""
    lost = harness.share(harness.upload(b"lost"), 5)
    harness.reopen([], lost=[5])
    harness.reopen([lost])
    harness.store.remove_share(5)
    assert harness.on_disk() == []


def test_a_message_that_was_deleted_in_the_history_that_came_back(harness: StoreHarness) -> None:
    harness.share(harness.upload(b"lost"), 5)
    harness.reopen([], lost=[5])
    harness.reopen([])
    assert harness.on_disk() == []


def test_numbers_that_a_backup_gives_again(harness: StoreHarness) -> None:
    """The deletion of a new message takes no file of an old one of its number, nor the other way around."""
    for run in range(3):
        harness.share(harness.upload(b"lost %d" % run, f"u{run}"), 5)
        harness.now_s += 1
        harness.reopen([], lost=[5])
    assert len(harness.on_disk()) == 3
    new = harness.share(harness.upload(b"new", uploader=BEN), 5, "ben")
    harness.store.remove_share(5)
    with pytest.raises(FileRefused):
        harness.read(new.file.id)
    assert len(harness.on_disk()) == 3
    harness.now_s += KEPT_S
    assert harness.on_disk() == []


def test_another_message_of_the_same_number_is_not_the_share(harness: StoreHarness) -> None:
    """Neither one without a file, nor a deleted one of another time."""
    lost = harness.share(harness.upload(b"lost"), 5)
    harness.now_s += 10
    harness.announced[5] = SharedFile(5, "ben", "Ben", harness.now_s - 1, lost.file)
    harness.reopen([])
    assert harness.read(lost.file.id) == b"lost"


def test_a_number_that_is_shared_again_in_the_same_run(harness: StoreHarness) -> None:
    """If the history could not be read at the start, the room knows no better; it never fails."""
    first = harness.share(harness.upload(b"first"), 5)
    second = harness.share(harness.upload(b"second", "u2"), 5)
    harness.store.remove(first.file.id)
    assert harness.read(second.file.id) == b"second"
    harness.store.remove_share(5)
    assert harness.on_disk() == []


def test_a_deleted_message_from_the_future(harness: StoreHarness) -> None:
    """The clock was set back meanwhile, and with it the times in the records."""
    harness.share(harness.upload(b"hello"), 5)
    harness.now_s -= 3 * DAY_S
    harness.reopen([])
    assert harness.on_disk() == []


@pytest.mark.parametrize("harm", ["delete", "empty", "roll back"])
def test_a_real_history_that_is_lost(tmp_path: Path, harm: str) -> None:
    """Whatever happened to it, the file is there, and stays when new messages get and lose its number."""
    history = tmp_path / "room.sqlite"
    with closing(opened(history)) as server, RawClient(server.port) as ann:
        file = upload(server, ann.join("Ann").member)
        seq = share(ann, file).seq
    if harm == "roll back":
        with closing(sqlite3.connect(history, isolation_level=None)) as database:
            database.execute("DELETE FROM message")
    else:
        history.unlink()
    if harm == "empty":
        history.write_bytes(b"")
    with closing(opened(history)) as server, RawClient(server.port) as ann:
        ann.join("Ann")
        assert read(server, file) == b"hello"
        ann.send(Say("1", "a new message"))
        new = ann.await_frame(Message).seq
        assert new == seq
        ann.send(Delete("2", new))
        ann.await_frame(Deleted)
    with closing(opened(history)) as server:
        assert read(server, file) == b"hello"


def test_a_history_that_can_not_be_used_for_a_moment(tmp_path: Path) -> None:
    """Another program has locked it when the room opens: files are there, and those shared now stay."""
    history = tmp_path / "room.sqlite"
    with closing(opened(history)) as server, RawClient(server.port) as ann:
        welcome = ann.join("Ann")
        before = upload(server, welcome.member)
        share(ann, before)
    with closing(sqlite3.connect(history, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        server = opened(history)
        other.execute("ROLLBACK")
    with closing(server), RawClient(server.port) as ann:
        assert not server.room_info().history
        assert read(server, before) == b"hello"
        during = upload(server, ann.join("Ann").member, b"during")
        share(ann, during)
    with closing(opened(history)) as server:
        assert read(server, before) == b"hello"
        assert read(server, during) == b"during"
