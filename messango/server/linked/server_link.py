"""The link of one server: the engine if it is ours, the link's thread, and the room that follows."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from messango.link.engine.engine import EngineState
from messango.link.files.file_frames import AnyFileFrame
from messango.link.fold.link import LinkState, Note
from messango.link.link_choice import LinkChoice, OpenedLink, open_link_choice, own_server_name
from messango.link.nats.nats_link import NatsLink
from messango.protocol.frames import FileInfo, ServerCard
from messango.protocol.limits import MAX_SERVER_ADDRESSES
from messango.room.bans import Bans
from messango.room.files.refusals import unknown_file
from messango.room.history.file.replica_history import ReplicaHistory
from messango.room.host.host_events import RoomEvent, ServerNotice, ServerWarning
from messango.room.host.link_report import EngineReport
from messango.room.linked.linked_room import LinkedRoom
from messango.room.room import Room
from messango.server.files.store.lazy_store import LazyFileStore
from messango.server.files.transfers.pace import Pace
from messango.server.linked.files.announced_files import AnnouncedFiles
from messango.server.linked.files.fetched_file import FetchedFile
from messango.server.linked.files.file_fetch import FetchSide
from messango.server.linked.files.other_servers_files import OtherServersFiles
from messango.transport.addresses import Address

#: Of the two seconds in which a room closes.
_LEAVE_S: Final = 0.5


class ServerLink:
    """Owns the engine and the link. `close` is for after the room has closed; twice is harmless.

    `call_room` has the room's thread call an action; `addresses` returns where others find this server.
    """

    def __init__(
        self,
        choice: LinkChoice,
        name: str,
        host: str | None,
        fingerprint: str,
        addresses: Callable[[], Sequence[Address]],
        publish: Callable[[RoomEvent], None],
        call_room: Callable[[Callable[[Room], None]], None],
        pace: Pace,
    ) -> None:
        """Raises as `open_link_choice`; nothing stays open then."""
        self._opened: OpenedLink = open_link_choice(choice, name, host)
        self._name = own_server_name(name)
        self._fingerprint = fingerprint
        self._addresses = addresses
        self._publish = publish
        self._call_room = call_room
        self._pace = pace
        self._room: LinkedRoom
        self._files: OtherServersFiles | None = None
        self._link: NatsLink | None = None
        for notice in self._opened.notices:
            publish(ServerNotice(notice))
        for warning in self._opened.warnings:
            publish(ServerWarning(warning))

    @property
    def id(self) -> str:
        """The id of the linked room."""
        return self._opened.link_file.link

    @property
    def may_found(self) -> bool:
        """Whether the linked room can begin with what this server has."""
        return self._opened.link_file.replicas is not None

    def create_room(
        self, room_id: str, name: str, seats: int, history: ReplicaHistory, bans: Bans, store: LazyFileStore
    ) -> LinkedRoom:
        """Return the room, which follows the stream once the link is started."""
        self._room = LinkedRoom(
            self._card(room_id),
            secrets.token_hex(8),
            self.id,
            name,
            seats,
            history,
            time.monotonic(),
            bans,
            store,
            may_found=self.may_found,
        )
        self._files = OtherServersFiles(
            FetchSide(
                room_id,
                self,
                store.get,
                AnnouncedFiles(history, store.kept_s).find,
                self._room.other_servers,
                self._pace,
            )
        )
        return self._room

    def _card(self, room_id: str) -> ServerCard:
        addresses = tuple(map(str, self._addresses()))[:MAX_SERVER_ADDRESSES]
        return ServerCard(self._name, room_id, addresses, self._fingerprint)

    def start(self) -> None:
        """Start the engine if it is ours, then the link; raises `EngineUnavailable`."""
        if (engine := self._opened.engine) is not None:
            engine.start()
            engine.on_state = self._on_engine_changed
        room = self._room
        self._link = NatsLink(
            self._opened.link_file,
            room.id,
            room.life,
            lambda: room.place,
            lambda: room.last_raw_digest,
            self._on_entries,
            self._on_state,
            self._on_note,
            on_file_frame=self._on_file_frame,
            new_stream_replicas=self._opened.link_file.replicas,
        )
        room.attach(self._link, self._engine_report)
        self._link.start()

    def _engine_report(self) -> EngineReport:
        version = self._link.engine_version if self._link is not None else ""
        own = self._opened.engine
        return EngineReport(version, own=own is not None, syncs=None if own is None else own.syncs)

    def addresses_changed(self) -> None:
        """Tell the other servers, and their members, where this server is now."""
        card = self._card(self._room.id)
        self._call_room(lambda _: self._room.change_card(card))

    def leave(self) -> None:
        """Tell the other servers that this one closes; waits a moment until they know."""
        done = threading.Event()
        self._call_room(lambda _: self._room.depart(done.set))
        done.wait(_LEAVE_S)

    def open_file(self, file_id: str) -> tuple[FileInfo, FetchedFile]:
        """Open a shared file that another server has; raises `FileRefused`. Any thread may call."""
        if self._files is None:
            raise unknown_file()
        return self._files.open(file_id)

    def send_file_frame(self, to: str, frame: AnyFileFrame) -> None:
        """Send a frame about a file to one server, or to all others if `to` is empty; any thread may call."""
        if self._link is not None:
            self._link.send_file_frame(to, frame)

    def close(self) -> None:
        """Stop transfers of files, the link, then the engine."""
        if self._files is not None:
            self._files.close()
        if self._link is not None:
            self._link.close()
        if self._opened.engine is not None:
            self._opened.engine.close()

    # In the room's thread.

    def _take(self, entries: list[tuple[int, bytes]]) -> None:
        # Also those who talk at other servers must not wait for files.
        self._pace.talk()
        self._room.take(entries)

    # In the link's thread.

    def _on_entries(self, entries: list[tuple[int, bytes]]) -> None:
        self._call_room(lambda _: self._take(entries))

    def _on_state(self, state: LinkState) -> None:
        self._call_room(lambda _: self._room.change_link(state))

    def _on_note(self, note: Note) -> None:
        self._call_room(lambda _: self._room.hear(note))

    def _on_file_frame(self, frame: AnyFileFrame) -> None:
        if self._files is not None:
            self._files.handle(frame)

    # In the engine's thread.

    def _on_engine_changed(self, state: EngineState) -> None:
        if state.running:
            self._publish(ServerNotice("The engine of the linked room runs again."))
        else:
            self._publish(ServerWarning(state.reason))
