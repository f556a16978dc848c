"""One member's turns before the room: what it says waits there for its round, no faster than it may talk."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from messango.server.limits import BURST, TokenBucket
from messango.server.request_queue import MemberFrames, RequestQueue, RoomFrame


class MemberInput:
    """Owns the bucket, and the lock `_buffer` by which it waits for a round; for the client's own thread.

    `closing` is set when the client has to go, and nothing more is asked.
    """

    def __init__(
        self, connection_id: int, request_queue: RequestQueue, rate_limit: float, closing: threading.Event
    ) -> None:
        self._connection_id = connection_id
        self._request_queue = request_queue
        self._bucket = TokenBucket(rate_limit, BURST)
        self._closing = closing
        #: Whoever ends the round lets go of it.
        self._batch_done = threading.Lock()
        self._batch_done.acquire()

    def submit(self, frames: Sequence[RoomFrame], size: int) -> None:
        """Have the room hear frames that came in a read of `size` bytes; meanwhile nothing is read.

        So what comes until they had their round is one read.
        """
        done = 0
        while done < len(frames) and not self._closing.is_set():
            granted = self._bucket.take(len(frames) - done)
            if granted:
                allowed = frames[done : done + granted]
                self._request_queue.put(
                    MemberFrames(self._connection_id, allowed, size, self._batch_done.release)
                )
                self._batch_done.acquire()
                done += granted
            if done < len(frames):
                self._closing.wait(self._bucket.wait_s())
