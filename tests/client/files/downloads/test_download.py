"""Downloads, from a room that a test plays over real connections."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from messango.client.events import FileProgress
from messango.client.files import stall_watch
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Data, Get, Go, Stored
from messango.protocol.frames import FileInfo, Problem, Share
from tests.client.files.room import FileRoom

DATA = os.urandom(300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
FILE = FileInfo("f1", "notes.txt", len(DATA), SHA256)


def parts(folder: Path) -> list[Path]:
    """Return the unfinished files in the folder."""
    return sorted(folder.glob("*.part"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "downloads"


def test_a_file_is_checked_and_then_named(folder: Path) -> None:
    """Before that it is another one, which only its owner can read."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        assert peer.get() == Get("secret", "f1", 0)
        peer.send(Data(len(DATA), 0, SHA256), DATA[:200_000])
        room.session.await_event(FileProgress, lambda event: event.done > 0)
        (part,) = parts(folder)
        assert stat.S_IMODE(part.stat().st_mode) == 0o600
        peer.send_bytes(DATA[200_000:])
        saved = room.saved(transfer_id)
        assert (saved.path, saved.name, saved.size, saved.file) == (
            folder / "notes.txt",
            "notes.txt",
            len(DATA),
            "f1",
        )
        assert saved.path.read_bytes() == DATA
        new = folder / "new"
        new.touch()
        assert saved.path.stat().st_mode == new.stat().st_mode
        assert parts(folder) == []


def test_a_broken_download_goes_on_at_the_byte(folder: Path) -> None:
    """Over as many connections as it takes."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        offset = 0
        for end in (100_001, 100_002, len(DATA)):
            peer = room.accept_file()
            assert peer.get().offset == offset
            peer.send(Data(len(DATA), offset, SHA256), DATA[offset:end])
            peer.connection.shutdown()
            offset = end
        assert room.saved(transfer_id).path.read_bytes() == DATA


def test_a_download_goes_on_in_the_next_session(folder: Path) -> None:
    """Of the same room, also in another process: the list of what broke off is in a file."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA[:123_456])
        room.session.await_event(FileProgress, lambda event: event.done == 123_456)
        room.client.leave()
        failed = room.failed(transfer_id)
        assert (failed.cancelled, "You left the room" in failed.reason) == (True, True)
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        assert peer.get().offset == 123_456
        peer.send(Data(len(DATA), 123_456, SHA256), DATA[123_456:])
        assert room.saved(transfer_id).path.read_bytes() == DATA
        assert parts(folder) == []


def test_bytes_that_a_power_cut_has_spoiled_are_fetched_again(folder: Path) -> None:
    """From the beginning, once."""
    with FileRoom() as room:
        room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA[:1_000])
        room.session.await_event(FileProgress, lambda event: event.done == 1_000)
    (part,) = parts(folder)
    part.write_bytes(bytes(1_000))
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 1_000, SHA256), DATA[1_000:])
        again = room.accept_file()
        assert again.get().offset == 0
        again.send(Data(len(DATA), 0, SHA256), DATA)
        assert room.saved(transfer_id).path.read_bytes() == DATA


def test_a_damaged_file_is_not_kept(folder: Path) -> None:
    """Nobody sees it under its name."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), bytes(len(DATA)))
        failed = room.failed(transfer_id)
        assert (failed.code, failed.upload) == (error_codes.WRONG_DIGEST, False)
        assert [*folder.iterdir()] == []


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        (Data(len(DATA) + 1, 0, SHA256), b""),
        (Data(len(DATA), 0, "0" * 64), b""),
        (Data(len(DATA), 5, SHA256), b""),
        (Data(len(DATA), 0, SHA256), DATA + b"x"),
        (Data(2**53, 0, SHA256), b""),
        (Go(0), b""),
        (Stored(FILE), b""),
    ],
)
def test_a_room_that_sends_something_else(folder: Path, answer: Data | Go | Stored, data: bytes) -> None:
    """Another file, more bytes than the message has said, or nonsense: a sentence, and nothing is kept."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(answer, data)
        assert room.failed(transfer_id).reason
        assert [*folder.iterdir()] == []


def test_what_the_room_refuses(folder: Path) -> None:
    """In its own words."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Problem(error_codes.UNKNOWN_ENTRY, "It is gone.", "Ask its sender."))
        failed = room.failed(transfer_id)
        assert (failed.reason, failed.hint) == ("It is gone.", "Ask its sender.")
        assert failed.code == error_codes.UNKNOWN_ENTRY


def test_a_cancelled_download_leaves_nothing(folder: Path) -> None:
    """Although the room is silent at that moment."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA[:5])
        room.session.await_event(FileProgress, lambda event: event.done > 0)
        room.client.cancel_transfer(transfer_id)
        failed = room.failed(transfer_id)
        assert (failed.cancelled, failed.reason) == (True, "You stopped downloading “notes.txt”.")
        assert peer.connection.receive(60) == b""
    assert [*folder.iterdir()] == []


def test_names_are_made_safe_again(folder: Path) -> None:
    """Whoever calls: a name is never a path."""
    file = FileInfo("f1", "../../.ssh/autho\u202erized", 0, hashlib.sha256(b"").hexdigest())
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(file, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(0, 0, file.sha256))
        assert room.saved(transfer_id).path == folder / "authorized"


def test_another_file_of_that_name_stays(folder: Path) -> None:
    """Also a link that leads nowhere."""
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / "notes (2).txt").symlink_to(folder / "elsewhere")
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA)
        assert room.saved(transfer_id).path == folder / "notes (3).txt"
        assert (folder / "notes.txt").read_text() == "mine"
        assert not (folder / "elsewhere").exists()


def test_a_path_is_replaced_as_a_whole(folder: Path) -> None:
    """The person has chosen it; what was there stays until the new file is complete."""
    folder.mkdir()
    path = folder / "mine.txt"
    path.write_text("old")
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, path=path)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA[:5])
        room.session.await_event(FileProgress, lambda event: event.done > 0)
        assert path.read_text() == "old"
        peer.send_bytes(DATA[5:])
        assert room.saved(transfer_id).path == path
        assert path.read_bytes() == DATA


def test_what_is_here_already_is_copied(folder: Path, tmp_path: Path) -> None:
    """Our own upload, and what was fetched before; nothing comes over the network."""
    mine = tmp_path / "notes.txt"
    mine.write_bytes(DATA)
    with FileRoom() as room:
        room.client.share_file(OutgoingFile("notes.txt", mine))
        peer = room.accept_file()
        peer.put()
        peer.send(Go(0))
        peer.read(len(DATA))
        peer.sum()
        peer.send(Stored(FILE))
        room.announce(room.talk.await_frame(Share), FILE)
        first = room.saved(room.client.fetch_file(FILE, folder)).path
        mine.unlink()
        second = room.saved(room.client.fetch_file(FILE, folder)).path
        assert first.read_bytes() == second.read_bytes() == DATA
        assert second.name == "notes (2).txt"


def test_a_changed_copy_is_not_used(folder: Path) -> None:
    """What has the right size, but other bytes, is fetched from the room."""
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        for number in range(2):
            peer = room.accept_file()
            assert peer.get().offset == 0
            peer.send(Data(len(DATA), 0, SHA256), DATA)
            saved = room.saved(transfer_id).path
            assert saved.read_bytes() == DATA
            if number == 0:
                saved.write_bytes(bytes(len(DATA)))
                transfer_id = room.client.fetch_file(FILE, folder)


def test_a_full_disk_is_a_sentence(folder: Path) -> None:
    """Before anything is asked for."""
    huge = FileInfo("f1", "huge.bin", 2**53, SHA256)
    with FileRoom() as room:
        failed = room.failed(room.client.fetch_file(huge, folder))
        assert failed.reason.startswith("The disk has no space for “huge.bin” (9")
        assert [*folder.iterdir()] == []


def test_a_folder_that_can_not_be(tmp_path: Path) -> None:
    """A file is in its place."""
    (tmp_path / "file").touch()
    with FileRoom() as room:
        failed = room.failed(room.client.fetch_file(FILE, tmp_path / "file"))
        assert "can't be saved" in failed.reason
        failed = room.failed(room.client.fetch_file(FILE, path=tmp_path))
        assert "is a folder there" in failed.reason


def test_bytes_that_drip_are_a_stall(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that sends a byte now and then is asked again on another connection, from that byte on."""
    monkeypatch.setattr(stall_watch, "TRANSFER_STALL_S", 0.5)
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA[:1])
        again = room.accept_file()
        assert again.get().offset == 1
        again.send(Data(len(DATA), 1, SHA256), DATA[1:])
        room.saved(transfer_id)


def test_without_hard_links_no_file_is_replaced_either(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a USB stick."""

    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with FileRoom() as room:
        transfer_id = room.client.fetch_file(FILE, folder)
        peer = room.accept_file()
        peer.get()
        peer.send(Data(len(DATA), 0, SHA256), DATA)
        assert room.saved(transfer_id).path.read_bytes() == DATA
        assert (folder / "notes.txt").read_text() == "mine"
