"""Carries frames about files between servers, on subjects of their own, behind what is said."""

from __future__ import annotations

import asyncio
from typing import Final

from nats.aio.msg import Msg

from messango.link.files.file_frames import decode_file_frame
from messango.link.nats.engine_connection import EngineConnection
from messango.link.nats.link_ends import RoomSide

#: Frames that wait to be sent; more are dropped, and asked for again.
_MAX_WAITING: Final = 128

#: Bytes of frames that came and were not handed over yet.
_MAX_UNREAD_BYTES: Final = 16_000_000


class FileMessages:
    """For one connection; belongs to the link's loop."""

    def __init__(self, connection: EngineConnection, room: RoomSide) -> None:
        self._connection, self._room = connection, room
        self._outgoing: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()

    async def open(self) -> None:
        """Get what other servers send to all, and to this one."""
        names = self._connection.names
        for subject in (names.files, names.files_of(self._room.server)):
            await self._connection.client.subscribe(
                subject, cb=self._on_message, pending_bytes_limit=_MAX_UNREAD_BYTES
            )

    def send(self, to: str, data: bytes) -> None:
        """Send to one server, or to all others; with too many under way, this one is lost."""
        if self._outgoing.qsize() < _MAX_WAITING:
            names = self._connection.names
            self._outgoing.put_nowait((names.files_of(to) if to else names.files, data))

    async def send_waiting(self) -> None:
        """Publish what is sent, for ever. Between two frames, the loop sends what is said."""
        while True:
            subject, data = await self._outgoing.get()
            await self._connection.client.publish(subject, data)
            await asyncio.sleep(0)

    async def _on_message(self, message: Msg) -> None:
        frame = decode_file_frame(message.data)
        if frame is not None and frame.server != self._room.server:
            self._room.on_file_frame(frame)
