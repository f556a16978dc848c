"""The file beside the room's own that keeps whom the host has banned, also where no history is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec

from messango.errors import CorruptFile
from messango.room.bans import Ban, Bans
from messango.room.remote_peer import parse_network
from messango.storage import write_private


class _Kept(msgspec.Struct, frozen=True):
    bans: list[Ban] = []
    kicked: list[str] = []


class BanFile:
    """Reads once, and writes where something has changed. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._written = b""

    def read(self) -> Bans:
        """Return what was kept; raises `CorruptFile`, for a room without its bans would let everybody in."""
        try:
            self._written = self._path.read_bytes()
            kept = msgspec.json.decode(self._written, type=_Kept)
            for network in (network for ban in kept.bans for network in ban.networks):
                parse_network(network)
        except FileNotFoundError:
            return Bans()
        except (OSError, ValueError, RecursionError) as error:
            raise CorruptFile(
                self._path,
                "The list of those you have banned",
                "Mend it or move it away. Without it everybody may come in again.",
            ) from error
        return Bans(kept.bans, kept.kicked)

    def write(self, bans: Bans) -> None:
        """Keep the bans; raises `OSError`."""
        kept = _Kept([*bans], bans.kicked_sessions)
        data = msgspec.json.format(msgspec.json.encode(kept)) + b"\n"
        if data != self._written and (self._written or kept.bans or kept.kicked):
            write_private(self._path, data)
            self._written = data
