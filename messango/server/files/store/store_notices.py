"""What the host reads about the store of files: each piece of news once, and not too often."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Final

from messango.protocol import error_codes
from messango.protocol.files.file_name import safe_file_name
from messango.protocol.files.transfer_frames import Put
from messango.room.files.refusals import FileRefused
from messango.room.files.shared_file import OTHER_SERVERS, Uploader
from messango.room.host.host_events import FileTurnedAway, RoomEvent, ServerNotice, ServerWarning

#: Seconds between two lines about files for which there was no space.
_NOTICE_EVERY_S: Final = 60.0


class StoreNotices:
    """Owns the lock that guards what the host was told last. Any thread may call."""

    def __init__(self, publish: Callable[[RoomEvent], None], clock: Callable[[], float]) -> None:
        self._publish = publish
        self._clock = clock
        self._lock = threading.Lock()
        self._next_notice_s = float("-inf")
        self._is_failing = False

    def warn(self, sentence: str) -> None:
        """Warn the host."""
        self._publish(ServerWarning(sentence))

    def refused(self, uploader: Uploader, put: Put, refusal: FileRefused) -> None:
        """Let the host know if there was no space for a file."""
        if refusal.code != error_codes.STORE_FULL:
            return
        with self._lock:
            now_s = self._clock()
            is_news = now_s >= self._next_notice_s
            if is_news:
                self._next_notice_s = now_s + _NOTICE_EVERY_S
        if is_news:
            name = safe_file_name(put.name)
            if uploader == OTHER_SERVERS:
                self.warn(f"A member could not get {name} from another server. {refusal}")
                return
            self._publish(FileTurnedAway(uploader.address, name, put.size, str(refusal)))

    def records_written(self, failure: Exception | None) -> None:
        """Let the host know that the records can't be written, and that they can again."""
        with self._lock:
            was_failing, self._is_failing = self._is_failing, failure is not None
        if failure is not None and not was_failing:
            self.warn(f"The records of the room's files can't be written ({failure}).")
        elif failure is None and was_failing:
            self._publish(ServerNotice("The records of the room's files are written again."))

    @property
    def is_failing(self) -> bool:
        """Whether the records could not be written the last time."""
        return self._is_failing
