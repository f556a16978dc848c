"""Two servers of one room, with members, over a stream in memory."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from messango.protocol.frames import Message, Welcome
from messango.room.host.host_command import HostCommand
from tests.room.host_commands import result_of
from tests.room.linked.linked_rooms import LinkedHarness
from tests.support.linked.fake_stream import FakeStream


class Hall:
    """Servers `east` and `west` of one room, both linked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.stream = FakeStream()
        self.east, self.west = self.open("east"), self.open("west")

    def open(self, name: str, life: str = "1") -> LinkedHarness:
        server = LinkedHarness(self.stream, name, self.folder, life=life)
        server.link.start()
        self.stream.run()
        return server

    def join(
        self,
        server: LinkedHarness,
        connection_id: int,
        name: str,
        session: str | None = None,
        since: int | None = None,
    ) -> Welcome:
        server.join(connection_id, name, session, since)
        self.stream.run()
        return server.last_frame(connection_id, Welcome)

    def command(self, server: LinkedHarness, command: HostCommand) -> None:
        result_of(server, command)
        self.stream.run()

    def say(self, server: LinkedHarness, connection_id: int, *texts: str) -> None:
        server.post(connection_id, *texts)
        self.stream.run()

    @staticmethod
    def spoil(server: LinkedHarness) -> None:
        """Let a server believe that it has made something else of the stream."""
        replica = server.linked_room._follower.replica
        standing = replica.fold._standing
        place = standing.place._replace(digest="0" * 16)
        replica.fold._standing = replace(standing, place=place)


def texts(server: LinkedHarness, connection_id: int) -> list[tuple[int, str, str]]:
    return [
        (entry.seq, entry.name, entry.text)
        for entry in server.entries(connection_id)
        if isinstance(entry, Message)
    ]
