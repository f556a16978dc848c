"""Files of many megabytes go through a browser's connection without being in memory; talk goes first."""

from __future__ import annotations

import hashlib
import threading
import time
import tracemalloc
from collections.abc import Iterator

import pytest

from messango.protocol.files.transfer_frames import Put
from messango.protocol.frames import Message, Say
from messango.server.files.transfers import pace
from tests.server.web.files.rooms import WebFileRoom, answer, open_web_file_room, stored
from tests.support.http_client import HttpClient
from tests.support.raw_client import RawClient

SIZE = 40_000_000
PIECE = bytes(range(250)) * 4_000


@pytest.fixture
def room() -> Iterator[WebFileRoom]:
    with open_web_file_room(SIZE) as opened:
        yield opened


def send_pieces(room: WebFileRoom, http: HttpClient) -> str:
    """Upload a large file from small pieces, and share it; return its id."""
    room.begin(http, Put(room.session, "u1", "a.bin", SIZE))
    http.request("POST", "/uploads/u1", b"", content_length=str(SIZE), **room.place(0))
    for _ in range(SIZE // len(PIECE)):
        http.send(PIECE)
    room.share(file := stored(http.response()))
    return file.id


def digest_of_download(room: WebFileRoom, http: HttpClient, file_id: str) -> str:
    """Download a file piece by piece."""
    ticket = answer(room.ticket(http, file_id))["ticket"]
    http.request("GET", f"/files/{ticket}/a")
    response = http.response(has_body=False)
    digest, left = hashlib.sha256(), int(response.headers["content-length"])
    while left:
        data = http.read_some()
        assert data
        digest.update(data)
        left -= len(data)
    return digest.hexdigest()


def test_a_large_file_is_never_in_memory(room: WebFileRoom) -> None:
    """Both ways: at most a few pieces at a time, whatever its size."""
    tracemalloc.start()
    try:
        with HttpClient(room.port) as http:
            file_id = send_pieces(room, http)
            digest = digest_of_download(room, http, file_id)
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert digest == hashlib.sha256(PIECE * (SIZE // len(PIECE))).hexdigest()
    assert peak < 8_000_000


def test_files_are_slow_while_people_talk(room: WebFileRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """People who talk do not wait for a guest's file."""
    monkeypatch.setattr(pace, "PACED_BYTES_PER_S", 10_000_000)
    with RawClient(room.port) as ben, HttpClient(room.port) as http:
        ben.join("ben")
        file_id = send_pieces(room, http)
        ben.await_frame(Message)
        ben.send(Say("0", "tea?"))
        ben.await_frame(Message)
        is_over = threading.Event()
        slowest_s = 0.0

        def download() -> None:
            digest_of_download(room, http, file_id)
            is_over.set()

        thread = threading.Thread(target=download, name="download")
        begun_s = time.monotonic()
        thread.start()
        number = 0
        while not is_over.wait(0.1):
            number += 1
            said_s = time.monotonic()
            ben.send(Say(str(number), "tea?"))
            ben.await_frame(Message)
            slowest_s = max(slowest_s, time.monotonic() - said_s)
        thread.join()
        assert time.monotonic() - begun_s > 0.8 * SIZE / 10_000_000
        assert slowest_s < 1
