"""The store takes files, shares them, and lets them go."""

from __future__ import annotations

import threading

import pytest
from msgspec.structs import replace

from messango.protocol import error_codes
from messango.protocol.frames import FileInfo
from messango.protocol.limits import PART_KEPT_S
from messango.room.files import file_ledger
from messango.room.files.file_ledger import FileLedger
from messango.room.files.kept_file import KeptFile
from messango.room.files.refusals import FileRefused
from messango.server.files.store.store_folder import new_name
from tests.server.files.stores import ANN, BEN, DAY_S, KEPT_S, StoreHarness, put_of, sha256


def refused_code(error: pytest.ExceptionInfo[FileRefused]) -> str:
    return error.value.code


def test_an_unused_store_costs_nothing(harness: StoreHarness) -> None:
    assert harness.store.uploaded("ann", "x") is None
    harness.store.remove_share(1)
    assert harness.store.listing().files == ()
    assert not harness.path.exists()
    assert "messango-files" not in {thread.name for thread in threading.enumerate()}


def test_a_shared_file_can_be_read_by_its_id(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    assert (info.name, info.size, info.sha256) == ("a.txt", 5, sha256(b"hello"))
    harness.share(info, 7)
    assert harness.read(info.id) == b"hello"
    assert harness.on_disk() != ["a.txt"]


def test_a_file_is_private_until_it_is_shared(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    with pytest.raises(FileRefused) as error:
        harness.read(info.id)
    assert refused_code(error) == error_codes.UNKNOWN_ENTRY
    assert harness.store.uploaded("ben", info.id) is None
    assert harness.store.uploaded("ann", info.id) == info


def test_folder_and_files_are_for_their_owner_only(harness: StoreHarness) -> None:
    harness.upload(b"hello")
    paths = [harness.path, *harness.path.iterdir()]
    assert [path.stat().st_mode & 0o077 for path in paths] == [0] * len(paths)
    assert not any("a.txt" in path.name for path in paths)


def test_the_name_that_a_stranger_gave_is_made_safe(harness: StoreHarness) -> None:
    info = harness.upload(b"x", name="../../etc/passwd")
    assert info.name == "passwd"


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_an_upload_goes_on_where_it_broke(harness: StoreHarness, size: int) -> None:
    data = bytes(range(256)) * (size // 256 + 1)
    first = harness.begin(data)
    first.write(data[:size])
    first.pause()
    second = harness.begin(data)
    assert second.offset == size
    second.write(data[size:])
    info = second.finish(sha256(data))
    harness.share(info, 1)
    assert harness.read(info.id) == data


def test_a_large_upload_goes_on_after_a_restart(harness: StoreHarness) -> None:
    harness.limits = type(harness.limits)(10_000_000)
    harness.reopen()
    data = b"x" * 2_000_000
    harness.begin(data).write(data[:1_500_000])
    harness.reopen()
    upload = harness.begin(data)
    assert upload.offset == 1_500_000
    upload.write(data[1_500_000:])
    assert upload.finish(sha256(data)).size == 2_000_000


def test_an_upload_that_is_stored_already_is_answered_at_once(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    assert harness.store.begin_upload(ANN, put_of(b"hello")) == info
    harness.reopen()
    assert harness.store.begin_upload(ANN, put_of(b"hello")) == info


def test_the_same_upload_id_of_another_member_is_another_upload(harness: StoreHarness) -> None:
    first = harness.upload(b"hello")
    second = harness.upload(b"olleh", uploader=BEN)
    assert first.id != second.id


def test_other_bytes_under_the_same_id_begin_again(harness: StoreHarness) -> None:
    harness.begin(b"first").write(b"fir")
    assert harness.begin(b"second").offset == 0
    assert len(harness.on_disk()) == 1


def test_only_the_newest_connection_goes_on_with_an_upload(harness: StoreHarness) -> None:
    old = harness.begin(b"hello")
    old.write(b"he")
    new = harness.begin(b"hello")
    with pytest.raises(FileRefused) as error:
        old.write(b"XX")
    assert refused_code(error) == error_codes.BUSY
    old.pause()
    new.write(b"llo")
    assert new.finish(sha256(b"hello")).size == 5


def test_bytes_with_another_digest_are_not_kept(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    upload.write(b"jello")
    with pytest.raises(FileRefused) as error:
        upload.finish(sha256(b"hello"))
    assert refused_code(error) == error_codes.WRONG_DIGEST
    assert harness.on_disk() == []


def test_an_upload_without_a_digest_is_as_long_as_announced(harness: StoreHarness) -> None:
    """A browser can't compute one of a large file; the store does, as for every file."""
    upload = harness.begin(b"hello")
    upload.write(b"hell")
    upload.pause()
    assert harness.store.begun_upload("ann", "u1") == upload.part.put
    again = harness.begin(b"hello")
    again.write(b"o")
    assert again.finish(None).sha256 == sha256(b"hello")
    assert harness.store.begun_upload("ann", "u1") is None
    short = harness.begin(b"hello", "u2")
    short.write(b"hell")
    with pytest.raises(FileRefused) as error:
        short.finish(None)
    assert refused_code(error) == error_codes.WRONG_DIGEST


def test_fewer_bytes_than_announced_are_not_a_file(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    upload.write(b"hell")
    with pytest.raises(FileRefused) as error:
        upload.finish(sha256(b"hell"))
    assert refused_code(error) == error_codes.WRONG_DIGEST


def test_more_bytes_than_announced_end_the_upload(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    with pytest.raises(FileRefused) as error:
        upload.write(b"hello!")
    assert refused_code(error) == error_codes.TOO_LARGE
    assert harness.on_disk() == []


def test_the_same_bytes_are_stored_once(harness: StoreHarness) -> None:
    ann, ben = harness.upload(b"hello"), harness.upload(b"hello", uploader=BEN, name="b.txt")
    assert ann.id != ben.id
    assert len(harness.on_disk()) == 1
    harness.share(ann, 1)
    harness.share(ben, 2, "ben")
    harness.store.remove_share(1)
    harness.store.expire()
    assert harness.read(ben.id) == b"hello"
    harness.store.remove_share(2)
    assert harness.on_disk() == []


def test_a_deleted_message_takes_its_file_with_it(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    harness.share(info, 1)
    harness.share(info, 2)
    harness.store.remove_share(1)
    assert harness.read(info.id) == b"hello"
    harness.store.remove_share(2)
    assert harness.on_disk() == []
    harness.reopen()
    assert harness.store.listing().files == ()


def test_what_is_being_read_can_be_read_to_its_end(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    harness.share(info, 1)
    _info, file = harness.store.open_shared(info.id)
    harness.store.remove(info.id)
    harness.store.expire()
    with file:
        assert file.read() == b"hello"


def test_nothing_stays_after_its_time(harness: StoreHarness) -> None:
    shared, unshared = harness.upload(b"shared"), harness.upload(b"unshared", "u2")
    harness.share(shared, 1)
    part = harness.begin(b"unfinished", "u3")
    part.write(b"un")
    part.pause()
    harness.now_s += PART_KEPT_S - 1
    assert len(harness.on_disk()) == 3
    harness.now_s += 1
    assert len(harness.on_disk()) == 1
    assert harness.store.uploaded("ann", unshared.id) is None
    harness.now_s += 7 * DAY_S
    assert harness.on_disk() == []


def test_a_member_who_does_not_come_back_leaves_nothing_unfinished(harness: StoreHarness) -> None:
    """At once, or when the connection that still writes has ended. What is whole may be asked for yet."""
    harness.begin(b"a" * 10, "u1").pause()
    active = harness.begin(b"b" * 10, "u2")
    harness.begin(b"c" * 10, "u3", BEN).pause()
    harness.store.abandon_uploads("ann")
    assert len(harness.on_disk()) == 2
    active.write(b"b")
    active.pause()
    assert len(harness.on_disk()) == 1


def test_an_upload_that_somebody_writes_to_does_not_expire(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    harness.now_s += 2 * PART_KEPT_S
    harness.store.expire()
    upload.write(b"hello")
    assert upload.finish(sha256(b"hello")).size == 5


def test_expiry_tells_when_the_next_file_goes(harness: StoreHarness) -> None:
    assert harness.store.expire() is None
    harness.upload(b"hello")
    assert harness.store.expire() == PART_KEPT_S


def test_a_clock_that_is_set_back_keeps_nothing_for_longer(harness: StoreHarness) -> None:
    harness.share(harness.upload(b"hello"), 1)
    harness.now_s -= 365 * DAY_S
    harness.reopen()
    harness.now_s += 7 * DAY_S
    assert harness.on_disk() == []


def test_a_cancelled_upload_is_gone(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    upload.write(b"he")
    harness.store.cancel_upload("ann", "u1")
    assert harness.on_disk() == []
    with pytest.raises(FileRefused):
        upload.write(b"llo")
    harness.store.cancel_upload("ann", "none")


def test_a_stored_upload_can_be_cancelled_until_the_room_has_asked_for_it(harness: StoreHarness) -> None:
    harness.upload(b"hello")
    harness.store.cancel_upload("ann", "u1")
    assert harness.on_disk() == []
    info = harness.upload(b"hello")
    harness.store.uploaded("ann", info.id)
    harness.store.cancel_upload("ann", "u1")
    assert len(harness.on_disk()) == 1


def test_the_host_sees_and_removes_files(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    assert harness.store.listing().files == ()
    harness.share(info, 1)
    (listed,) = harness.store.listing().files
    assert (listed.number, listed.name, listed.size, listed.sender) == (1, "a.txt", 5, "Ann")
    assert listed.expires_at_s - listed.shared_at_s == 7 * DAY_S
    harness.store.remove(listed.id)
    assert harness.on_disk() == []
    assert harness.store.listing().files == ()


def test_a_file_that_was_removed_from_the_disk_is_unknown(harness: StoreHarness) -> None:
    info = harness.upload(b"hello")
    harness.share(info, 1)
    (harness.path / harness.on_disk()[0]).unlink()
    with pytest.raises(FileRefused) as error:
        harness.read(info.id)
    assert refused_code(error) == error_codes.UNKNOWN_ENTRY
    assert harness.store.listing().files == ()


def test_after_the_end_nothing_is_taken(harness: StoreHarness) -> None:
    upload = harness.begin(b"hello")
    harness.store.close()
    with pytest.raises(FileRefused):
        upload.write(b"hello")
    with pytest.raises(FileRefused):
        harness.begin(b"hello")
    harness.store.close()
    assert "messango-files" not in {thread.name for thread in threading.enumerate()}


def test_many_connections_use_the_store_at_once(harness: StoreHarness) -> None:
    found: list[FileInfo] = []

    def send(number: int) -> None:
        data = f"{number % 3}".encode() * 50_000
        found.append(harness.upload(data, f"u{number}"))

    threads = [threading.Thread(target=send, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({info.id for info in found}) == 4
    assert len(harness.on_disk()) == 3


@pytest.mark.parametrize("is_shared", [False, True])
def test_the_id_of_an_upload_that_is_stored_with_other_bytes(
    harness: StoreHarness, *, is_shared: bool
) -> None:
    """Nobody is told that other bytes are stored than those that are; what is stored stays."""
    info = harness.upload(b"first")
    if is_shared:
        harness.share(info, 1)
    for other in (b"third", b"second"):
        with pytest.raises(FileRefused) as error:
            harness.store.begin_upload(ANN, replace(put_of(other), sha256=sha256(other)))
        assert error.value.code == error_codes.WRONG_DIGEST
    assert harness.store.begin_upload(ANN, put_of(b"first")) == info
    assert harness.store.uploaded("ann", info.id) == info


def test_a_file_that_loses_bytes_while_the_room_is_open(harness: StoreHarness) -> None:
    """Nobody waits for the rest of it."""
    shared = harness.share(harness.upload(b"hello"), 1)
    (name,) = harness.on_disk()
    (harness.path / name).write_bytes(b"hell")
    with pytest.raises(FileRefused) as error:
        harness.read(shared.file.id)
    assert error.value.code == error_codes.UNKNOWN_ENTRY
    assert harness.on_disk() == []


def test_a_disk_that_is_away_for_a_while_keeps_its_files(harness: StoreHarness) -> None:
    """Somebody may have pulled its cable."""
    shared = harness.share(harness.upload(b"hello"), 1)
    away = harness.path.with_name("away")
    harness.path.rename(away)
    with pytest.raises(FileRefused):
        harness.read(shared.file.id)
    away.rename(harness.path)
    assert harness.read(shared.file.id) == b"hello"


@pytest.mark.parametrize("before_s", [DAY_S, 1_000 * DAY_S])
def test_a_clock_that_is_set_back_while_the_room_is_open(harness: StoreHarness, before_s: float) -> None:
    """The computer began with a wrong one: what was shared then goes after its time, and not in years."""
    harness.now_s += before_s
    harness.share(harness.upload(b"shared"), 1)
    harness.upload(b"not shared", "u2")
    harness.begin(b"unfinished" * 10, "u3").pause()
    harness.store.expire()
    harness.now_s -= before_s
    assert len(harness.on_disk()) == 3
    harness.now_s += PART_KEPT_S
    assert len(harness.on_disk()) == 1
    harness.now_s += KEPT_S
    assert harness.on_disk() == []


def test_many_files_that_expire_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room waits for some of them only, and the rest follows at once."""
    monkeypatch.setattr(file_ledger, "_MOST_EXPIRED", 10)
    ledger = FileLedger(KEPT_S)
    file = FileInfo("f", "a.txt", 5, sha256(b"hello"))
    kept = [
        KeptFile(replace(file, id=f"f{number}"), new_name(), ANN, f"u{number}", 1.0) for number in range(25)
    ]
    ledger.load([*kept, KeptFile(file, new_name(), ANN, "later", 10.0)], [], 10.0)
    now_s = 1.0 + PART_KEPT_S
    left = []
    while (next_s := ledger.drop_expired(now_s)) is not None and next_s <= now_s:
        left.append(len(ledger.catalog.files))
    assert left == [16, 6]
    assert next_s == 10.0 + PART_KEPT_S
    assert [*ledger.catalog.files] == ["f"]
