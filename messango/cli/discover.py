"""The `discover` command: looks, prints what is found, and says by its status whether a room answered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from messango.cli.room_lines import json_line, json_list, line, watch_line
from messango.discovery.events import ANSWERED, BrowseEvent, BrowseFailed, FoundRoom, RoomAdded, RoomUpdated
from messango.discovery.search import Deadline, collect, probed, watch
from messango.errors import RoomNotFound


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for, and where to print it; `first` ends it at the first room that answers.

    `remark` is given the id, name and fingerprint that a room has answered with, and returns what a person
    is to be told of it.
    """

    out: TextIO
    err: TextIO
    as_json: bool
    first: bool
    interfaces: Sequence[str] | None
    remark: Callable[[str, str, str], str] = lambda *_: ""

    def once(self, timeout_s: float) -> None:
        """Print the rooms that are found within so long; raises `RoomNotFound` where none answers."""
        rooms = collect(
            timeout_s,
            first=self.first,
            interfaces=self.interfaces,
            on_room=None if self.as_json else self._show,
            on_failure=self._warn,
        )
        if self.as_json:
            print(json_list(rooms), file=self.out, flush=True)
        if not any(room.status in ANSWERED for room in rooms):
            raise RoomNotFound(
                "No room that answers was found." if rooms else "No room was found.",
                "Open one with `messango server`; `messango doctor` says why one that is open is not seen.",
            )

    def watch(self) -> None:
        """Print what comes, changes and goes, until Ctrl-C."""
        with contextlib.closing(watch(Deadline(None), interfaces=self.interfaces)) as events:
            for event in probed(events):
                if isinstance(event, BrowseFailed):
                    self._warn(event)
                    continue
                print(self._rendered(event), file=self.out, flush=True)
                answered = isinstance(event, (RoomAdded, RoomUpdated)) and event.room.status in ANSWERED
                if self.first and answered:
                    return

    def _show(self, room: FoundRoom) -> None:
        print(line(room) + self._remark(room), file=self.out, flush=True)

    def _rendered(self, event: BrowseEvent) -> str:
        if self.as_json:
            return json_line(event)
        remark = self._remark(event.room) if isinstance(event, (RoomAdded, RoomUpdated)) else ""
        return watch_line(event) + remark

    def _remark(self, room: FoundRoom) -> str:
        # What did not answer has shown nothing: its fingerprint is what anybody may have announced.
        remark = self.remark(room.id, room.name, room.fingerprint) if room.status in ANSWERED else ""
        return f"  ({remark})" if remark else ""

    def _warn(self, failure: BrowseFailed) -> None:
        print(f"messango: {failure.reason}\n{failure.hint}", file=self.err, flush=True)
