"""Opens the room of a server: its history, its shared files, and the room itself, linked or not."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from messango.room.history.fallback_history import fresh_seq_base
from messango.room.history.file.importing import import_messages
from messango.room.history.history import History, MemoryHistory
from messango.room.host.host_events import RoomEvent, ServerWarning
from messango.room.room import Room
from messango.server.files.store.lazy_store import LazyFileStore
from messango.server.history_answers import HistoryAnswers
from messango.server.room_files import RoomFiles

if TYPE_CHECKING:
    from messango.server.linked.server_link import ServerLink
    from messango.server.server_options import ServerOptions


class OpenedRoom(NamedTuple):
    """The room, what reads its history for members, and its shared files."""

    room: Room
    answers: HistoryAnswers
    file_store: LazyFileStore


def open_room(
    options: ServerOptions,
    files: RoomFiles,
    link: ServerLink | None,
    publish: Callable[[RoomEvent], None],
    call_room: Callable[[Callable[[Room], None]], None],
) -> OpenedRoom:
    """Open the history and the store of files in `files`, and return the room that uses them.

    `call_room` has the room's thread call an action. Raises as `RoomFiles`.
    """
    bans = files.ban_store.load()
    if link is not None:
        replica = files.open_replica(options.history, link.id, is_base=link.may_found)
        answers = _answers(replica, files, call_room)
        store = files.open_file_store(options.files, options.keep_files_s, publish)
        room = link.create_room(files.room_id, files.name, options.seats, replica, bans, store)
        return OpenedRoom(room, answers, store)
    history = _open_history(options, files, publish)
    answers = _answers(history, files, call_room)
    store = files.open_file_store(options.files, options.keep_files_s, publish)
    return OpenedRoom(Room(files.room_id, files.name, options.seats, history, bans, store), answers, store)


def _open_history(options: ServerOptions, files: RoomFiles, publish: Callable[[RoomEvent], None]) -> History:
    history: History = (
        files.open_history(options.history)
        if options.keep_history
        else MemoryHistory(fresh_seq_base(time.time()))
    )
    if history.problem is not None:
        publish(ServerWarning(str(history.problem)))
    import_messages(history, options.initial_messages)
    return history


def _answers(
    history: History, files: RoomFiles, call_room: Callable[[Callable[[Room], None]], None]
) -> HistoryAnswers:
    answers = HistoryAnswers(history, call_room)
    if files.history is not None:
        files.history.on_stored = answers.indexer.notify
        answers.indexer.start()
    return answers
