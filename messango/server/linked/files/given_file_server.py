"""Gives the shared files that are here to other servers."""

from __future__ import annotations

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import IO, Final

from messango.link.files.file_frames import Ask, Done, FilePost, Full, Have, Lack, Piece, Request, WhoHas
from messango.link.files.given_files import IDLE_S, GivenFiles
from messango.protocol import error_codes
from messango.room.files.refusals import FileRefused
from messango.server.files.store.file_store import FileStore
from messango.server.files.transfers.pace import Pace

logger = logging.getLogger(__name__)

#: Requests that wait; more are dropped, and come again.
_MAX_WAITING: Final = 256

#: Of a file that is not to be had here, rather than not now.
_LACKING: Final = frozenset({error_codes.UNKNOWN_ENTRY, error_codes.NO_FILES})


class GivenFileServer:
    """Owns its thread, which starts with the first request, and the files that are open in it."""

    def __init__(self, server: str, post: FilePost, store: Callable[[], FileStore], pace: Pace) -> None:
        """`server` is our id."""
        self._server, self._post, self._store, self._pace = server, post, store, pace
        self._requests: queue.Queue[Request | None] = queue.Queue(_MAX_WAITING)
        self._closing = threading.Event()
        #: Guards the start of the thread.
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        # In the thread only.
        self._given = GivenFiles()
        self._files: dict[str, tuple[str, IO[bytes]]] = {}

    def handle(self, request: Request) -> None:
        """Answer a request of another server soon; never waits. Any thread may call."""
        with contextlib.suppress(queue.Full):
            self._requests.put_nowait(request)
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = threading.Thread(target=self._run, name="messango-link-files", daemon=True)
                self._thread.start()

    def close(self, timeout_s: float) -> None:
        """End the thread; a disk that does not answer is not waited for. Twice is harmless."""
        with self._lock:
            self._closing.set()
            thread = self._thread
        with contextlib.suppress(queue.Full):
            self._requests.put_nowait(None)
        if thread is not None:
            thread.join(timeout_s)

    def _run(self) -> None:
        while not self._closing.is_set():
            try:
                request = self._requests.get(timeout=IDLE_S if self._files else None)
            except queue.Empty:
                request = None
            try:
                if request is not None:
                    self._answer(request)
            except Exception:  # The edge of the thread: other files go on.
                logger.exception("giving a file to another server failed")
            self._close_files(self._given.take_idle(time.monotonic()))
        self._close_files([*self._files])

    def _answer(self, request: Request) -> None:
        if isinstance(request, Done):
            self._close_files([request.transfer])
        else:
            self._answer_question(request)

    def _answer_question(self, request: WhoHas | Ask) -> None:
        answer: Have | Lack | Full | Piece
        if not self._given.has_room(request.transfer, time.monotonic()):
            answer = Full(self._server, request.transfer)
        else:
            try:
                answer = self._give(request)
            except (FileRefused, OSError) as error:
                self._close_files([request.transfer])
                lacks = isinstance(error, FileRefused) and error.code in _LACKING
                answer = (Lack if lacks else Full)(self._server, request.transfer)
        self._post.send_file_frame(request.server, answer)
        if isinstance(answer, Piece) and (delay_s := self._pace.delay_s(len(answer.data))):
            self._closing.wait(delay_s)

    def _give(self, request: WhoHas | Ask) -> Have | Piece:
        """Return what was asked for; raises `FileRefused` or `OSError`."""
        if isinstance(request, WhoHas):
            _file, stored = self._store().open_shared(request.file)
            stored.close()
            return Have(self._server, request.transfer)
        stored = self._open(request)
        self._given.note(request.transfer, time.monotonic())
        stored.seek(request.offset)
        return Piece(self._server, request.transfer, request.offset, stored.read(request.size))

    def _open(self, ask: Ask) -> IO[bytes]:
        known = self._files.get(ask.transfer)
        if known is not None and known[0] == ask.file:
            return known[1]
        self._close_files([ask.transfer])
        _file, stored = self._store().open_shared(ask.file)
        self._files[ask.transfer] = (ask.file, stored)
        return stored

    def _close_files(self, transfers: list[str]) -> None:
        for transfer in transfers:
            self._given.end(transfer)
            _file, stored = self._files.pop(transfer, ("", None))
            if stored is not None:
                stored.close()
