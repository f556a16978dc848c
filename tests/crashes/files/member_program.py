"""One member as a process that can be killed; its arguments: ROOM NAME FOLDER, and the files that it has.

Reads commands and writes events, each a JSON object a line. Gets every file that others share, and joins
again when it was removed.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Sequence
from functools import singledispatchmethod
from pathlib import Path
from typing import Any

import msgspec

from messango.app.join import client_from_input
from messango.client.events import (
    FileFailed,
    FileProgress,
    FileSaved,
    HistoryEnded,
    MessageDeleted,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.client.room_client import RoomClient
from messango.discovery.model.events import FoundRoom
from messango.errors import MessangoError

#: How long to wait before joining again: the room may be away for a moment.
_REJOIN_S = 0.2


class Member:
    """Owns the client; for the main thread. Another thread reads the commands, and wakes it."""

    def __init__(self, room: str, name: str, folder: Path, had: Sequence[str]) -> None:
        self._room, self._name, self._folder = room, name, folder
        self._has = set(had)
        self._fetching: dict[str, str] = {}
        self._shared: set[str] = set()
        self._leaving = False
        self._pause = threading.Event()
        self._commands: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()
        self._client = self._new_client()

    def run(self) -> None:
        """Join, and go on until the input ends."""
        threading.Thread(target=self._read_commands, daemon=True).start()
        while not self._leaving:
            self._fetching.clear()
            self._client.start()
            while not isinstance(event := self._client.events.get(), SessionEnded):
                self._handle(event)
                self._obey()
            self._client.join_thread(5)
            self._say("ended", error=str(event.error) if event.error else "")
            self._pause.wait(_REJOIN_S)
            self._client = self._new_client()

    def _new_client(self) -> RoomClient:
        while True:
            try:
                return client_from_input(self._room, self._name, _choose)
            except MessangoError as error:  # Its server is not there for a moment.
                self._say("ended", error=str(error))
                self._pause.wait(_REJOIN_S)

    def _read_commands(self) -> None:
        for line in sys.stdin:
            self._command(json.loads(line))
        self._command({"leave": True})

    def _command(self, command: dict[str, Any]) -> None:
        self._commands.put(command)
        # Any event wakes the main thread; this one says nothing.
        self._client.events.put(HistoryEnded())

    def _obey(self) -> None:
        while not self._commands.empty():
            self._do(self._commands.get())

    def _do(self, command: dict[str, Any]) -> None:
        if "share" in command:
            path = Path(command["share"])
            sent_id = self._client.share_file(OutgoingFile(path.name, path), command["text"])
            self._shared.add(sent_id)
            self._say("shared", id=sent_id, tag=command["tag"])
        elif "cancel" in command:
            self._client.cancel_transfer(command["cancel"])
        elif "delete" in command:
            self._client.delete(command["delete"])
        else:
            self._leaving = True
            self._client.leave()

    @singledispatchmethod
    def _handle(self, _item: object) -> None:
        """Ignore other events."""

    @_handle.register
    def _(self, event: RoomJoined) -> None:
        self._say("joined", resumed=event.resumed)

    @_handle.register
    def _(self, event: MessageReceived) -> None:
        file = event.file
        if file is None:
            return
        fields = {"seq": event.seq, "id": event.id, "file": msgspec.to_builtins(file), "own": event.own}
        self._say("announced", **fields)
        if event.id in self._shared or file.id in self._has or file.id in self._fetching.values():
            return
        self._fetching[self._client.fetch_file(file, folder=self._folder)] = file.id

    @_handle.register
    def _(self, event: MessageDeleted) -> None:
        self._say("deleted", target=event.target)

    @_handle.register
    def _(self, event: FileProgress) -> None:
        if event.upload and event.done and not event.waiting:
            self._say("progress", id=event.id, done=event.done, size=event.size)

    @_handle.register
    def _(self, event: FileSaved) -> None:
        self._fetching.pop(event.id, None)
        self._has.add(event.file)
        self._say("saved", file=event.file, path=str(event.path))

    @_handle.register
    def _(self, event: FileFailed) -> None:
        if event.upload:
            self._say("refused", id=event.id, reason=event.reason, code=event.code, cancelled=event.cancelled)
        else:
            self._say("missed", file=self._fetching.pop(event.id, ""), reason=event.reason, code=event.code)

    @_handle.register
    def _(self, event: RequestFailed) -> None:
        self._say("problem", id=event.id, reason=event.reason, code=event.code)

    def _say(self, event: str, **fields: Any) -> None:
        # In one piece, so that a kill leaves whole lines.
        os.write(1, json.dumps({"event": event, **fields}).encode() + b"\n")


def _choose(rooms: Sequence[FoundRoom]) -> FoundRoom:
    raise AssertionError(rooms)


if __name__ == "__main__":
    Member(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:]).run()
