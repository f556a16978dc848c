"""What goes beside the stream, on a subject of its own: signs of life, typing, a fork that was found."""

from __future__ import annotations

import asyncio
from typing import Final

import msgspec
from nats.aio.msg import Msg

from messango.link.fold.link import HEARTBEAT_S, Alive, Note
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_ends import RoomSide

#: The longest has a sentence of `MAX_SENTENCE_CHARACTERS`.
MAX_NOTE_BYTES: Final = 8_192

#: Notes that wait to be sent or read; more are dropped, as any note may be.
_MAX_WAITING: Final = 1_000

_encoder = msgspec.json.Encoder()
_decoder: msgspec.json.Decoder[Note] = msgspec.json.Decoder(Note)


class Notes:
    """For one connection; belongs to the link's loop."""

    def __init__(self, connection: EngineConnection, room: RoomSide) -> None:
        self._connection, self._room = connection, room
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()

    async def open(self) -> None:
        """Get what other servers send."""
        await self._connection.client.subscribe(
            self._connection.names.notes, cb=self._on_message, pending_msgs_limit=_MAX_WAITING
        )

    def send(self, note: Note) -> None:
        """Send to the other servers, at once; with too many under way, this one is lost."""
        data = _encoder.encode(note)
        if len(data) <= MAX_NOTE_BYTES and self._outgoing.qsize() < _MAX_WAITING:
            self._outgoing.put_nowait(data)

    async def send_waiting(self) -> None:
        """Publish what is sent, for ever."""
        while True:
            await self._connection.client.publish(self._connection.names.notes, await self._outgoing.get())
            self._outgoing.task_done()

    async def flush(self) -> None:
        """Return when the engine has got everything that was sent."""
        await self._outgoing.join()
        await self._connection.client.flush()

    async def give_signs_of_life(self) -> None:
        """Say for ever that this server is there."""
        while True:
            self.send(Alive(self._room.server, self._room.life))
            await asyncio.sleep(HEARTBEAT_S)

    async def _on_message(self, message: Msg) -> None:
        if len(message.data) > MAX_NOTE_BYTES:
            return
        try:
            note = _decoder.decode(message.data)
        except (msgspec.MsgspecError, RecursionError):
            return
        if note.server != self._room.server:
            self._room.on_note(note)
