"""Reads the stream from where the room stands, and hands it over no faster than the room folds.

The engine sends without being asked (a push consumer), which is the fastest for single messages, and stops
after some megabytes until its flow control is answered: it is, when everything before was handed over.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Final, NamedTuple

from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js import JetStreamContext, api

from messango.link.fold.stream_entry import Place, raw_digest
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_broken import another_stream, out_of_step, silent
from messango.link.nats.link_ends import RoomSide
from messango.link.nats.stream_setup import ask

#: The engine shows every second that it is there, and is treated as dead after this long without a sign.
_SIGN_OF_LIFE_S: Final = 1.0
SILENT_S: Final = 3.0

#: A busy computer may be late itself: what has come by then is read first.
_LAST_CHANCE_S: Final = 0.2

#: The most that is handed over in one call.
MAX_BATCH_ENTRIES: Final = 512
MAX_BATCH_BYTES: Final = 4_000_000

#: The most that is handed over and not folded yet, before a further batch: the room always has the next one.
MAX_UNFOLDED_BYTES: Final = 8_000_000

#: How often to look whether the room has got on, while it is behind. Nobody tells the link.
_LOOK_AGAIN_S: Final = 0.005

#: The engine removes a consumer that nobody listens to after this long.
_CONSUMER_KEPT_S: Final = 10.0


class StreamReader:
    """One consumer of the stream, for one connection. Belongs to the link's loop.

    It begins at the entry at which the room stands, to see whether that is the one that was folded.
    `handed_over` is the number of the last entry that the room has got.
    """

    def __init__(self, connection: EngineConnection, room: RoomSide) -> None:
        self._connection, self._room = connection, room
        self.start, self._digest = _standing(room)
        self.handed_over = self.start.stream
        self._is_known_stream = not self.start.stream
        self._received = max(self.start.stream, 1) - 1
        self._queue: deque[tuple[int, bytes] | _FlowControl] = deque()
        self._arrived = asyncio.Event()
        self._unfolded: deque[tuple[int, int]] = deque()
        self._unfolded_bytes = 0
        self._heard_s = 0.0

    async def open(self, jetstream: JetStreamContext) -> None:
        """Create the consumer."""
        client = self._connection.client
        inbox = client.new_inbox()
        # Not a subscription of JetStream's: nats-py answers flow control late, and makes a consumer that has
        # died again only after many seconds.
        await client.subscribe(inbox, cb=self._on_message, pending_msgs_limit=-1, pending_bytes_limit=-1)
        config = api.ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=api.DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._received + 1,
            ack_policy=api.AckPolicy.NONE,
            flow_control=True,
            idle_heartbeat=_SIGN_OF_LIFE_S,
            inactive_threshold=_CONSUMER_KEPT_S,
            mem_storage=True,
            num_replicas=1,
            max_deliver=1,
        )
        await ask(self._connection, jetstream.add_consumer(self._connection.names.stream, config=config))
        self._heard_s = asyncio.get_running_loop().time()

    def has_reached(self, stream_seq: int) -> bool:
        """Return whether the room has folded the stream up to this entry, and it is the right stream."""
        return self._is_known_stream and self._room.place().stream >= stream_seq

    @property
    def progress(self) -> tuple[int, int]:
        """What the room has got, and what it has folded."""
        return self.handed_over, self._room.place().stream

    @property
    def waits_for_room(self) -> bool:
        """Whether the room has got more than it has folded."""
        return self._room.place().stream < self.handed_over

    async def hand_over(self) -> None:
        """Give the room what comes, until something is wrong."""
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            while self._queue:
                if isinstance(self._queue[0], _FlowControl):
                    await self._connection.client.publish(self._queue[0].reply)
                    self._queue.popleft()
                    continue
                while self._is_room_behind():
                    await asyncio.sleep(_LOOK_AGAIN_S)
                self._give_batch()

    async def watch(self) -> None:
        """Fail when nothing has come for too long."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(self._heard_s + SILENT_S - loop.time())
            if loop.time() - self._heard_s >= SILENT_S:
                await asyncio.sleep(_LAST_CHANCE_S)
            if loop.time() - self._heard_s >= SILENT_S:
                raise silent()

    async def _on_message(self, message: Msg) -> None:
        self._heard_s = asyncio.get_running_loop().time()
        headers = message.headers or {}
        if headers.get(api.Header.STATUS) != "100":
            self._receive_entry(message)
        elif message.reply:
            self._queue.append(_FlowControl(message.reply))
            self._arrived.set()
        elif int(headers.get(api.Header.LAST_STREAM, "0")) > self._received:
            # Between the servers of a cluster, a message can be lost: the sign of life counts them.
            self._connection.fail(out_of_step())

    def _receive_entry(self, message: Msg) -> None:
        try:
            stream_seq = message.metadata.sequence.stream
        except (NatsError, ValueError, LookupError):
            return  # Nobody but JetStream knows the inbox; it is no entry anyway.
        if stream_seq != self._received + 1:
            self._connection.fail(out_of_step())
            return
        self._received = stream_seq
        self._queue.append((stream_seq, message.data))
        self._arrived.set()

    def _give_batch(self) -> None:
        batch: list[tuple[int, bytes]] = []
        size = 0
        while self._queue and len(batch) < MAX_BATCH_ENTRIES and size < MAX_BATCH_BYTES:
            entry = self._queue[0]
            if isinstance(entry, _FlowControl):
                break
            self._queue.popleft()
            if self._is_known_stream:
                batch.append(entry)
                size += len(entry[1])
            else:
                self._compare(*entry)
        if batch:
            self.handed_over = batch[-1][0]
            self._unfolded.append((self.handed_over, size))
            self._unfolded_bytes += size
            self._room.on_entries(batch)

    def _compare(self, stream_seq: int, data: bytes) -> None:
        """See whether the entry at the place is the one that was folded."""
        if stream_seq != self.start.stream or raw_digest(data) != self._digest:
            raise another_stream()
        self._is_known_stream = True

    def _is_room_behind(self) -> bool:
        folded = self._room.place().stream
        while self._unfolded and self._unfolded[0][0] <= folded:
            self._unfolded_bytes -= self._unfolded.popleft()[1]
        return self._unfolded_bytes >= MAX_UNFOLDED_BYTES


class _FlowControl(NamedTuple):
    """The engine waits for an answer to this subject before it sends more."""

    reply: str


def _standing(room: RoomSide) -> tuple[Place, str]:
    """Return the room's place and the digest of the entry there, which change together in its own thread."""
    while True:
        place = room.place()
        digest = room.last_raw_digest() if place.stream else ""
        if room.place() == place:
            return place, digest
