"""A room that is driven as its server drives it, and what each connection was told."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, TypeVar

from messango.protocol.frames import Join, Message, Rename, Say, ServerFrame, Typing, Welcome
from messango.room.bans import Bans
from messango.room.batch import Notice, Round
from messango.room.history import History, MemoryHistory
from messango.room.remote_peer import Peer
from messango.room.room import Room

F = TypeVar("F", bound=ServerFrame)

WALL_CLOCK_S = 1_700_000_000.0


ANN: Final = 1
BEN: Final = 2
CLEO: Final = 3
#: A connection by which one of them comes back.
AGAIN: Final = 11


def peer_of(link: int) -> Peer:
    """Return where a connection comes from: each from a machine of its own."""
    return Peer(f"192.0.2.{link % 256}", 50_000 + link)


class Table:
    """A room with its clock; each call is a round of its own unless it is made inside `begin` and `end`."""

    def __init__(self, seats: int = 5, history: History | None = None, bans: Bans | None = None) -> None:
        self.history = MemoryHistory() if history is None else history
        self.room = Room("1234", "Table 4", seats, self.history, bans)
        self.now_s = 100.0
        self.heard: defaultdict[int, list[ServerFrame]] = defaultdict(list)
        self.ended: set[int] = set()
        self.notices: list[Notice] = []
        self.catching_up: set[int] = set()
        self._in_round = False
        #: Where connections come from that come from elsewhere than `peer_of` says.
        self.peers: dict[int, Peer] = {}

    def begin(self) -> None:
        """Begin a round that goes on until `end`."""
        self.room.begin_round(self.now_s, WALL_CLOCK_S + self.now_s)
        self._in_round = True

    def end(self) -> Round:
        """End the round, and let everybody hear it."""
        self._in_round = False
        said = self.room.end_round()
        for segment in said.segments:
            for link in segment.audience:
                assert link not in self.ended, "nothing follows the end"
                self.heard[link] += segment.frames
            if segment.ends:
                self.ended.update(segment.audience)
        self.notices += said.notices
        self.catching_up.update(said.catching_up)
        return said

    def wait(self, seconds: float) -> None:
        """Let time pass, and give the room a round to notice it."""
        self.now_s += seconds
        self.begin()
        self.end()

    def join(self, link: int, name: str, session: str | None = None, since: int | None = None) -> bool:
        with self._round():
            return self.room.join(link, Join(1, name, session, since), self.peers.get(link, peer_of(link)))

    def enter(self, link: int, name: str, session: str | None = None, since: int | None = None) -> Welcome:
        """Join, and return the welcome."""
        assert self.join(link, name, session, since)
        return self.last(link, Welcome)

    def say(self, link: int, *texts: str) -> None:
        """Say each text under an id of its own, which is the text."""
        self.say_as(link, *((text, text) for text in texts))

    def say_as(self, link: int, *says: tuple[str, str]) -> None:
        """Say texts, each behind its id."""
        with self._round():
            self.room.say(link, [Say(message_id, text) for message_id, text in says])

    def read_on(self, link: int) -> None:
        """Let a connection that is catching up have read what it was given."""
        self.catching_up.remove(link)
        with self._round():
            self.room.catch_up(link)

    def rename(self, link: int, name: str) -> None:
        with self._round():
            self.room.rename(link, Rename(name))

    def touch_a_key(self, link: int) -> None:
        with self._round():
            self.room.type(link, Typing())

    def lose(self, link: int, silent_s: float = 0.0) -> None:
        with self._round():
            self.room.lose(link, silent_s)

    def part(self, link: int, reason: str = "left") -> None:
        with self._round():
            self.room.part(link, reason)

    def close(self) -> None:
        with self._round():
            self.room.close()

    def told(self, link: int) -> list[ServerFrame]:
        """Return what a connection was told since it was last asked for."""
        told, self.heard[link] = self.heard[link], []
        return told

    def hush(self) -> None:
        """Forget all that was told."""
        self.heard.clear()

    def texts(self, link: int) -> list[str]:
        """Return what this connection was told that was said."""
        return [frame.text for frame in self.heard[link] if isinstance(frame, Message)]

    def last(self, link: int, kind: type[F]) -> F:
        """Return the last frame of a kind that a connection was told."""
        return [frame for frame in self.heard[link] if isinstance(frame, kind)][-1]

    def _round(self) -> _OneRound:
        return _OneRound(self, own=not self._in_round)


class _OneRound:
    """A round around one call, or nothing inside a round."""

    def __init__(self, table: Table, *, own: bool) -> None:
        self._table = table
        self._own = own

    def __enter__(self) -> None:
        if self._own:
            self._table.begin()

    def __exit__(self, *_exception: object) -> None:
        if self._own:
            self._table.end()
