"""A room that takes files, as a test plays it, and a client in it."""

from __future__ import annotations

from types import TracebackType

from msgspec.structs import replace

from messango.client.events import FileFailed, FileSaved, RoomJoined
from messango.protocol import features
from messango.protocol.frames import FileInfo, Message, Share
from messango.protocol.frames.from_servers import RoomInfo
from tests.support.raw_file_peer import RawFilePeer
from tests.support.raw_server import ROOM_INFO, RawPeer, RawServer
from tests.support.sessions import ClientSession

ROOM: RoomInfo = replace(ROOM_INFO, features=(*features.FEATURES, features.FILES))


class FileRoom:
    """The server is the test's thread. A context manager: `client` has joined when it begins."""

    def __init__(self, room: RoomInfo = ROOM) -> None:
        self._room = room
        self.server = RawServer()
        self.session = ClientSession(self.server.port)
        self.session.on_leave = self.server.hang_up
        self.client = self.session.client
        self.talk: RawPeer
        self._seq = 0

    def __enter__(self) -> FileRoom:
        self.server.__enter__()
        self.session.__enter__()
        self.join()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.session.__exit__(kind, error, trace)
        finally:
            self.server.__exit__(kind, error, trace)

    def join(self, session: str = "secret", member: str = "m1") -> None:
        """Let the client in."""
        self.talk = self.server.accept_client()
        self.talk.welcome(room=self._room, session=session, member=member, latest=self._seq)
        self.session.await_event(RoomJoined)

    def accept_file(self) -> RawFilePeer:
        """Accept the client's next file connection."""
        return RawFilePeer(self.server.accept_client().connection)

    def announce(self, share: Share, file: FileInfo, member: str = "m1") -> None:
        """Send the message that a share asks for."""
        self._seq += 1
        self.talk.send(Message(self._seq, share.id, member, 1.0, "ann", share.text, file=file))

    def failed(self, transfer_id: str) -> FileFailed:
        """Wait for the end of a transfer that fails."""
        return self.session.await_event(FileFailed, lambda event: event.id == transfer_id)

    def saved(self, transfer_id: str) -> FileSaved:
        """Wait for the end of a download."""
        return self.session.await_event(FileSaved, lambda event: event.id == transfer_id)
