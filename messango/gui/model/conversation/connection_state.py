"""Whether we are in the room, and what to show while the connection is lost."""

from __future__ import annotations

import math
from collections.abc import Callable

from messango.client.events import Disconnected, LinkChanged
from messango.gui.model.conversation.banner import Banner, BannerAction, BannerSeverity


class ConnectionState:
    """Follows a client's events about its connection; `clock` returns monotonic seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._disconnected: Disconnected | None = None
        self._retry_at = 0.0
        self._reconnecting = False
        self._link_down: LinkChanged | None = None
        #: Whether we have joined, also while the connection is lost.
        self.is_joined = False

    @property
    def is_lost(self) -> bool:
        """Whether the connection is lost and the client tries to reconnect."""
        return self._disconnected is not None or self._reconnecting

    def reset(self) -> None:
        """A new session begins."""
        self._disconnected, self._reconnecting, self.is_joined = None, False, False
        self._link_down = None

    def connecting(self, *, reconnecting: bool) -> None:
        """The client connects now, for the first time or again."""
        self._disconnected, self._reconnecting = None, reconnecting

    def joined(self) -> None:
        """We are in the room, or in it again."""
        self._disconnected, self._reconnecting, self.is_joined = None, False, True
        self._link_down = None

    def disconnected(self, event: Disconnected) -> None:
        """The connection is lost; the client retries after `event.retry_in_s` seconds."""
        self._disconnected, self._retry_at = event, self._clock() + event.retry_in_s

    def link_changed(self, event: LinkChanged) -> None:
        """Our server has lost the link to the room's other servers, or has it again."""
        self._link_down = None if event.up else event

    def banner(self) -> Banner | None:
        """Return what is wrong with the connection, counting down to the next attempt, or with the link.

        None while all works.
        """
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
        if self._link_down is not None:
            return Banner(BannerSeverity.WARNING, self._link_down.reason, self._link_down.hint, ())
        return None
