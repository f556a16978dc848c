"""A shared file of one server is had through another one: whole, once, and while it is shared."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from messango.link.files import fetch as fetch_module
from messango.link.files.file_frames import PIECE_BYTES, AnyFileFrame, Ask, Have, Piece, WhoHas
from messango.link.files.given_files import MAX_GIVEN
from messango.protocol import error_codes
from messango.room.files.quota import FileLimits
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import Uploader
from messango.room.host.host_events import ServerWarning
from messango.server.linked.files import file_fetch
from messango.server.linked.files.fetched_file import FetchedFile
from messango.server.linked.files.other_servers_files import MAX_FETCHED
from tests.server.files.stores import ANN, BEN
from tests.server.linked.files.sites import LARGEST, STEP_BYTES, Network, Site, delete, two_sites

DATA = random.Random(2).randbytes(3_000_001)  # noqa: S311 (a made-up file)


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[tuple[Site, Site, Network]]:
    """Two servers."""
    with two_sites(tmp_path) as made:
        yield made


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give up soon."""
    monkeypatch.setattr(fetch_module, "LOOK_EVERY_S", 0.05)
    monkeypatch.setattr(fetch_module, "LOOK_FOR_S", 0.2)
    monkeypatch.setattr(fetch_module, "SOURCE_SILENT_S", 0.2)
    monkeypatch.setattr(fetch_module, "GIVE_UP_AFTER_S", 0.4)


def refusal(site: Site, file_id: str) -> FileRefused:
    """Return why a file is not given."""
    with pytest.raises(FileRefused) as refused:
        site.get(file_id)
    return refused.value


def read_steps(file: FetchedFile) -> Iterator[bytes]:
    """Read to the end."""
    return iter(lambda: file.read(STEP_BYTES), b"")


def only_before(limit: int, network: Network) -> None:
    """Let only pieces before this offset through."""

    def spoil(frame: AnyFileFrame) -> AnyFileFrame | None:
        return None if isinstance(frame, Piece) and frame.offset >= limit else frame

    network.spoil = spoil


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES, len(DATA)])
def test_a_file_is_had_through_another_server(sites: tuple[Site, Site, Network], size: int) -> None:
    """Equal, and stored there from then on: the next member gets it from the disk."""
    a, b, network = sites
    info = a.share(DATA[:size], 1)
    assert b.get(info.id) == DATA[:size]
    assert b.stored(info.id) == DATA[:size]
    assert [file.name for file in b.harness.store.listing().files] == [info.name]
    frames = len(network.frames)
    assert b.stored(info.id) == DATA[:size]
    assert len(network.frames) == frames


def test_a_part_of_it_is_had_from_an_offset(sites: tuple[Site, Site, Network]) -> None:
    """As a client does whose connection broke."""
    a, b, _network = sites
    info = a.share(DATA, 1)
    assert b.get(info.id, 1_000_003) == DATA[1_000_003:]


def test_two_members_at_once_fetch_once(sites: tuple[Site, Site, Network]) -> None:
    """No byte comes twice."""
    a, b, network = sites
    info = a.share(DATA, 1)
    got: list[bytes] = []
    threads = [threading.Thread(target=lambda: got.append(b.get(info.id))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [DATA, DATA]
    asked = [frame.offset for _, _, frame in network.frames if isinstance(frame, Ask)]
    assert len({*asked}) == -(-len(DATA) // PIECE_BYTES)
    assert len({frame.transfer for _, _, frame in network.frames if isinstance(frame, Ask)}) == 1


def test_nothing_counts_before_it_was_compared_with_its_digest(sites: tuple[Site, Site, Network]) -> None:
    """A member never has the last byte of another file, and nothing of it is kept."""
    a, b, network = sites
    info = a.share(DATA, 1)

    def spoil(frame: AnyFileFrame) -> AnyFileFrame:
        damaged = isinstance(frame, Piece) and frame.offset == 0
        return replace(frame, data=bytes(len(frame.data))) if damaged and isinstance(frame, Piece) else frame

    network.spoil = spoil
    _info, file = b.files.open(info.id)
    got: list[bytes] = []
    with file, pytest.raises(FileRefused) as refused:
        got += read_steps(file)
    assert refused.value.code == error_codes.FAULT
    assert sum(map(len, got)) < len(DATA)
    assert b.harness.on_disk() == []
    network.spoil = lambda frame: frame
    assert b.get(info.id) == DATA


def test_what_was_not_shared_is_not_given(sites: tuple[Site, Site, Network]) -> None:
    """Neither to a member there, nor to a server that asks for it."""
    a, b, network = sites
    info = a.harness.upload(DATA)
    assert refusal(b, info.id).code == error_codes.UNKNOWN_ENTRY
    assert network.frames == []
    a.files.handle(WhoHas("b", "t1", info.id))
    a.files.handle(Ask("b", "t1", info.id, 0, 10))
    with network.sent:
        assert network.sent.wait_for(lambda: len(network.frames) == 2, 60.0)
    assert not any(isinstance(frame, Have | Piece) for _, _, frame in network.frames)


def test_a_file_that_its_server_does_not_have_any_more_is_unknown(sites: tuple[Site, Site, Network]) -> None:
    """At once, in words."""
    a, b, _network = sites
    info = a.share(DATA, 1)
    a.harness.store.remove(info.id)
    refused = refusal(b, info.id)
    assert refused.code == error_codes.UNKNOWN_ENTRY
    assert refused.hint


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_away_is_said_in_words(sites: tuple[Site, Site, Network]) -> None:
    """Nobody waits for ever, and later it works."""
    a, b, network = sites
    info = a.share(DATA, 1)
    network.spoil = lambda _frame: None
    refused = refusal(b, info.id)
    assert refused.code == error_codes.LINK_DOWN
    assert "can't be reached" in refused.reason
    network.spoil = lambda frame: frame
    assert b.get(info.id) == DATA


@pytest.mark.usefixtures("impatient")
def test_what_has_come_is_kept_when_it_breaks(sites: tuple[Site, Site, Network]) -> None:
    """Also over a restart of the server: the rest alone is asked for."""
    a, b, network = sites
    info = a.share(DATA, 1)
    half = 20 * PIECE_BYTES
    only_before(half, network)
    assert refusal(b, info.id).code == error_codes.LINK_DOWN
    b.files.close()
    b.harness.reopen(network.history.values())
    b.open()
    network.spoil = lambda frame: frame
    network.frames.clear()
    assert b.get(info.id) == DATA
    assert min(frame.offset for _, _, frame in network.frames if isinstance(frame, Ask)) == half


def test_a_deleted_message_lets_the_file_go_everywhere(sites: tuple[Site, Site, Network]) -> None:
    """Its bytes too, on both servers."""
    a, b, network = sites
    info = a.share(DATA, 1)
    b.get(info.id)
    delete(network, 1)
    assert refusal(b, info.id).code == error_codes.UNKNOWN_ENTRY
    assert a.harness.on_disk() == b.harness.on_disk() == []


def test_a_message_that_is_deleted_meanwhile_leaves_nothing(sites: tuple[Site, Site, Network]) -> None:
    """The store did not have the file yet when the room told it."""
    a, b, network = sites
    info = a.share(DATA, 1)
    only_before(10 * PIECE_BYTES, network)
    _info, file = b.files.open(info.id)
    with file:
        assert file.read(STEP_BYTES)
        shared = network.history.pop(1)
        b.harness.store.remove_share(1)
        network.spoil = lambda frame: frame
        with pytest.raises(FileRefused):
            [*read_steps(file)]
    assert shared.file == info
    assert b.harness.on_disk() == []


def test_every_message_that_announces_it_keeps_it(sites: tuple[Site, Site, Network]) -> None:
    """It goes with the last one."""
    a, b, network = sites
    info = a.share(DATA, 1)
    a.announce(info, 2)
    b.get(info.id)
    delete(network, 1)
    assert b.stored(info.id) == DATA
    delete(network, 2)
    assert b.harness.on_disk() == []


def test_it_expires_as_own_files_do(sites: tuple[Site, Site, Network]) -> None:
    """By the age of the message that announces it."""
    a, b, _network = sites
    info = a.share(DATA, 1)
    b.harness.now_s += b.harness.kept_s / 2
    b.get(info.id)
    b.harness.now_s += b.harness.kept_s / 2 + 1
    assert b.harness.on_disk() == []


def test_it_survives_a_restart(sites: tuple[Site, Site, Network]) -> None:
    """And is still what goes first when a member's file needs the space."""
    a, b, network = sites
    info = a.share(DATA, 1)
    b.get(info.id)
    b.files.close()
    b.harness.reopen(network.history.values())
    b.open()
    assert b.stored(info.id) == DATA


def test_copies_take_what_one_member_may_and_the_oldest_goes(tmp_path: Path) -> None:
    """So they never fill the store of those who are here."""
    with two_sites(tmp_path) as (a, b, _network):
        copies = FileLimits(LARGEST).share // len(DATA)
        uploaders = (ANN, BEN)
        infos = [a.share(DATA[:-1] + bytes([seq]), seq, uploaders[seq % 2]) for seq in range(1, copies + 2)]
        for info in infos:
            b.get(info.id)
            b.harness.now_s += 1
        assert len(infos) == copies + 1
        assert refusal_of_store(b, infos[0].id) == error_codes.UNKNOWN_ENTRY
        assert b.stored(infos[-1].id)[-1] == copies + 1
        assert b.get(infos[0].id) == DATA[:-1] + bytes([1])


def refusal_of_store(site: Site, file_id: str) -> str:
    """Return why the store does not have a file."""
    with pytest.raises(FileRefused) as refused:
        site.harness.store.open_shared(file_id)
    return refused.value.code


def test_a_file_that_is_too_large_here_is_said_in_words(tmp_path: Path) -> None:
    """The limits of the server through which it comes count."""
    with two_sites(tmp_path, FileLimits(1_000_000)) as (a, b, _network):
        info = a.share(DATA, 1)
        refused = refusal(b, info.id)
        assert refused.code == error_codes.TOO_LARGE
        assert "another server" in refused.reason


def test_a_full_disk_here_is_said_to_member_and_host(sites: tuple[Site, Site, Network]) -> None:
    """Each reads what they can do."""
    a, b, _network = sites
    info = a.share(DATA, 1)
    b.harness.folder.free = 0
    refused = refusal(b, info.id)
    assert refused.code == error_codes.STORE_FULL
    assert "another server" in refused.reason
    (event,) = b.harness.events
    assert isinstance(event, ServerWarning)
    assert info.name in event.reason


def test_a_copy_goes_when_a_member_needs_the_space(tmp_path: Path) -> None:
    """Copies are not what keeps somebody here from sending a file; own files stay."""
    with two_sites(tmp_path, FileLimits(LARGEST, max_files=4)) as (a, b, _network):
        info = a.share(DATA, 1)
        b.get(info.id)
        members = [Uploader(f"member{number}", f"192.0.2.{number}") for number in range(5)]
        for member in members[:3]:
            b.harness.upload(b"mine", "u", member)
        assert b.stored(info.id) == DATA
        b.harness.upload(b"mine too", "u", members[3])
        assert refusal_of_store(b, info.id) == error_codes.UNKNOWN_ENTRY
        with pytest.raises(FileRefused):
            b.harness.upload(b"one more", "u", members[4])


def test_only_so_many_are_fetched_at_once(sites: tuple[Site, Site, Network]) -> None:
    """One more is told to wait."""
    a, b, network = sites
    infos = [a.share(DATA[seq : 500_000 + seq], seq) for seq in range(1, MAX_FETCHED + 2)]
    only_before(PIECE_BYTES, network)
    readers = [b.files.open(info.id)[1] for info in infos[:MAX_FETCHED]]
    assert refusal(b, infos[-1].id).code == error_codes.BUSY
    network.spoil = lambda frame: frame
    for reader in readers:
        with reader:
            assert b"".join(read_steps(reader))
    assert b.get(infos[-1].id) == DATA[MAX_FETCHED + 1 : 500_000 + MAX_FETCHED + 1]


@pytest.mark.usefixtures("impatient")
def test_only_so_many_are_given_at_once(sites: tuple[Site, Site, Network]) -> None:
    """The other server is told to come later, and the member reads that."""
    a, b, network = sites
    info = a.share(DATA, 1)
    for number in range(MAX_GIVEN):
        a.files.handle(Ask("b", f"other{number}", info.id, 0, 10))
    network.wait_for_frame(Piece, MAX_GIVEN)
    assert refusal(b, info.id).code == error_codes.BUSY


def test_a_file_that_nobody_reads_is_not_fetched_to_its_end(
    sites: tuple[Site, Site, Network], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What has come is kept, and the next reader goes on there."""
    monkeypatch.setattr(file_fetch, "UNREAD_S", 0.1)
    monkeypatch.setattr(file_fetch, "_LOOK_EVERY_S", 0.05)
    a, b, network = sites
    info = a.share(DATA, 1)
    only_before(5 * PIECE_BYTES, network)
    _info, file = b.files.open(info.id)
    file.close()
    fetch = file._fetch
    fetch.join(60.0)
    assert not fetch.begin_reading()
    network.spoil = lambda frame: frame
    assert b.get(info.id) == DATA


def test_closing_ends_those_who_wait(sites: tuple[Site, Site, Network]) -> None:
    """At once, with the reason."""
    a, b, network = sites
    info = a.share(DATA, 1)
    only_before(PIECE_BYTES, network)
    _info, file = b.files.open(info.id)
    refused: list[FileRefused] = []

    def read() -> None:
        try:
            [*read_steps(file)]
        except FileRefused as error:
            refused.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    b.files.close()
    reader.join()
    file.close()
    assert [error.code for error in refused] == [error_codes.CLOSING]
    assert refusal(b, info.id).code == error_codes.CLOSING


def test_copies_are_of_nobody(sites: tuple[Site, Site, Network]) -> None:
    """No member can share or cancel one as their own."""
    a, b, _network = sites
    info = a.share(DATA, 1)
    b.get(info.id)
    assert b.harness.store.uploaded("ann", info.id) is None
    b.harness.store.cancel_upload("ann", info.id)
    assert b.stored(info.id) == DATA
