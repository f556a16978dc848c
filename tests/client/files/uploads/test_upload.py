"""Uploads, to a room that a test plays over real connections."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from messango.client.connection import backoff
from messango.client.events import FileProgress, MessageReceived
from messango.client.files.file_connection import FileConnection
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.protocol import error_codes
from messango.protocol.alpn import FILE_PROTOCOL
from messango.protocol.files.transfer_frames import Cancelled, Go, Put, Stored
from messango.protocol.frames import FileInfo, Problem, Share
from tests.client.files.room import FileRoom
from tests.support.raw_file_peer import RawFilePeer
from tests.support.raw_server import ROOM_INFO

DATA = os.urandom(300_000)
SHA256 = hashlib.sha256(DATA).hexdigest()
FILE = FileInfo("f1", "notes.txt", len(DATA), SHA256)


def receive_all(peer: RawFilePeer, put: Put, offset: int = 0) -> bytes:
    """Take all bytes of an upload, and store it."""
    peer.send(Go(offset))
    data = peer.read(put.size - offset)
    if put.sha256 is None:
        assert peer.sum().sha256 == SHA256
    peer.send(Stored(FILE))
    return data


def test_a_file_is_sent_and_then_shared() -> None:
    """The bytes come with their digest, and the message has the transfer's id."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA), "look", reply_to=3)
        peer = room.accept_file()
        assert peer.connection.alpn_protocol == FILE_PROTOCOL
        put = peer.put()
        assert put == Put("secret", transfer_id, "notes.txt", len(DATA))
        assert receive_all(peer, put) == DATA
        share = room.talk.await_frame(Share)
        assert share == Share(transfer_id, "f1", "look", 3)
        room.announce(share, FILE)
        message = room.session.await_event(MessageReceived)
        assert (message.id, message.own, message.file) == (transfer_id, True, FILE)
        progress = [event for event in room.session.skipped if isinstance(event, FileProgress)]
        assert progress[-1] == FileProgress(transfer_id, "notes.txt", len(DATA), len(DATA), upload=True)


def test_a_broken_upload_goes_on_at_the_byte() -> None:
    """With the same id, and only what is missing."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send(Go(0))
        begun = peer.read(100_001)
        peer.hang_up()
        again = room.accept_file()
        put = again.put()
        assert put.upload == transfer_id
        assert begun + receive_all(again, put, 100_001) == DATA
        room.talk.await_frame(Share)


def upload_without_answer(room: FileRoom) -> RawFilePeer:
    """Take a whole upload, and break before the answer; return the connection that asks again."""
    room.client.share_file(OutgoingFile("notes.txt", data=DATA))
    peer = room.accept_file()
    peer.put()
    peer.send(Go(0))
    peer.read(len(DATA))
    peer.sum()
    peer.hang_up()
    again = room.accept_file()
    assert again.put().sha256 == SHA256
    return again


def test_an_upload_that_is_stored_is_not_sent_again() -> None:
    """If only the answer was lost: the digest is known by then."""
    with FileRoom() as room:
        again = upload_without_answer(room)
        again.send(Stored(FILE))
        room.talk.await_frame(Share)


def test_a_share_is_asked_for_again_after_a_break() -> None:
    """By the same session, with the same id; the file is not sent again."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        receive_all(peer, peer.put())
        first = room.talk.await_frame(Share)
        room.talk.connection.close()
        room.join()
        second = room.talk.await_frame(Share)
        assert first == second == Share(transfer_id, "f1")


def test_a_room_that_has_forgotten_us_gets_the_file_again() -> None:
    """As after a restart without a history: its uploads are gone too."""
    with FileRoom() as room:
        room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        receive_all(peer, peer.put())
        room.talk.await_frame(Share)
        room.talk.connection.close()
        room.join(session="another", member="m2")
        again = room.accept_file()
        put = again.put()
        assert put.session == "another"
        assert receive_all(again, put) == DATA
        share = room.talk.await_frame(Share)
        room.announce(share, FILE, "m2")
        room.session.await_event(MessageReceived, lambda event: event.own)


def test_a_refused_share_fails_with_the_name() -> None:
    """In the room's words, on one line."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        receive_all(peer, peer.put())
        room.talk.await_frame(Share)
        room.talk.send(Problem(error_codes.STORE_FULL, "No\nspace.", "Wait.", transfer_id))
        failed = room.failed(transfer_id)
        assert (failed.name, failed.reason, failed.hint) == ("notes.txt", "No space.", "Wait.")
        assert (failed.code, failed.upload, failed.cancelled) == (error_codes.STORE_FULL, True, False)


@pytest.mark.parametrize("code", [error_codes.TOO_LARGE, error_codes.STORE_FULL, error_codes.NO_FILES])
def test_what_the_room_refuses_is_not_tried_again(code: str) -> None:
    """Its words are cleaned, as every room's."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send(Problem(code, "It is \x1b[31mtoo\nlarge.", "Send less."))
        failed = room.failed(transfer_id)
        assert (failed.reason, failed.hint, failed.code) == ("It is too large.", "Send less.", code)


def test_a_refusal_in_the_middle_is_heard() -> None:
    """Although the client is still sending, and the room then hangs up."""
    data = os.urandom(20_000_000)
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("big", data=data))
        peer = room.accept_file()
        peer.put()
        peer.send(Go(0))
        peer.read(1_000_000)
        peer.send(Problem(error_codes.STORE_FULL, "The disk is full.", "Wait."))
        peer.connection.shutdown()
        assert room.failed(transfer_id).reason == "The disk is full."


def test_a_busy_room_is_asked_again() -> None:
    """The person reads that the file waits."""
    with FileRoom() as room:
        room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        for _ in range(2):
            peer = room.accept_file()
            peer.put()
            peer.send(Problem(error_codes.BUSY, "Busy.", ""))
        room.session.await_event(FileProgress, lambda event: event.waiting)
        peer = room.accept_file()
        receive_all(peer, peer.put())
        room.talk.await_frame(Share)


def test_a_room_that_fails_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Is believed in the end."""
    monkeypatch.setattr(backoff, "_STEPS_S", (0.0,))
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        for _ in range(6):
            peer = room.accept_file()
            peer.put()
            peer.send(Problem(error_codes.FAULT, "The disk is broken.", ""))
        assert room.failed(transfer_id).reason == "The disk is broken."


def test_a_wrong_digest_is_tried_once_more() -> None:
    """From the beginning; the second time it is the file that changes."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        for _ in range(2):
            peer = room.accept_file()
            put = peer.put()
            assert put.sha256 is None
            peer.send(Go(0))
            assert peer.read(len(DATA)) == DATA
            peer.sum()
            peer.send(Problem(error_codes.WRONG_DIGEST, "Damaged.", ""))
        assert "changed while it was being sent" in room.failed(transfer_id).reason


def test_a_room_without_files_is_not_asked() -> None:
    """The sentence says whom to ask instead."""
    with FileRoom(ROOM_INFO) as room:
        failed = room.failed(room.client.share_file(OutgoingFile("notes.txt", data=DATA)))
        assert failed.code == error_codes.NO_FILES
        assert "takes no files" in failed.reason
        assert "host" in failed.hint


@pytest.mark.parametrize(
    "answer",
    [
        Go(len(DATA) + 1),
        Cancelled(),
        Stored(FileInfo("f1", "notes.txt", 5, SHA256)),
        Stored(FileInfo("", "notes.txt", len(DATA), SHA256)),
    ],
)
def test_a_room_that_makes_no_sense(answer: Go | Cancelled | Stored) -> None:
    """An offset behind the end, another answer, or another file."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send(answer)
        assert room.failed(transfer_id).code == error_codes.PROTOCOL


@pytest.mark.parametrize("line", [b"hello\n", b"x" * 5_000, b'{"type":"go","offset":-1}\n'])
def test_a_first_line_that_is_none(line: bytes) -> None:
    """Bounded, and a sentence."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send_bytes(line)
        assert "makes no sense" in room.failed(transfer_id).reason


def test_a_cancelled_upload_is_dropped_by_the_room() -> None:
    """At once for the person, and the room is told."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        peer.put()
        peer.send(Go(0))
        peer.read(1_000)
        room.client.cancel_transfer(transfer_id)
        failed = room.failed(transfer_id)
        assert (failed.cancelled, failed.reason) == (True, "You stopped sending “notes.txt”.")
        goodbye = room.accept_file()
        assert goodbye.cancel().upload == transfer_id
        goodbye.send(Cancelled())


def test_a_share_that_was_asked_for_can_not_be_cancelled() -> None:
    """The message comes."""
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("notes.txt", data=DATA))
        peer = room.accept_file()
        receive_all(peer, peer.put())
        share = room.talk.await_frame(Share)
        room.client.cancel_transfer(transfer_id)
        room.announce(share, FILE)
        assert room.session.await_event(MessageReceived).id == transfer_id


def test_uploads_keep_their_order() -> None:
    """One after the other; those that wait say so."""
    with FileRoom() as room:
        ids = [room.client.share_file(OutgoingFile("notes.txt", data=DATA)) for _ in range(3)]
        waiting = [room.session.await_event(FileProgress, lambda event: event.waiting).id for _ in range(2)]
        assert waiting == ids[1:]
        for transfer_id in ids:
            peer = room.accept_file()
            put = peer.put()
            assert put.upload == transfer_id
            receive_all(peer, put)
            share = room.talk.await_frame(Share)
            assert share.id == transfer_id
            room.announce(share, FILE)


def test_a_file_that_changes_on_the_way(tmp_path: Path) -> None:
    """Is not sent half old and half new."""
    path = tmp_path / "log.txt"
    path.write_bytes(DATA)
    with FileRoom() as room:
        transfer_id = room.client.share_file(OutgoingFile("log.txt", path))
        peer = room.accept_file()
        put = peer.put()
        with path.open("ab") as file:
            file.write(b"more")
        peer.send(Go(0))
        peer.read(put.size)
        assert "changed while it was being sent" in room.failed(transfer_id).reason


def test_a_text_that_is_too_long_is_refused_before_the_upload() -> None:
    """Nobody waits for a minute to read that."""
    with FileRoom() as room:
        failed = room.failed(room.client.share_file(OutgoingFile("notes.txt", data=DATA), "x" * 8_000))
        assert failed.code == error_codes.BAD_TEXT


def test_an_answer_that_is_quicker_than_we_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room knows the digest, and says that it has everything before we look for that."""
    sent = FileConnection.send
    with FileRoom() as room:
        again = upload_without_answer(room)
        has_answered = threading.Event()

        def send_and_wait(connection: FileConnection, data: bytes) -> None:
            sent(connection, data)
            assert has_answered.wait(60)

        monkeypatch.setattr(FileConnection, "send", send_and_wait)
        again.send(Go(len(DATA) - 5))
        assert again.read(5) == DATA[-5:]
        again.send(Stored(FILE))
        has_answered.set()
        room.talk.await_frame(Share)
