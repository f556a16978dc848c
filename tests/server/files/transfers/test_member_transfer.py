"""File connections of a real room: who may use them, what goes through them, and how they end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Cancel, Cancelled, Data, Get, Go, Put, Stored, Sum
from messango.protocol.frames import Closed, Leave, Message, Problem, Say, Welcome
from messango.protocol.limits import MAX_TRANSFERS
from messango.room.host.host_command import BanName, Kick
from messango.room.host.host_events import JoinAttemptRefused
from messango.server.clients import client_thread
from messango.server.files.store.store_folder import StoreFolder
from messango.server.files.transfers import transfer_stream
from tests.server.files.stores import LARGEST, sha256
from tests.server.files.transfers.rooms import FileRoom, open_file_room
from tests.support.file_client import FileClient, get_file, put_file
from tests.support.raw_client import RawClient
from tests.support.rooms import await_host_event, open_room

TEXT = b"A file is only bytes.\n" * 4_000


@pytest.fixture
def room() -> Iterator[FileRoom]:
    with open_file_room() as opened:
        yield opened


@pytest.fixture
def ann(room: FileRoom) -> Iterator[RawClient]:
    with RawClient(room.port) as client:
        yield client


@pytest.fixture
def welcome(ann: RawClient) -> Welcome:
    return ann.join("ann")


@pytest.mark.parametrize("says_digest", [True, False])
@pytest.mark.parametrize("data", [TEXT, b"", b"x" * LARGEST], ids=["text", "empty", "largest"])
def test_a_file_goes_up_and_comes_down_whole(
    room: FileRoom, welcome: Welcome, ann: RawClient, data: bytes, *, says_digest: bool
) -> None:
    """Also an empty one, and one of exactly the limit."""
    file = put_file(room.port, welcome.session, "u1", data, says_digest=says_digest)
    assert (file.name, file.size, file.sha256) == ("notes.txt", len(data), sha256(data))
    room.share(ann, file)
    assert get_file(room.port, welcome.session, file.id) == data


def test_a_download_goes_on_where_it_broke(room: FileRoom, welcome: Welcome, ann: RawClient) -> None:
    """From any byte, and from the end; not from behind it."""
    file = put_file(room.port, welcome.session, "u1", TEXT)
    room.share(ann, file)
    for offset in (1, 65_537, len(TEXT) - 1, len(TEXT)):
        assert get_file(room.port, welcome.session, file.id, offset) == TEXT[offset:]
    with FileClient(room.port) as client:
        client.send(Get(welcome.session, file.id, len(TEXT) + 1))
        assert client.await_reply(Problem).code == error_codes.BAD_FRAME


def test_an_upload_goes_on_where_it_broke(room: FileRoom, welcome: Welcome) -> None:
    """The server has what came before the break, and asks for the rest only."""
    put = Put(welcome.session, "u1", "notes.txt", len(TEXT), sha256(TEXT))
    with FileClient(room.port) as client:
        client.send(put)
        assert client.await_reply(Go).offset == 0
        client.send_bytes(TEXT[:50_000])
        client.connection.shutdown()
        assert client.await_end() == b""
    with FileClient(room.port) as client:
        client.send(put)
        assert client.await_reply(Go).offset == 50_000
        client.send_bytes(TEXT[50_000:])
        file = client.await_reply(Stored).file
    with FileClient(room.port) as client:
        client.send(put)
        assert client.await_reply(Stored).file == file


def test_the_bytes_may_come_with_the_request(room: FileRoom, welcome: Welcome) -> None:
    """A client that knows that it begins does not have to wait for `go`; the pieces can be of any size."""
    with FileClient(room.port) as client:
        put = Put(welcome.session, "u1", "a", 5)
        client.send(put)
        client.send_bytes(b"he")
        for piece in (b"l", b"l", b"o"):
            client.send_bytes(piece)
        client.send(Sum(sha256(b"hello")))
        client.await_reply(Go)
        assert client.await_reply(Stored).file.size == 5


@pytest.mark.parametrize(
    ("sent", "end"),
    [
        (b"hallo", Sum(sha256(b"hello"))),
        (b"hello, world", Sum(sha256(b"hello"))),
    ],
    ids=["wrong digest", "too many bytes"],
)
def test_wrong_bytes_are_refused_and_dropped(room: FileRoom, welcome: Welcome, sent: bytes, end: Sum) -> None:
    """Whether the digest is wrong or the size; the next try begins from the first byte."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", 5))
        client.await_reply(Go)
        client.send_bytes(sent)
        client.send(end)
        assert client.await_reply(Problem).code in (error_codes.WRONG_DIGEST, error_codes.TOO_LARGE)
        assert client.await_end() == b""
    assert room.on_disk() == []
    assert put_file(room.port, welcome.session, "u1", b"hello").size == 5


def test_an_endless_upload_is_refused_while_it_is_sent(room: FileRoom, welcome: Welcome) -> None:
    """The reason arrives although the client is still sending, and nothing is kept."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", 1_000, sha256(b"")))
        client.await_reply(Go)
        for _ in range(50):
            client.send_bytes(b"x" * 65_536)
        assert client.await_reply(Problem).code == error_codes.TOO_LARGE
    assert room.on_disk() == []


def test_a_full_disk_is_told_while_the_file_is_sent(
    room: FileRoom, welcome: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sender reads why, and talk goes on."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", LARGEST, sha256(b"")))
        client.await_reply(Go)
        monkeypatch.setattr(StoreFolder, "free_bytes", lambda _: 0)
        client.send_bytes(b"x" * LARGEST)
        problem = client.await_reply(Problem)
        assert (problem.code, bool(problem.hint)) == (error_codes.STORE_FULL, True)


def test_a_file_that_is_too_large_is_refused_at_once(room: FileRoom, welcome: Welcome) -> None:
    """Before any byte of it."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", LARGEST + 1))
        assert client.await_reply(Problem).code == error_codes.TOO_LARGE
        assert client.await_end() == b""


def test_cancel_drops_what_is_there(room: FileRoom, welcome: Welcome) -> None:
    """Also while another connection sends it."""
    with FileClient(room.port) as sender, FileClient(room.port) as canceller:
        sender.send(Put(welcome.session, "u1", "a", len(TEXT), sha256(TEXT)))
        sender.await_reply(Go)
        sender.send_bytes(TEXT[:70_000])
        canceller.send(Cancel(welcome.session, "u1"))
        canceller.await_reply(Cancelled)
        sender.await_end()
    assert room.on_disk() == []
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", len(TEXT), sha256(TEXT)))
        assert client.await_reply(Go).offset == 0


def test_a_removed_file_is_sent_to_its_end(room: FileRoom, welcome: Welcome, ann: RawClient) -> None:
    """Who has begun to get it gets it whole; nobody else does."""
    file = put_file(room.port, welcome.session, "u1", TEXT)
    room.share(ann, file)
    with FileClient(room.port) as client:
        client.send(Get(welcome.session, file.id))
        client.await_reply(Data)
        room.store.remove(file.id)
        assert client.receive(len(TEXT)) == TEXT
    with FileClient(room.port) as client:
        client.send(Get(welcome.session, file.id))
        assert client.await_reply(Problem).code == error_codes.UNKNOWN_ENTRY


def test_an_unshared_file_is_nobodys(room: FileRoom, welcome: Welcome) -> None:
    """The same answer as for a file that there is not."""
    file = put_file(room.port, welcome.session, "u1", TEXT)
    with RawClient(room.port) as bob:
        session = bob.join("bob").session
        problems = []
        for wanted in (file.id, "0" * 32, "../../etc/passwd"):
            with FileClient(room.port) as client:
                client.send(Get(session, wanted))
                problems.append(client.await_reply(Problem))
    assert problems[0].code == error_codes.UNKNOWN_ENTRY
    assert problems == problems[:1] * 3


def test_a_session_of_nobody_is_refused(room: FileRoom) -> None:
    """In one sentence, and the host gets one line for a flood."""
    for session in ("nobody's", room.server.own_token):
        with FileClient(room.port) as client:
            client.send(Get(session, "x"))
            assert client.await_reply(Problem).code == error_codes.NOT_JOINED
            assert client.await_end() == b""
    assert await_host_event(room.server, JoinAttemptRefused).reason.startswith("asks for files")
    assert room.server.events.empty()


def test_a_former_member_is_refused(room: FileRoom, welcome: Welcome, ann: RawClient) -> None:
    """Until they join again."""
    ann.send(Leave())
    ann.await_end()
    with FileClient(room.port) as client:
        client.send(Get(welcome.session, "x"))
        assert client.await_reply(Problem).code == error_codes.NOT_JOINED


def test_a_member_whose_connection_broke_goes_on(room: FileRoom, welcome: Welcome, ann: RawClient) -> None:
    """While their seat is kept."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", 5))
        client.await_reply(Go)
        ann.connection.close()
        client.send_bytes(b"hello")
        client.send(Sum(sha256(b"hello")))
        client.await_reply(Stored)
    assert put_file(room.port, welcome.session, "u2", b"more").size == 4


@pytest.mark.parametrize("how", ["kick", "ban", "leave"])
def test_a_transfer_ends_with_the_membership(
    room: FileRoom, welcome: Welcome, ann: RawClient, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upload is told why; a download that nobody reads ends too."""
    monkeypatch.setattr(client_thread, "CLOSE_GRACE_S", 1.0)
    file = put_file(room.port, welcome.session, "u1", b"x" * LARGEST)
    room.share(ann, file)
    with FileClient(room.port) as upload:
        upload.send(Put(welcome.session, "u2", "a", LARGEST, sha256(b"")))
        upload.await_reply(Go)
        upload.send_bytes(b"x")
        if how == "leave":
            ann.send(Leave())
        else:
            room.server.run_command(Kick("ann") if how == "kick" else BanName("ann"))
            ann.await_frame(Closed)
        assert upload.await_reply(Problem).code == error_codes.NOT_JOINED


def test_a_closing_room_ends_transfers_in_order(room: FileRoom, welcome: Welcome) -> None:
    """The uploading client reads why, and the server closes as quickly as ever."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", LARGEST, sha256(b"")))
        client.await_reply(Go)
        closing = threading.Thread(target=room.server.close, name="closing")
        closing.start()
        assert client.await_reply(Problem).code == error_codes.CLOSING
        client.connection.close()
        closing.join()


def test_two_files_of_a_member_at_once(room: FileRoom, welcome: Welcome) -> None:
    """A third is refused with a hint; the same file again takes over from the older connection."""
    clients = [FileClient(room.port) for _ in range(MAX_TRANSFERS + 2)]
    try:
        for number, client in enumerate(clients[: MAX_TRANSFERS + 1]):
            client.send(Put(welcome.session, f"u{number}", "a", len(TEXT), sha256(TEXT)))
            if number < MAX_TRANSFERS:
                client.await_reply(Go)
        assert clients[MAX_TRANSFERS].await_reply(Problem).code == error_codes.BUSY
        clients[0].send_bytes(TEXT[:30_000])
        clients[-1].send(Put(welcome.session, "u0", "a", len(TEXT), sha256(TEXT)))
        offset = clients[-1].await_reply(Go).offset
        clients[-1].send_bytes(TEXT[offset:])
        assert clients[-1].await_reply(Stored).file.sha256 == sha256(TEXT)
    finally:
        for client in clients:
            client.connection.close()


def test_file_connections_take_no_place_of_strangers(room: FileRoom, welcome: Welcome) -> None:
    """As soon as the session is known."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", 5))
        client.await_reply(Go)
        assert room.server._connections.oldest_unjoined() is None


def test_a_transfer_that_stands_still_ends(
    room: FileRoom, welcome: Welcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps what has come."""
    monkeypatch.setattr(transfer_stream, "TRANSFER_STALL_S", 0.1)
    put = Put(welcome.session, "u1", "a", len(TEXT), sha256(TEXT))
    with FileClient(room.port) as client:
        client.send(put)
        client.await_reply(Go)
        client.send_bytes(TEXT[:10])
        assert client.await_end() == b""
    with FileClient(room.port) as client:
        client.send(put)
        assert client.await_reply(Go).offset == 10


@pytest.mark.parametrize(
    "line",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b'{"type":"say","id":"1","text":"x"}\n',
        b"[" * 5_000,
        b'{"type":"put","session":' + b"[" * 2_000 + b"\n",
        b'{"type":"put","session":"s","upload":"u","name":"n","size":-1}\n',
    ],
    ids=["http", "talk", "endless", "nested", "negative"],
)
def test_bytes_that_are_not_a_request(room: FileRoom, line: bytes) -> None:
    """They are answered by a sentence, and the host reads where they came from."""
    with FileClient(room.port) as client:
        client.send_bytes(line)
        problem = client.await_reply(Problem)
        assert (problem.code, bool(problem.hint)) == (error_codes.BAD_FRAME, True)
        assert client.await_end() == b""
    await_host_event(room.server, JoinAttemptRefused)


def test_a_client_without_a_request_is_disconnected(room: FileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time that joining may take."""
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", 0.5)
    with FileClient(room.port) as client:
        client.send_bytes(b'{"type":')
        assert client.await_end() == b""


def test_a_room_without_files_says_so() -> None:
    """To members and to strangers."""
    with open_room(files=None) as server, FileClient(server.port) as client:
        client.send(Get("x", "y"))
        assert client.await_reply(Problem).code == error_codes.NO_FILES
        assert client.await_end() == b""


def test_talk_goes_on_beside_a_transfer(room: FileRoom, welcome: Welcome, ann: RawClient) -> None:
    """On the other connection of the same member."""
    with FileClient(room.port) as client:
        client.send(Put(welcome.session, "u1", "a", len(TEXT), sha256(TEXT)))
        client.await_reply(Go)
        ann.send(Say("1", "hello"))
        assert ann.await_frame(Message).text == "hello"
        client.send_bytes(TEXT)
        client.await_reply(Stored)
