"""Decodes pictures in a thread, what was asked for last first: that is what the person looks at now."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass

from messango.gui.model.pictures.decoding import DAMAGED, NoPicture, PictureRequest, PictureResult

logger = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Loading:
    """A picture that was asked for. `cancel` in the main thread: then its callback is not called."""

    request: PictureRequest
    on_done: Callable[[PictureResult], None]
    is_cancelled: bool = False

    def cancel(self) -> None:
        """Do not decode this picture, unless that has begun; its callback is not called."""
        self.is_cancelled = True


class PictureLoader:
    """Owns the thread, which starts with the first picture. Main thread only; only `finish` blocks.

    The thread puts callbacks on `completions`, and the pump calls them in the main thread. Pictures are
    decoded one at a time, so that memory is needed for one.
    """

    def __init__(self) -> None:
        self.completions: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._waiting: list[Loading] = []
        self._is_closed = False
        self._changed = threading.Condition()  # guards `_waiting` and `_is_closed`
        self._thread: threading.Thread | None = None

    def load(self, request: PictureRequest, on_done: Callable[[PictureResult], None]) -> Loading:
        """Decode a picture; then `on_done` is called in the main thread, unless it was cancelled."""
        loading = Loading(request, on_done)
        with self._changed:
            self._waiting = [other for other in self._waiting if not other.is_cancelled]
            self._waiting.append(loading)
            self._changed.notify()
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="messango-gui-pictures", daemon=True)
            self._thread.start()
        return loading

    def finish(self, timeout_s: float) -> None:
        """Decode nothing more, and wait for the picture that is being decoded."""
        with self._changed:
            self._waiting.clear()
            self._is_closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join(timeout_s)

    # The thread.

    def _run(self) -> None:
        while (loading := self._next()) is not None:
            if not loading.is_cancelled:
                self._put(loading, _decode(loading.request))

    def _next(self) -> Loading | None:
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closed)
            return None if self._is_closed else self._waiting.pop()

    def _put(self, loading: Loading, result: PictureResult) -> None:
        def deliver() -> None:
            if not loading.is_cancelled:
                loading.on_done(result)

        self.completions.put(deliver)


def _decode(request: PictureRequest) -> PictureResult:
    # Imported here, since most rooms have no pictures.
    from messango.gui.background.decode_picture import decode_picture

    try:
        return decode_picture(request)
    except Exception:  # The edge of the thread: a bug is logged, and the next picture is decoded.
        logger.exception("a picture could not be decoded")
        return NoPicture(DAMAGED)
