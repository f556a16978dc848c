"""One member's turns before the room: what it says waits there for its round, no faster than it may talk."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from messango.server.limits import BURST, TokenBucket
from messango.server.request_queue import Asks, Inbox, RoomFrame


class Turns:
    """Owns the bucket, and the lock `_buffer` by which it waits for a round; for the guest's own thread.

    `ending` is set when the guest has to go, and nothing more is asked.
    """

    def __init__(self, connection_id: int, inbox: Inbox, rate_limit: float, ending: threading.Event) -> None:
        self._connection_id = connection_id
        self._inbox = inbox
        self._bucket = TokenBucket(rate_limit, BURST)
        self._ending = ending
        #: Whoever ends the round lets go of it.
        self._heard = threading.Lock()
        self._heard.acquire()

    def ask(self, frames: Sequence[RoomFrame], size: int) -> None:
        """Have the room hear frames that came in a read of `size` bytes; meanwhile nothing is read.

        So what comes until they had their round is one read.
        """
        done = 0
        while done < len(frames) and not self._ending.is_set():
            granted = self._bucket.take(len(frames) - done)
            if granted:
                part = frames[done : done + granted]
                self._inbox.put(Asks(self._connection_id, part, size, self._heard.release))
                self._heard.acquire()
                done += granted
            if done < len(frames):
                self._ending.wait(self._bucket.wait_s())
