"""The servers of the room, as the stream has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from messango.link.fold.acts import Opened
from messango.link.fold.kept_state import KeptState
from messango.link.fold.ordered import Writer
from messango.link.fold.refusals import Refusal
from messango.link.fold.turns import Turns
from messango.protocol.frames import ServerCard
from messango.protocol.limits import MAX_SERVERS

_KIND: Final = "server"


class Server(Struct, frozen=True, omit_defaults=True):
    """A server with its present `life`, begun by entry `opened` of the stream; `gone` if it is silent."""

    card: ServerCard
    life: str
    opened: int
    turn: int
    gone: bool = False


class Servers:
    """All servers that were opened, the longest known first; of more than `MAX_SERVERS`, gone ones leave."""

    def __init__(self, kept: KeptState, turns: Turns) -> None:
        self._kept = kept
        self._turns = turns
        stored = sorted(kept.read_all(_KIND, Server), key=lambda item: item[1].turn)
        self._servers = dict(stored)

    def __iter__(self) -> Iterator[Server]:
        return iter(self._servers.values())

    def ids(self) -> list[str]:
        """Return the ids of all servers. Any thread may call: to copy the keys is one step."""
        return [*self._servers]

    def find(self, server: str) -> Server | None:
        """Return the server with this id."""
        return self._servers.get(server)

    def is_here(self, server: str, life: str) -> bool:
        """Return whether this is the server's present life, and it was not declared gone."""
        known = self._servers.get(server)
        return known is not None and known.life == life and not known.gone

    def open(self, opened: Opened, writer: Writer) -> Refusal | None:
        """A server begins a life, or is back in it.

        Of two lives of a server, the later one in the stream is not always the one that began later: a dying
        server's last entry may arrive late. So it has to have seen the life that it ends.
        """
        if opened.server.id != writer.server:
            return "not-here"
        known = self._servers.get(writer.server)
        if known is not None and known.life != writer.life and writer.folded < known.opened:
            return "outdated"
        if known is None and len(self._servers) >= MAX_SERVERS and not self._forget():
            return "too-many-servers"
        turn = self._turns.next() if known is None else known.turn
        self._put(writer.server, Server(opened.server, writer.life, writer.place, turn))
        return None

    def silence(self, server: str, life: str) -> bool:
        """Declare that this life of a server is gone; returns whether it was its present one, and here."""
        if not self.is_here(server, life):
            return False
        self._put(server, replace(self._servers[server], gone=True))
        return True

    def _put(self, server: str, record: Server) -> None:
        self._servers[server] = record
        self._kept.put(f"{_KIND}:{server}", record)

    def _forget(self) -> bool:
        gone = next((name for name, server in self._servers.items() if server.gone), None)
        if gone is None:
            return False
        del self._servers[gone]
        self._kept.delete(f"{_KIND}:{gone}")
        return True
