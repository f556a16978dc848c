"""A room with guests and files, and what a page does with its files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import msgspec

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import FileInfo, Message, Share
from messango.server.server import Server
from tests.server.files.stores import LARGEST, sha256
from tests.support.guests import WebSocketGuest
from tests.support.http_client import HttpClient, HttpResponse
from tests.support.rooms import open_room


class WebFileRoom:
    """An open room with a guest who has joined; a context manager by `open_web_file_room`."""

    def __init__(self, server: Server, guest: WebSocketGuest) -> None:
        self.server, self.port, self.guest = server, server.port, guest
        key = server.guest_key
        assert key is not None
        welcome = guest.join("ann", key.text)
        self.session, self.member = welcome.session, welcome.member

    def begin(self, http: HttpClient, put: Put) -> HttpResponse:
        """Ask where an upload begins."""
        return http.post("/uploads", msgspec.json.encode(put))

    def bring(self, http: HttpClient, upload: str, offset: int, data: bytes) -> HttpResponse:
        """Bring the rest of an upload."""
        return http.post(f"/uploads/{upload}", data, **self.place(offset))

    def place(self, offset: int) -> dict[str, str]:
        """Return the headers of a request that brings bytes."""
        return {"x_messango_session": self.session, "x_messango_offset": str(offset)}

    def put(self, upload: str, data: bytes, name: str = "notes.txt", **fields: Any) -> FileInfo:
        """Upload a whole file, as a page does."""
        with HttpClient(self.port) as http:
            begun = self.begin(http, Put(self.session, upload, name, len(data), sha256(data), **fields))
            offset = answer(begun)["offset"]
            return stored(self.bring(http, upload, offset, data[offset:]))

    def share(self, file: FileInfo) -> None:
        """Let the guest share what they have uploaded."""
        self.guest.send(Share(file.id, file.id, ""))
        assert self.guest.await_frame(Message).file == file

    def ticket(self, http: HttpClient, file_id: str, session: str | None = None) -> HttpResponse:
        """Ask for a ticket."""
        return http.post(
            "/tickets", msgspec.json.encode({"session": session or self.session, "file": file_id})
        )

    def get(self, file_id: str, name: str = "x") -> HttpResponse:
        """Download a file."""
        with HttpClient(self.port) as http:
            ticket = answer(self.ticket(http, file_id))["ticket"]
            return http.get(f"/files/{ticket}/{name}")


@contextmanager
def open_web_file_room(largest: int | None = LARGEST) -> Iterator[WebFileRoom]:
    """Open a room that takes files of up to `largest` bytes, with a guest in it."""
    with open_room(files=largest, web=True) as server, closing(WebSocketGuest(server.port)) as guest:
        yield WebFileRoom(server, guest)


def answer(response: HttpResponse, status: int = 200) -> dict[str, Any]:
    """Return the JSON of a response that has this status."""
    assert response.status == status, response
    decoded: dict[str, Any] = msgspec.json.decode(response.body)
    return decoded


def stored(response: HttpResponse) -> FileInfo:
    """Return the file that was stored."""
    return msgspec.convert(answer(response)["file"], FileInfo)
