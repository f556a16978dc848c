"""Where somebody comes from, as the room knows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Peer:
    """The other end of a connection: `host` is an IP address, `ours` true on the host's own machine."""

    host: str
    port: int
    encrypted: bool = True
    ours: bool = False

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"
