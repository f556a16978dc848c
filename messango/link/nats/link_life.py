"""One life of the link: a connection and all that goes over it, until the first thing that fails."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from nats.js import JetStreamContext

from messango.link.fold.link import LinkState, Note
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.file_messages import FileMessages
from messango.link.nats.link_broken import CATCHING_UP
from messango.link.nats.link_ends import RoomSide, RoundSource
from messango.link.nats.notes import Notes
from messango.link.nats.round_publisher import RoundPublisher
from messango.link.nats.stream_reader import StreamReader
from messango.link.nats.stream_setup import find_stream

#: For an answer of JetStream about its streams. Without a leader there is none.
API_TIMEOUT_S: Final = 2.0

#: How often to look whether the room has caught up.
_LOOK_AGAIN_S: Final = 0.01

#: A moment's catching up is not worth telling.
_TOLD_AFTER_S: Final = 1.0


class LinkLife:
    """What belongs to one connection belongs here, so that it ends with it. For the link's loop.

    `on_state` gets each state of this life; `was_up` is whether it has reached the stream.
    """

    def __init__(
        self,
        connection: EngineConnection,
        room: RoomSide,
        rounds: RoundSource,
        new_stream_replicas: int | None,
        on_state: Callable[[LinkState], None],
    ) -> None:
        self._connection, self._room, self._rounds = connection, room, rounds
        self._new_stream_replicas = new_stream_replicas
        self._on_state = on_state
        self._notes: Notes | None = None
        self._files: FileMessages | None = None
        self.was_up = False

    @property
    def engine_version(self) -> str:
        """What the engine says of itself, as `2.9.10`."""
        version = self._connection.client.connected_server_version
        return f"{version.major}.{version.minor}.{version.patch}"

    async def run(self) -> None:
        """Connect, and stay linked; raises `LinkBroken` in the end."""
        await self._connection.connect()
        await asyncio.gather(self._connection.broken, self._stay_linked())

    def notify(self, note: Note) -> None:
        """Send a note, if the link is up."""
        if self._notes is not None:
            self._notes.send(note)

    async def flush_notes(self) -> None:
        """Return when the engine has all notes."""
        if self._notes is not None:
            await self._notes.flush()

    def send_file_frame(self, to: str, data: bytes) -> None:
        """Send an encoded frame about a file, if the link is up."""
        if self._files is not None:
            self._files.send(to, data)

    async def _stay_linked(self) -> None:
        jetstream = self._connection.client.jetstream(timeout=API_TIMEOUT_S)
        reader = StreamReader(self._connection, self._room)
        end = await find_stream(self._connection, jetstream, reader.start, self._new_stream_replicas)
        notes = Notes(self._connection, self._room)
        await notes.open()
        self._files = FileMessages(self._connection, self._room)
        await self._files.open()
        await reader.open(jetstream)
        await asyncio.gather(
            reader.hand_over(),
            reader.watch(),
            notes.send_waiting(),
            self._files.send_waiting(),
            self._speak(jetstream, reader, notes, end),
        )

    async def _speak(self, jetstream: JetStreamContext, reader: StreamReader, notes: Notes, end: int) -> None:
        """Publish as soon as the room has caught up."""
        await self._catch_up(reader, end)
        self._notes = notes
        self.was_up = True
        self._on_state(LinkState(up=True))
        publisher = RoundPublisher(self._connection, reader, self._rounds, self._room.life, self._on_state)
        await asyncio.gather(publisher.publish_rounds(jetstream), notes.give_signs_of_life())

    async def _catch_up(self, reader: StreamReader, end: int) -> None:
        """Wait until the room has all that was in the stream: this server's last round may be there too."""
        loop = asyncio.get_running_loop()
        began_s = loop.time()
        while not reader.has_reached(end):
            await asyncio.sleep(_LOOK_AGAIN_S)
            if loop.time() - began_s > _TOLD_AFTER_S:
                self._on_state(CATCHING_UP)
