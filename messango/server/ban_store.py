"""The file with a room's bans; a room without a history has one too."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import msgspec

from messango.errors import CorruptFile
from messango.room.bans import Ban, Bans, widened
from messango.room.peer import parse_network
from messango.storage import write_private

#: In format 1 a ban of somebody in the host's own IPv6 network covered one address, which they could change.
_FORMAT: Final = 2


class _Content(msgspec.Struct, frozen=True):
    bans: list[Ban] = []
    kicked: list[str] = []
    format: int = 1


class BanStore:
    """Reads the file once and writes it when the bans have changed. For one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._saved = b""

    def load(self) -> Bans:
        """Return the stored bans; raises `CorruptFile`, because without them banned people could join."""
        try:
            self._saved = self._path.read_bytes()
            content = msgspec.json.decode(self._saved, type=_Content)
            for network in (network for ban in content.bans for network in (*ban.networks, ban.address)):
                if network:
                    parse_network(network)
            bans = [widened(ban) for ban in content.bans] if content.format < _FORMAT else content.bans
        except FileNotFoundError:
            return Bans()
        except (OSError, ValueError, RecursionError) as error:
            raise CorruptFile(
                self._path,
                "The list of bans",
                "Repair the file, or move it away to start without bans.",
            ) from error
        return Bans(bans, content.kicked)

    def save(self, bans: Bans) -> None:
        """Write the bans if they changed; raises `OSError`."""
        content = _Content([*bans], bans.kicked_sessions, _FORMAT)
        data = msgspec.json.format(msgspec.json.encode(content)) + b"\n"
        if data != self._saved and (self._saved or content.bans or content.kicked):
            write_private(self._path, data)
            self._saved = data
