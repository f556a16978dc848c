"""Limits of files, members and the disk; a full disk costs the upload and nothing else."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterable
from typing import Any

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.room.files.file_records import Change, FileRecords
from messango.room.files.quota import MIN_FREE_BYTES, FileLimits
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import Announcements, Uploader
from messango.room.host.host_events import FileTurnedAway, RoomEvent
from messango.server.files.store.file_store import FileStore
from tests.server.files.stores import ANN, BEN, LARGEST, FakeFolder, StoreHarness, put_of, sha256


def refusal(harness: StoreHarness, size: int, upload: str = "new", uploader: Uploader = ANN) -> FileRefused:
    with pytest.raises(FileRefused) as error:
        harness.begin(b"x" * size, upload, uploader)
    assert error.value.hint
    return error.value


def test_a_file_that_is_too_large_is_refused_before_its_bytes(harness: StoreHarness) -> None:
    refused = refusal(harness, LARGEST + 1)
    assert refused.code == error_codes.TOO_LARGE
    assert "100 kB" in str(refused)
    assert harness.on_disk() == []


def test_a_member_fills_a_quarter_of_the_store(harness: StoreHarness) -> None:
    """Also with what they have only announced, and under another name from the same address."""
    harness.upload(b"a" * LARGEST, "u1")
    harness.begin(b"b" * LARGEST, "u2")
    assert refusal(harness, LARGEST // 2 + 1).code == error_codes.STORE_FULL
    assert refusal(harness, LARGEST // 2 + 1, uploader=Uploader("other", ANN.address)).code == "store-full"
    assert harness.begin(b"c" * LARGEST, uploader=BEN).size == LARGEST
    harness.store.cancel_upload("ann", "u2")
    assert harness.begin(b"c" * LARGEST, "u3").size == LARGEST


def test_what_a_killed_program_has_left_gives_way(harness: StoreHarness) -> None:
    """Somebody who is back as another member could not send for an hour. Only what is needed goes."""
    gone = Uploader("gone", ANN.address)
    for upload in ("u1", "u2"):
        harness.begin(b"a" * LARGEST, upload, gone).pause()
        harness.now_s += 1
    assert refusal(harness, LARGEST + 1).code == error_codes.TOO_LARGE
    assert len(harness.on_disk()) == 2
    harness.begin(b"b" * LARGEST).write(b"b" * LARGEST)
    assert len(harness.on_disk()) == 2
    assert harness.begin(b"a" * (LARGEST // 2), "u3").size
    assert refusal(harness, LARGEST + 1, uploader=ANN).code == error_codes.TOO_LARGE


def test_what_others_have_left_does_not_give_way(harness: StoreHarness) -> None:
    for number in range(10):
        harness.begin(b"a" * LARGEST, "u", Uploader(f"m{number}", f"a{number}")).pause()
    assert refusal(harness, 1, uploader=BEN).code == error_codes.STORE_FULL
    assert len(harness.on_disk()) == 10


def test_all_together_fill_the_store(harness: StoreHarness) -> None:
    for number in range(10):
        harness.upload(bytes([number]) * LARGEST, uploader=Uploader(f"m{number}", f"a{number}"))
    refused = refusal(harness, 1, uploader=BEN)
    assert refused.code == error_codes.STORE_FULL
    assert "7 days" in refused.hint
    assert isinstance(harness.events[-1], FileTurnedAway)


def test_many_refusals_are_one_line_for_the_host(harness: StoreHarness) -> None:
    harness.folder.free = 0
    for _ in range(100):
        refusal(harness, 1)
    assert harness.events == [FileTurnedAway("192.0.2.1", "a.txt", 1, str(refusal(harness, 1)))]


def test_the_number_of_files_is_limited_whatever_their_sizes(harness: StoreHarness) -> None:
    harness.limits = FileLimits(LARGEST * 100, max_files=8, max_unfinished=3)
    harness.reopen()
    for upload in ("u1", "u2"):
        harness.begin(b"", upload)
    assert refusal(harness, 0).code == error_codes.STORE_FULL
    for number in range(3):
        harness.begin(b"", f"u{number}", BEN) if number < 2 else refusal(harness, 0, "u9", BEN)


def test_unfinished_uploads_are_limited(harness: StoreHarness) -> None:
    harness.limits = FileLimits(LARGEST * 100, max_unfinished=3)
    harness.reopen()
    for number in range(3):
        harness.begin(b"x", f"u{number}")
    refused = refusal(harness, 1)
    assert "unfinished" in str(refused)


def test_a_disk_keeps_a_gigabyte_free(harness: StoreHarness) -> None:
    harness.folder.free = MIN_FREE_BYTES + 1_000
    assert refusal(harness, 1_001).code == error_codes.STORE_FULL
    harness.begin(b"x" * 600, "u1")
    assert refusal(harness, 401).code == error_codes.STORE_FULL
    assert harness.begin(b"x" * 400, "u2").size == 400


def test_a_disk_that_others_fill_meanwhile_ends_the_upload(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    harness.folder.free = MIN_FREE_BYTES
    with pytest.raises(FileRefused) as error:
        upload.write(b"hello")
    assert error.value.code == error_codes.STORE_FULL
    assert harness.on_disk() == []
    harness.folder.free *= 2
    assert harness.upload(b"hello").size == 5


class BrokenFile:
    """A file on a disk that fails after some bytes."""

    def __init__(self, file: Any, code: int) -> None:
        self._file = file
        self._code = code

    def write(self, data: memoryview) -> int:
        if len(data) > 2:
            return int(self._file.write(data[:2]))
        raise OSError(self._code, "as the test wants")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


@pytest.mark.parametrize(
    ("error_number", "code"),
    [
        (errno.ENOSPC, error_codes.STORE_FULL),
        (errno.EDQUOT, error_codes.STORE_FULL),
        (errno.EIO, error_codes.FAULT),
    ],
)
def test_an_error_of_the_disk_ends_the_upload(
    harness: StoreHarness, monkeypatch: pytest.MonkeyPatch, error_number: int, code: str
) -> None:
    open_part = FakeFolder.open_part
    monkeypatch.setattr(
        FakeFolder, "open_part", lambda folder, name: BrokenFile(open_part(folder, name), error_number)
    )
    upload = harness.begin(b"hello")
    with pytest.raises(FileRefused) as error:
        upload.write(b"hello")
    assert error.value.code == code
    assert error.value.hint
    assert harness.on_disk() == []


def test_an_error_when_the_file_is_complete(harness: StoreHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_folder: FakeFolder, _name: str) -> None:
        raise OSError(errno.ENOSPC, "full")

    upload = harness.begin(b"hello")
    upload.write(b"hello")
    monkeypatch.setattr(FakeFolder, "complete_part", fail)
    with pytest.raises(FileRefused) as error:
        upload.finish(sha256(b"hello"))
    assert error.value.code == error_codes.STORE_FULL
    assert harness.on_disk() == []


def test_records_that_can_not_be_written_refuse_the_file(harness: StoreHarness) -> None:
    """Nobody is told that a file is stored that the next start would not know."""
    harness.upload(b"first", "u0")
    upload = harness.begin(b"hello")
    upload.write(b"hello")
    records = harness.store._records
    assert records is not None
    records._database.execute("PRAGMA query_only = ON")
    with pytest.raises(FileRefused) as error:
        upload.finish(sha256(b"hello"))
    assert error.value.code == error_codes.FAULT
    with pytest.raises(FileRefused):
        harness.begin(b"hello", "u2")
    records._database.execute("PRAGMA query_only = OFF")
    assert harness.upload(b"hello", "u3").size == 5
    assert len(harness.events) == 2
    harness.reopen([])
    assert len(harness.on_disk()) == 2


def test_a_room_that_takes_no_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = FakeFolder(tmp_path_factory.mktemp("off") / "a.files")
    store = FileStore(folder, None, 1.0, list[RoomEvent]().append)
    assert store.largest_file is None
    for request in (lambda: store.begin_upload(ANN, put_of(b"x")), lambda: store.open_shared("a")):
        with pytest.raises(FileRefused) as error:
            request()
        assert error.value.code == error_codes.NO_FILES
    store.close()


def test_what_is_there_still_goes_after_files_were_switched_off(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    assert isinstance(info, FileInfo)
    harness.store.close()
    harness.store = FileStore(harness.folder, None, 1.0, harness.events.append, lambda: harness.now_s)
    harness.store.open_existing(lambda _since_s, _seqs: Announcements([], {}))
    assert len(harness.on_disk()) == 1
    harness.now_s += 4_000
    assert harness.on_disk() == []


def test_a_disk_that_does_not_answer_is_not_waited_for(
    harness: StoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The room closes in time; what was not written is in the history, and mended from there."""
    shared = harness.share(harness.upload(b"hello"), 1)
    harness.store.expire()
    is_stuck, answers = threading.Event(), threading.Event()
    really_write = FileRecords.write

    def write(records: FileRecords, changes: Iterable[Change]) -> None:
        is_stuck.set()
        assert answers.wait(20)
        really_write(records, changes)

    monkeypatch.setattr(FileRecords, "write", write)
    harness.store.remove_share(1)
    assert is_stuck.wait(10)
    closing = threading.Thread(target=harness.store.close, daemon=True)
    closing.start()
    closing.join(10)
    assert not closing.is_alive()
    answers.set()
    harness.reopen([])
    with pytest.raises(FileRefused):
        harness.read(shared.file.id)


def test_the_space_does_not_tell_whether_somebody_has_the_same_file(harness: StoreHarness) -> None:
    """Nobody has announced it; what is announced is known to all, and counts once."""

    def left() -> int:
        return harness.limits.store - harness.store._ledger.catalog.total().size

    def taken_by(data: bytes, uploader: Uploader) -> int:
        before = left()
        harness.upload(data, uploader=uploader)
        return before - left()

    first = harness.upload(b"x" * 50_000)
    assert taken_by(b"x" * 50_000, BEN) == taken_by(b"y" * 50_000, Uploader("cat", "192.0.2.3"))
    assert harness.store.listing().total == 100_000
    files = [first]
    for uploader in (BEN, Uploader("cat", "192.0.2.3")):
        begun = harness.store.begin_upload(uploader, put_of(b"x" * 50_000))
        assert isinstance(begun, FileInfo)
        files.append(begun)
    for seq, (member, file) in enumerate(zip(("ann", "ben", "cat"), files, strict=True), 1):
        harness.share(file, seq, member)
    assert left() == harness.limits.store - 100_000
    for seq in (2, 1, 3):
        harness.store.remove_share(seq)
    assert left() == harness.limits.store
