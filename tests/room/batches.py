"""A room that is driven like a server drives it, and the frames that each connection received."""

from __future__ import annotations

from collections import defaultdict
from typing import Final, TypeVar

from messango.protocol.frames import Entry, Join, Message, Rename, Say, ServerFrame, Typing, Welcome
from messango.room.bans import Bans
from messango.room.batch import Batch
from messango.room.files.shelf import NO_SHELF, FileShelf
from messango.room.history.history import History, MemoryHistory
from messango.room.host.host_events import RoomEvent
from messango.room.peer import Peer
from messango.room.request_check import EntryRequest
from messango.room.room import Room
from tests.support.notices import without_id

F = TypeVar("F", bound=ServerFrame)

WALL_CLOCK_S = 1_700_000_000.0


ANN: Final = 1
BEN: Final = 2
CLEO: Final = 3
#: A connection over which one of them returns.
AGAIN: Final = 11


def peer_at(connection_id: int) -> Peer:
    """Return the peer of a connection: each comes from another computer."""
    return Peer(f"192.0.2.{connection_id % 256}", 50_000 + connection_id)


class RoomHarness:
    """A room with its clock; outside `begin_batch` and `end_batch` each call is a batch."""

    def __init__(
        self,
        seats: int = 5,
        history: History | None = None,
        bans: Bans | None = None,
        shelf: FileShelf = NO_SHELF,
        room: Room | None = None,
    ) -> None:
        self.history = MemoryHistory() if history is None else history
        self.room = room or Room("1234", "Table 4", seats, self.history, bans, shelf)
        self.now_s = 100.0
        self.received: defaultdict[int, list[ServerFrame]] = defaultdict(list)
        self.closed: set[int] = set()
        self.events: list[RoomEvent] = []
        self.lagging: set[int] = set()
        self._in_batch = False
        #: The peers of connections that do not come from `peer_at`.
        self.peers: dict[int, Peer] = {}

    def begin_batch(self) -> None:
        """Begin a batch that lasts until `end_batch`."""
        self.room.begin_batch(self.now_s, WALL_CLOCK_S + self.now_s)
        self._in_batch = True

    def end_batch(self) -> Batch:
        """End the batch, and deliver it."""
        self._in_batch = False
        batch = self.room.end_batch()
        for delivery in batch.deliveries:
            for connection_id in delivery.recipients:
                assert connection_id not in self.closed, "nothing follows the end"
                self.received[connection_id] += delivery.frames
            if delivery.closes:
                self.closed.update(delivery.recipients)
        self.events += batch.events
        self.lagging.update(batch.lagging)
        return batch

    def advance(self, seconds: float) -> None:
        """Let time pass, and run an empty batch."""
        self.now_s += seconds
        self.begin_batch()
        self.end_batch()

    def join(
        self,
        connection_id: int,
        name: str,
        session: str | None = None,
        since: int | None = None,
        host: str | None = None,
        password_generation: int = 0,
        key: str | None = None,
    ) -> bool:
        """Join, and return whether the connection is a member's after the batch."""
        with self._one_batch():
            self.room.join(
                connection_id,
                Join(1, name, session, since, host=host, key=key),
                self.peers.get(connection_id, peer_at(connection_id)),
                password_generation,
            )
        return self.room.members.by_connection(connection_id) is not None

    def join_admitted(
        self,
        connection_id: int,
        name: str,
        session: str | None = None,
        since: int | None = None,
        host: str | None = None,
        key: str | None = None,
    ) -> Welcome:
        """Join, and return the welcome."""
        assert self.join(connection_id, name, session, since, host, key=key)
        return self.last_frame(connection_id, Welcome)

    def post(self, connection_id: int, *texts: str) -> None:
        """Post each text; its id is the text."""
        self.post_with_ids(connection_id, *((text, text) for text in texts))

    def post_with_ids(self, connection_id: int, *messages: tuple[str, str]) -> None:
        """Post messages, each an id and a text."""
        with self._one_batch():
            self.room.post_messages(connection_id, [Say(message_id, text) for message_id, text in messages])

    def request(self, connection_id: int, request: EntryRequest) -> ServerFrame:
        """Post a request that takes a number; return the last frame that its sender got."""
        with self._one_batch():
            self.room.post_entry(connection_id, request)
        return self.received[connection_id][-1]

    def entries(self, connection_id: int) -> list[Entry]:
        """Return the entries that a connection has received."""
        return [frame for frame in self.received[connection_id] if isinstance(frame, Entry)]

    def read_backlog(self, connection_id: int) -> None:
        """Let a lagging connection have read the last part of its backlog."""
        self.lagging.remove(connection_id)
        with self._one_batch():
            self.room.send_backlog(connection_id)

    def rename(self, connection_id: int, name: str) -> None:
        with self._one_batch():
            self.room.rename(connection_id, Rename(name))

    def typing(self, connection_id: int, to: str = "") -> None:
        with self._one_batch():
            self.room.on_typing(connection_id, Typing(to))

    def disconnect(self, connection_id: int, silent_s: float = 0.0) -> None:
        with self._one_batch():
            self.room.disconnect(connection_id, silent_s)

    def leave(self, connection_id: int, reason: str = "left") -> None:
        with self._one_batch():
            self.room.leave(connection_id, reason)

    def close(self) -> None:
        with self._one_batch():
            self.room.close()

    def take_received(self, connection_id: int) -> list[ServerFrame]:
        """Return and forget the frames that a connection has received; notices without the random ids."""
        frames, self.received[connection_id] = self.received[connection_id], []
        return [without_id(frame) for frame in frames]

    def clear_received(self) -> None:
        """Forget all received frames."""
        self.received.clear()

    def texts(self, connection_id: int) -> list[str]:
        """Return the texts of the messages that this connection has received."""
        return [frame.text for frame in self.received[connection_id] if isinstance(frame, Message)]

    def last_frame(self, connection_id: int, kind: type[F]) -> F:
        """Return the last frame of a kind that a connection has received."""
        return [frame for frame in self.received[connection_id] if isinstance(frame, kind)][-1]

    def _one_batch(self) -> _OneBatch:
        return _OneBatch(self, own=not self._in_batch)


class _OneBatch:
    """A batch around one call, or nothing inside a batch."""

    def __init__(self, harness: RoomHarness, *, own: bool) -> None:
        self._harness = harness
        self._own = own

    def __enter__(self) -> None:
        if self._own:
            self._harness.begin_batch()

    def __exit__(self, *_exception: object) -> None:
        if self._own:
            self._harness.end_batch()
