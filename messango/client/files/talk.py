"""What transfers of files need from the talk connection: where the room is, and who we are there."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from messango.transport.addresses import Address


@dataclass(frozen=True, slots=True)
class Membership:
    """Our place in the room: where it answered, with which certificate, and the secret of our session.

    `fingerprint` is empty without encryption.
    """

    address: Address
    fingerprint: str
    session: str
    room_id: str
    features: frozenset[str]


class Talk:
    """Thread-safe: owns the condition that guards all below. The client's thread reports, transfers wait."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._membership: Membership | None = None
        self._joins = 0

    def joined(self, membership: Membership) -> None:
        """Note that we are in the room."""
        with self._changed:
            self._membership = membership
            self._joins += 1
            self._changed.notify_all()

    def disconnected(self) -> None:
        """Note that the talk connection has ended."""
        with self._changed:
            self._membership = None

    def wake(self) -> None:
        """Let all transfers that wait check whether they still have to."""
        with self._changed:
            self._changed.notify_all()

    @property
    def membership(self) -> Membership | None:
        """Our place in the room; None while we are not in it."""
        with self._changed:
            return self._membership

    def wait_for_membership(self, is_over: Callable[[], bool]) -> Membership | None:
        """Wait until we are in the room; return None if `is_over` returns true before, after a `wake`."""
        with self._changed:
            self._changed.wait_for(lambda: self._membership is not None or is_over())
            return self._membership

    def pause(self, pause_s: float, is_over: Callable[[], bool]) -> None:
        """Wait for a time, or until we join again, or `is_over` returns true after a `wake`."""
        deadline_s = time.monotonic() + pause_s
        with self._changed:
            joins = self._joins
            while self._joins == joins and not is_over():
                left_s = deadline_s - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    return
