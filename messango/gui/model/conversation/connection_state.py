"""Whether we are in the room, and what to show while the connection is lost."""

from __future__ import annotations

import math
from collections.abc import Callable

from messango.client.events import Disconnected
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity


class ConnectionState:
    """Follows a client's events about its connection; `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._disconnected: Disconnected | None = None
        self._retry_at = 0.0
        self._reconnecting = False
        #: Whether we have joined, also while the connection is lost.
        self.is_joined = False

    @property
    def is_lost(self) -> bool:
        """Whether the connection is lost and the client tries to reconnect."""
        return self._disconnected is not None or self._reconnecting

    def reset(self) -> None:
        """A new session begins."""
        self._disconnected, self._reconnecting, self.is_joined = None, False, False

    def connecting(self, *, reconnecting: bool) -> None:
        """The client connects now, for the first time or again."""
        self._disconnected, self._reconnecting = None, reconnecting

    def joined(self) -> None:
        """We are in the room, or in it again."""
        self._disconnected, self._reconnecting, self.is_joined = None, False, True

    def disconnected(self, event: Disconnected) -> None:
        """The connection is lost; the client retries after `event.retry_in_s` seconds."""
        self._disconnected, self._retry_at = event, self._clock() + event.retry_in_s

    def banner(self) -> Banner | None:
        """Return the banner that counts down to the next attempt, or None while connected."""
        if self._disconnected is not None:
            left_s = math.ceil(max(self._retry_at - self._clock(), 0))
            when = f"Reconnecting in {left_s} s." if left_s else "Reconnecting now…"
            text, hint = (
                f"{self._disconnected.error} {when}",
                "Keep writing; it will be sent when you are back.",
            )
            return Banner(BannerSeverity.WARNING, text, hint, (BannerAction.RETRY_NOW,))
        if self._reconnecting:
            text = "The connection was lost. Reconnecting now…"
            return Banner(
                BannerSeverity.WARNING, text, "Keep writing; it will be sent when you are back.", ()
            )
        return None
