"""What is known about the link: whether it is up, who was told, and which servers were heard lately."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from messango.link.fold.link import LINK_DOWN_NOTICE_S, SERVER_SILENT_S, LinkState
from messango.link.fold.servers import Server

_STARTING: Final = LinkState(up=False, reason="The link is being made.", hint="Wait a moment.")


class LinkWatch:
    """For the room's thread; times are in seconds of a monotonic clock."""

    def __init__(self, now_s: float) -> None:
        self.state = _STARTING
        #: Since when the state is up, or is not.
        self.since_s = now_s
        #: Whether members and host know that the link is down.
        self.is_down_told = False
        self._heard_s: dict[str, float] = {}
        #: The lives that this server has declared gone.
        self._declared: set[str] = set()

    def change(self, state: LinkState, now_s: float) -> None:
        """The link is up or down."""
        if state.up != self.state.up:
            self.since_s = now_s
            # What others say cannot have been heard while the link was down.
            self._heard_s = {}
        self.state = state

    def is_notice_due(self, now_s: float) -> bool:
        """Return whether people should read now that the link is down, or that it is back."""
        if self.state.up:
            return self.is_down_told
        return not self.is_down_told and now_s - self.since_s >= LINK_DOWN_NOTICE_S

    def next_deadline_s(self, servers: Iterable[Server], own: str) -> float | None:
        """Return when something is due, if nothing happens before."""
        if not self.state.up:
            return None if self.is_down_told else self.since_s + LINK_DOWN_NOTICE_S
        if self.is_down_told:
            return self.since_s
        others = [server for server in servers if self._is_watched(server, own)]
        return min((self._silent_at_s(server) for server in others), default=None)

    def hear(self, server: str, now_s: float) -> None:
        """A server has given a sign of life."""
        self._heard_s[server] = now_s

    def take_silent(self, servers: Iterable[Server], own: str, now_s: float) -> list[tuple[str, str]]:
        """Return the servers, each with its life, that are to be declared gone now; each life once."""
        if not self.state.up:
            return []
        silent = [
            (server.card.id, server.life)
            for server in servers
            if self._is_watched(server, own) and self._silent_at_s(server) <= now_s
        ]
        self._declared.update(life for _server, life in silent)
        return silent

    def _is_watched(self, server: Server, own: str) -> bool:
        return server.card.id != own and not server.gone and server.life not in self._declared

    def _silent_at_s(self, server: Server) -> float:
        return self._heard_s.get(server.card.id, self.since_s) + SERVER_SILENT_S
