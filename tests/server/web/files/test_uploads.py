"""Uploads by browsers to a real room: whole, in pieces, refused, and how they end."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import msgspec
import pytest

from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import Closed, Leave, Message, Say
from messango.room.host.host_command import Kick
from messango.server.files.store.store_folder import StoreFolder
from messango.server.files.transfers import transfer_stream
from tests.server.files.stores import LARGEST, sha256
from tests.server.web.files.rooms import WebFileRoom, answer, open_web_file_room, stored
from tests.support.http_client import HttpClient
from tests.support.raw_client import RawClient
from tests.support.rooms import open_room

TEXT = b"A file is only bytes.\n" * 4_000


@pytest.fixture
def room() -> Iterator[WebFileRoom]:
    with open_web_file_room() as opened:
        yield opened


@pytest.fixture
def http(room: WebFileRoom) -> Iterator[HttpClient]:
    with HttpClient(room.port) as client:
        yield client


@pytest.mark.parametrize("says_digest", [True, False])
@pytest.mark.parametrize("data", [TEXT, b"", b"x" * LARGEST], ids=["text", "empty", "largest"])
def test_a_file_goes_up_whole(room: WebFileRoom, http: HttpClient, data: bytes, *, says_digest: bool) -> None:
    """Over one connection; who asks again gets the same file."""
    put = Put(room.session, "u1", "Ferien.txt", len(data), sha256(data) if says_digest else None)
    assert answer(room.begin(http, put)) == {"type": "go", "offset": 0}
    file = stored(room.bring(http, "u1", 0, data))
    assert (file.name, file.size, file.sha256) == ("Ferien.txt", len(data), sha256(data))
    assert stored(room.begin(http, put)) == file
    room.share(file)
    assert room.get(file.id).body == data


def test_an_upload_goes_on_where_it_broke(room: WebFileRoom, http: HttpClient) -> None:
    put = Put(room.session, "u1", "a", len(TEXT), sha256(TEXT))
    room.begin(http, put)
    with HttpClient(room.port) as broken:
        broken.request("POST", "/uploads/u1", b"", content_length=str(len(TEXT)), **room.place(0))
        broken.send(TEXT[:30_000])
        # It is there once the next request has taken over.
        await_bytes(room, "u1", 30_000)
    assert answer(room.begin(http, put))["offset"] == 30_000
    assert stored(room.bring(http, "u1", 30_000, TEXT[30_000:])).sha256 == sha256(TEXT)


def await_bytes(room: WebFileRoom, upload: str, count: int) -> None:
    """Wait until the server has so many bytes of an upload that goes on."""
    store = room.server.file_store.get()
    arrived = threading.Event()
    active = store._active
    while not arrived.wait(0.01):
        running = active.get((room.member, upload))
        if running is not None and running.offset >= count:
            return


def test_bytes_that_are_not_the_missing_ones(room: WebFileRoom, http: HttpClient) -> None:
    """The page asks where to go on; nothing is lost."""
    put = Put(room.session, "u1", "a", len(TEXT), sha256(TEXT))
    room.begin(http, put)
    for offset, data in ((10, TEXT[10:]), (0, TEXT[:-1]), (0, TEXT + b"x")):
        with HttpClient(room.port) as other:
            assert answer(room.bring(other, "u1", offset, data), 409)["code"] == error_codes.OTHER_OFFSET
    assert answer(room.begin(http, put))["offset"] == 0
    assert stored(room.bring(http, "u1", 0, TEXT)).size == len(TEXT)


def test_the_same_upload_over_two_connections(room: WebFileRoom, http: HttpClient) -> None:
    """The older one broke, and nobody has noticed."""
    put = Put(room.session, "u1", "a", len(TEXT), sha256(TEXT))
    room.begin(http, put)
    with HttpClient(room.port) as older:
        older.request("POST", "/uploads/u1", b"", content_length=str(len(TEXT)), **room.place(0))
        older.send(TEXT[:10])
        await_bytes(room, "u1", 10)
        assert answer(room.begin(http, put))["offset"] == 10
        assert stored(room.bring(http, "u1", 10, TEXT[10:])).size == len(TEXT)
        assert older.await_end() == b""


@pytest.mark.parametrize(
    ("put", "status", "code"),
    [
        (Put("", "u1", "a", LARGEST + 1), 413, error_codes.TOO_LARGE),
        (Put("guessed", "u1", "a", 5), 403, error_codes.NOT_JOINED),
    ],
)
def test_a_file_is_refused_before_it_is_sent(
    room: WebFileRoom, http: HttpClient, put: Put, status: int, code: str
) -> None:
    put = msgspec.structs.replace(put, session=put.session or room.session)
    problem = answer(room.begin(http, put), status)
    assert (problem["type"], problem["code"], bool(problem["hint"])) == ("problem", code, True)
    assert answer(http.post("/uploads", b"{"), 400)["code"] == error_codes.BAD_FRAME


def test_an_upload_that_nobody_has_begun(room: WebFileRoom, http: HttpClient) -> None:
    assert answer(room.bring(http, "u1", 0, b"hello"), 404)["code"] == error_codes.UNKNOWN_ENTRY
    with HttpClient(room.port) as other:
        assert other.post("/uploads/u1", b"hello").status == 400


def test_a_room_without_files_says_so() -> None:
    with open_room(files=None, web=True) as server, HttpClient(server.port) as http:
        problem = answer(http.post("/uploads", msgspec.json.encode(Put("s", "u", "a", 5))), 403)
        assert problem["code"] == error_codes.NO_FILES


def test_wrong_bytes_are_refused_and_dropped(room: WebFileRoom, http: HttpClient) -> None:
    """The next try begins from the first byte."""
    put = Put(room.session, "u1", "a", 5, sha256(b"hello"))
    room.begin(http, put)
    assert answer(room.bring(http, "u1", 0, b"hallo"), 422)["code"] == error_codes.WRONG_DIGEST
    assert answer(room.begin(http, put))["offset"] == 0
    assert stored(room.bring(http, "u1", 0, b"hello")).size == 5


def test_a_full_disk_is_told_while_the_file_is_sent(
    room: WebFileRoom, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page reads why although it has not sent all, and talk goes on."""
    room.begin(http, Put(room.session, "u1", "a", LARGEST))
    monkeypatch.setattr(StoreFolder, "free_bytes", lambda _: 0)
    problem = answer(room.bring(http, "u1", 0, b"x" * LARGEST), 507)
    assert problem["code"] == error_codes.STORE_FULL
    room.guest.send(Say("1", "hello"))
    assert room.guest.await_frame(Message).text == "hello"


def test_a_refused_page_that_goes_on_sending_can_read_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Browsers send the whole body before they look for an answer; a connection that breaks has none."""
    monkeypatch.setattr(StoreFolder, "free_bytes", lambda _: 10**15)
    with open_web_file_room(40_000_000) as large, HttpClient(large.port) as page:
        large.begin(page, Put(large.session, "u1", "a", 40_000_000))
        monkeypatch.setattr(StoreFolder, "free_bytes", lambda _: 0)
        page.request("POST", "/uploads/u1", b"", content_length="40000000", **large.place(0))
        for _ in range(40):
            page.send(b"x" * 1_000_000)
        assert page.response().status == 507


@pytest.mark.parametrize("how", ["kick", "leave"])
def test_an_upload_ends_with_the_membership(room: WebFileRoom, http: HttpClient, how: str) -> None:
    """The page is told why, and nothing is kept."""
    room.begin(http, Put(room.session, "u1", "a", LARGEST))
    http.request("POST", "/uploads/u1", b"", content_length=str(LARGEST), **room.place(0))
    http.send(b"x")
    await_bytes(room, "u1", 1)
    if how == "leave":
        room.guest.send(Leave())
        room.guest.await_end()
    else:
        room.server.run_command(Kick("ann"))
        room.guest.await_frame(Closed)
    response = http.response()
    assert (response.status, response.headers["connection"]) == (403, "close")
    assert answer(response, 403)["code"] == error_codes.NOT_JOINED


def test_a_closing_room_tells_an_uploading_page(room: WebFileRoom, http: HttpClient) -> None:
    room.begin(http, Put(room.session, "u1", "a", LARGEST))
    http.request("POST", "/uploads/u1", b"", content_length=str(LARGEST), **room.place(0))
    http.send(b"x")
    await_bytes(room, "u1", 1)
    closing = threading.Thread(target=room.server.close, name="closing")
    closing.start()
    # The members leave first: which of the two it sees is chance.
    assert http.response().status in (403, 503)
    http.close()
    closing.join()


def test_an_upload_that_stands_still_ends(
    room: WebFileRoom, http: HttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And keeps what has come."""
    monkeypatch.setattr(transfer_stream, "TRANSFER_STALL_S", 0.3)
    put = Put(room.session, "u1", "a", len(TEXT), sha256(TEXT))
    room.begin(http, put)
    with HttpClient(room.port) as silent:
        silent.request("POST", "/uploads/u1", b"", content_length=str(len(TEXT)), **room.place(0))
        silent.send(TEXT[:10])
        assert silent.await_end() == b""
    assert answer(room.begin(http, put))["offset"] == 10


def test_an_upload_is_canceled(room: WebFileRoom, http: HttpClient) -> None:
    """Also while its bytes come; others can't cancel it."""
    room.begin(http, Put(room.session, "u1", "a", LARGEST))
    body = msgspec.json.encode({"session": room.session})
    with HttpClient(room.port) as running:
        running.request("POST", "/uploads/u1", b"", content_length=str(LARGEST), **room.place(0))
        running.send(b"x")
        await_bytes(room, "u1", 1)
        assert answer(http.post("/uploads/u1/cancel", b'{"session":"guessed"}'), 403)["type"] == "problem"
        assert answer(http.post("/uploads/u1/cancel", body)) == {"type": "cancelled"}
        assert running.await_end() == b""
    assert answer(http.post("/uploads/none/cancel", body)) == {"type": "cancelled"}
    assert answer(room.begin(http, Put(room.session, "u1", "a", LARGEST)))["offset"] == 0


def test_uploads_of_other_programs_are_not_ours(room: WebFileRoom, http: HttpClient) -> None:
    """A session of theirs does not work here."""
    with RawClient(room.port) as ben:
        session = ben.join("ben").session
        assert answer(room.begin(http, Put(session, "u1", "a", 5)), 403)["code"] == error_codes.NOT_JOINED


def test_talk_goes_on_beside_an_upload(room: WebFileRoom, http: HttpClient) -> None:
    room.begin(http, Put(room.session, "u1", "a", len(TEXT), sha256(TEXT)))
    http.request("POST", "/uploads/u1", b"", content_length=str(len(TEXT)), **room.place(0))
    http.send(TEXT[:10])
    room.guest.send(Say("1", "hello"))
    assert room.guest.await_frame(Message).text == "hello"
    http.send(TEXT[10:])
    assert stored(http.response()).size == len(TEXT)


@pytest.mark.parametrize("headers", [{"x_messango": ""}, {"origin": "https://evil.example"}])
def test_another_page_can_not_send_files(
    room: WebFileRoom, http: HttpClient, headers: dict[str, str]
) -> None:
    body = msgspec.json.encode(Put(room.session, "u1", "a", 5))
    assert http.post("/uploads", body, **headers).status == 403


@pytest.mark.usefixtures("room")
def test_a_request_that_is_too_long(http: HttpClient) -> None:
    """It is not even read."""
    assert http.post("/uploads", b"{" + b" " * 5_000).status == 413
