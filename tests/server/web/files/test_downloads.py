"""Downloads by browsers from a real room: tickets, whole files, and how they end."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest

from messango.protocol import error_codes
from messango.protocol.files.transfer_frames import Go, Put
from messango.protocol.frames import Closed, Leave, Message, Share
from messango.protocol.limits import MAX_TRANSFERS
from messango.room.host.host_command import Kick
from messango.server.files.transfers import transfer_stream
from messango.server.web.files import tickets
from tests.server.files.stores import sha256
from tests.server.web.files.rooms import WebFileRoom, answer, open_web_file_room
from tests.support.file_client import FileClient, get_file, put_file
from tests.support.http_client import HttpClient, HttpResponse
from tests.support.raw_client import TIMEOUT_S, RawClient

TEXT = b"A file is only bytes.\n" * 4_000
#: Far more than the buffers of both sockets.
LARGE = bytes(range(256)) * 120_000


@pytest.fixture
def room() -> Iterator[WebFileRoom]:
    with open_web_file_room(len(LARGE)) as opened:
        yield opened


@pytest.mark.parametrize("data", [TEXT, b"", LARGE], ids=["text", "empty", "large"])
def test_a_file_comes_down_whole(room: WebFileRoom, data: bytes) -> None:
    """With its length, to be saved under its own name, whatever the path says."""
    room.share(file := room.put("u1", data))
    response = room.get(file.id, "another.html")
    assert (response.status, response.body == data) == (200, True)
    assert response.headers["content-length"] == str(len(data))
    assert response.headers["content-disposition"].startswith('attachment; filename="notes.txt"')
    assert response.headers["content-type"] == "application/octet-stream"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in response.headers["content-security-policy"]
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.png", "image/png"), ("a.svg", "application/octet-stream"), ("a.html", "application/octet-stream")],
)
def test_only_pictures_have_a_type(room: WebFileRoom, name: str, kind: str) -> None:
    room.share(file := room.put("u1", b"<svg onload=alert(1)>", name))
    assert room.get(file.id).headers["content-type"] == kind


def test_files_of_others_are_the_same_bytes(room: WebFileRoom) -> None:
    """Both ways between a browser and another client."""
    with RawClient(room.port) as ben:
        session = ben.join("ben").session
        theirs = put_file(room.port, session, "u1", TEXT)
        ben.send(Share("s1", theirs.id, ""))
        room.guest.await_frame(Message)
        room.share(ours := room.put("u2", LARGE, "photo.jpg", width=20, height=10))
        assert (ours.width, ours.height, ours.sha256) == (20, 10, sha256(LARGE))
        assert get_file(room.port, session, ours.id) == LARGE
        assert room.get(theirs.id).body == TEXT


def test_a_ticket_is_good_once(room: WebFileRoom) -> None:
    """The connection goes on, also after the refusal."""
    room.share(file := room.put("u1", TEXT))
    with HttpClient(room.port) as http:
        ticket = answer(room.ticket(http, file.id))["ticket"]
        assert http.get(f"/files/{ticket}/a").body == TEXT
        problem = answer(http.get(f"/files/{ticket}/a"), 404)
        assert (problem["code"], bool(problem["hint"])) == (error_codes.UNKNOWN_ENTRY, True)
        assert answer(room.ticket(http, file.id))["ticket"] != ticket


def test_a_ticket_is_good_for_a_minute(room: WebFileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    room.share(file := room.put("u1", TEXT))
    with HttpClient(room.port) as http:
        ticket = answer(room.ticket(http, file.id))["ticket"]
        really_now = time.monotonic
        services = room.server._context.web.get()
        monkeypatch.setattr(services.tickets, "_clock", lambda: really_now() + tickets.VALID_S)
        assert http.get(f"/files/{ticket}/a").status == 404


def test_a_ticket_ends_with_the_membership(room: WebFileRoom) -> None:
    """Also one that was not used."""
    room.share(file := room.put("u1", TEXT))
    with HttpClient(room.port) as http:
        ticket = answer(room.ticket(http, file.id))["ticket"]
        room.guest.send(Leave())
        room.guest.await_end()
        problem = answer(http.get(f"/files/{ticket}/a"), 403)
        assert problem["code"] == error_codes.NOT_JOINED


def test_a_browser_asks_for_tickets_only_as_a_member(room: WebFileRoom) -> None:
    """And only for shared files; a session of another program does not do."""
    unshared = room.put("u1", TEXT)
    with RawClient(room.port) as ben, HttpClient(room.port) as http:
        assert answer(room.ticket(http, unshared.id), 404)["code"] == error_codes.UNKNOWN_ENTRY
        assert answer(room.ticket(http, "nothing"), 404)["code"] == error_codes.UNKNOWN_ENTRY
        for session in ("guessed", ben.join("ben").session):
            assert answer(room.ticket(http, unshared.id, session), 403)["code"] == error_codes.NOT_JOINED
        assert answer(http.post("/tickets", b"{}"), 400)["code"] == error_codes.BAD_FRAME


def test_another_page_gets_no_ticket(room: WebFileRoom) -> None:
    room.share(file := room.put("u1", TEXT))
    body = msgspec.json.encode({"session": room.session, "file": file.id})
    for headers in ({"x_messango": ""}, {"origin": "https://evil.example"}):
        with HttpClient(room.port) as http:
            assert http.post("/tickets", body, **headers).status == 403


def test_head_uses_no_ticket_up(room: WebFileRoom) -> None:
    room.share(file := room.put("u1", TEXT))
    with HttpClient(room.port) as http:
        ticket = answer(room.ticket(http, file.id))["ticket"]
        http.request("HEAD", f"/files/{ticket}/a")
        assert http.response(has_body=False).status == 405
        assert http.get(f"/files/{ticket}/a").body == TEXT


def begin_download(room: WebFileRoom, http: HttpClient, file_id: str) -> HttpResponse:
    """Begin to get a file, and read nothing but the head."""
    ticket = answer(room.ticket(http, file_id))["ticket"]
    http.request("GET", f"/files/{ticket}/a")
    response = http.response(has_body=False)
    assert response.status == 200, response
    return response


def test_a_download_ends_with_a_kick(room: WebFileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Although the browser takes nothing, and without the rest of the file."""
    # From here on the browser reads as fast as it can, and could have all before the next look at the seat.
    monkeypatch.setattr(transfer_stream, "CHECK_EVERY_S", 0.01)
    room.share(file := room.put("u1", LARGE))
    with HttpClient(room.port) as http:
        begin_download(room, http, file.id)
        room.server.run_command(Kick("ann"))
        room.guest.await_frame(Closed)
        assert len(http.await_end()) < len(LARGE)


def test_a_download_that_stands_still_ends(room: WebFileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer_stream, "TRANSFER_STALL_S", 0.6)
    room.share(file := room.put("u1", LARGE))
    with HttpClient(room.port) as http:
        begin_download(room, http, file.id)
        transfer = room.server._connections.find_transfer(room.member, file.id)
        assert transfer is not None
        transfer.join_thread(TIMEOUT_S)
        assert len(http.await_end()) < len(LARGE)


def test_a_closing_room_does_not_wait_for_a_download(room: WebFileRoom) -> None:
    room.share(file := room.put("u1", LARGE))
    with HttpClient(room.port) as http:
        begin_download(room, http, file.id)
        room.server.close()
        begun = http.await_end()
        assert begun == LARGE[: len(begun)]


def test_two_files_of_a_member_at_once(room: WebFileRoom) -> None:
    """Together with those of file connections; a page reads why before it uses a ticket."""
    room.share(file := room.put("u1", LARGE))
    with HttpClient(room.port) as http:
        waiting = answer(room.ticket(http, file.id))["ticket"]
        clients = [HttpClient(room.port) for _ in range(MAX_TRANSFERS)]
        try:
            for client in clients:
                begin_download(room, client, file.id)
            problem = answer(refused := room.ticket(http, file.id), 503)
            assert (problem["code"], refused.headers["retry-after"]) == (error_codes.BUSY, "1")
            clients.pop().close()
            assert http.get(f"/files/{waiting}/a").body == LARGE
        finally:
            for client in clients:
                client.close()


def test_an_upload_of_a_member_elsewhere_has_places_of_its_own(room: WebFileRoom) -> None:
    """The places are each member's."""
    room.share(file := room.put("u1", TEXT))
    with RawClient(room.port) as ben, FileClient(room.port) as upload:
        upload.send(Put(ben.join("ben").session, "u1", "a", 5, sha256(b"hello")))
        upload.await_reply(Go)
        assert room.get(file.id).body == TEXT
