"""What can be sent, and what is read of it."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from pathlib import Path

import pytest

from messango.client.files.transfer import TransferFailed
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.files.uploads.upload_source import open_source

DATA = os.urandom(700_000)


def sentence(file: OutgoingFile) -> str:
    """Return why a file can't be sent."""
    with pytest.raises(TransferFailed) as caught, open_source(file, file.name):
        pass
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize("offset", [0, 1, 262_143, 262_144, 500_000, 700_000])
def test_the_bytes_from_an_offset_and_the_digest_of_all(offset: int) -> None:
    """Whatever the room has already is hashed, but not yielded."""
    with open_source(OutgoingFile("x", data=DATA), "x") as source:
        assert source.sha256 is None
        assert b"".join(source.chunks(offset)) == DATA[offset:]
        assert source.sha256 == hashlib.sha256(DATA).hexdigest()


def test_bytes_that_are_sent_again_are_hashed_once() -> None:
    """The connection broke, and the room has fewer of them than were sent."""
    with open_source(OutgoingFile("x", data=DATA), "x") as source:
        chunks = source.chunks(0)
        next(chunks)
        next(chunks)
        assert b"".join(source.chunks(100_000)) == DATA[100_000:]
        assert source.sha256 == hashlib.sha256(DATA).hexdigest()
        assert b"".join(source.chunks(0)) == DATA


def test_an_empty_file_has_a_digest() -> None:
    """There is nothing to send of it."""
    with open_source(OutgoingFile("x"), "x") as source:
        assert [*source.chunks(0)] == []
        assert source.sha256 == hashlib.sha256(b"").hexdigest()


def test_a_folder(tmp_path: Path) -> None:
    """The hint says what works instead."""
    assert "is a folder" in sentence(OutgoingFile("photos", tmp_path))


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody may ever write to it."""
    os.mkfifo(tmp_path / "pipe")
    assert "is not a file" in sentence(OutgoingFile("pipe", tmp_path / "pipe"))


def test_a_device_is_not_opened() -> None:
    """Opening one can do something, as rewinding a tape."""
    assert "is not a file" in sentence(OutgoingFile("zero", Path("/dev/zero")))


def test_a_socket(tmp_path: Path) -> None:
    """It is in the folder like a file."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
        assert "is not a file" in sentence(OutgoingFile("socket", tmp_path / "socket"))


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    """Between choosing and sending."""
    assert "is not there" in sentence(OutgoingFile("x", tmp_path / "x"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    """The system's reason is in it."""
    (tmp_path / "x").touch(mode=0)
    assert "can't be read (Permission denied)" in sentence(OutgoingFile("x", tmp_path / "x"))


def test_paths_that_no_system_has() -> None:
    """They come from what somebody has pasted."""
    assert "can't be read" in sentence(OutgoingFile("x", Path("a\0b")))
    assert "can't be read" in sentence(OutgoingFile("x", Path("a" * 5_000)))


@pytest.mark.parametrize("name", ["", "  "])
def test_a_file_without_a_name(name: str) -> None:
    """It could not be told from others."""
    assert sentence(OutgoingFile(name, data=b"x")) == "A file needs a name."


@pytest.mark.parametrize("change", [b"longer", b""])
def test_a_file_that_changes(tmp_path: Path, change: bytes) -> None:
    """Longer or shorter than it was."""
    path = tmp_path / "x"
    path.write_bytes(DATA)
    with open_source(OutgoingFile("x", path), "x") as source:
        chunks = source.chunks(0)
        next(chunks)
        if change:
            with path.open("ab") as file:
                file.write(change)
        else:
            os.truncate(path, 300_000)

        def read_on() -> None:
            assert [*chunks]
            source.require_unchanged()

        with pytest.raises(TransferFailed, match="changed while it was being sent"):
            read_on()


def test_a_replaced_file_is_sent_as_it_was(tmp_path: Path) -> None:
    """Editors write a new one and rename it."""
    path, new = tmp_path / "x", tmp_path / "new"
    path.write_bytes(DATA)
    new.write_bytes(b"new")
    with open_source(OutgoingFile("x", path), "x") as source:
        new.replace(path)
        assert b"".join(source.chunks(0)) == DATA
        source.require_unchanged()


def jpeg() -> bytes:
    """Return a picture with EXIF data, 40 x 30."""
    image = pytest.importorskip("PIL.Image")
    exif = image.Exif()
    exif[0x010F] = "Secret Camera"
    written = io.BytesIO()
    image.new("RGB", (40, 30), "red").save(written, "JPEG", exif=exif)
    return written.getvalue()


def test_a_picture_loses_its_camera(tmp_path: Path) -> None:
    """Its size is read, and the file that the person has stays as it is."""
    data = jpeg()
    path = tmp_path / "photo.jpg"
    path.write_bytes(data)
    with open_source(OutgoingFile("photo.jpg", path), "photo.jpg") as source:
        sent = b"".join(source.chunks(0))
        assert (source.size, source.width, source.height, source.is_original) == (len(sent), 40, 30, False)
    assert b"Secret Camera" in data
    assert b"Secret Camera" not in sent
    assert path.read_bytes() == data


def test_metadata_stay_if_the_sender_says_so() -> None:
    """Byte by byte."""
    data = jpeg()
    with open_source(OutgoingFile("photo.jpg", data=data, keep_metadata=True), "photo.jpg") as source:
        assert b"".join(source.chunks(0)) == data
        assert (source.width, source.height, source.is_original) == (40, 30, True)
