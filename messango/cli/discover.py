"""The `discover` command: looks, prints what is found, and says by its status whether a room answered."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TextIO

from messango.cli.room_lines import format_event, format_room, json_line, json_list
from messango.discovery.events import ANSWERED, BrowseEvent, BrowseFailed, FoundRoom, RoomAdded, RoomUpdated
from messango.discovery.search import Deadline, browse_events, list_rooms, only_probed
from messango.errors import RoomNotFound


@dataclass(frozen=True, slots=True)
class DiscoverCommand:
    """What to look for, and where to print it; `first_only` ends it at the first room that answers.

    `trust_warning` is given the id, name and fingerprint that a room has answered with, and returns what a
    person
    is to be told of it.
    """

    out: TextIO
    err: TextIO
    as_json: bool
    first_only: bool
    interfaces: Sequence[str] | None
    trust_warning: Callable[[str, str, str], str] = lambda *_: ""

    def run_once(self, timeout_s: float) -> None:
        """Print the rooms that are found within so long; raises `RoomNotFound` where none answers."""
        rooms = list_rooms(
            timeout_s,
            first=self.first_only,
            interfaces=self.interfaces,
            on_room=None if self.as_json else self._print_room,
            on_failure=self._print_failure,
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
        with contextlib.closing(browse_events(Deadline(None), interfaces=self.interfaces)) as events:
            for event in only_probed(events):
                if isinstance(event, BrowseFailed):
                    self._print_failure(event)
                    continue
                print(self._format_event(event), file=self.out, flush=True)
                answered = isinstance(event, (RoomAdded, RoomUpdated)) and event.room.status in ANSWERED
                if self.first_only and answered:
                    return

    def _print_room(self, room: FoundRoom) -> None:
        print(format_room(room) + self._warning_text(room), file=self.out, flush=True)

    def _format_event(self, event: BrowseEvent) -> str:
        if self.as_json:
            return json_line(event)
        warning = self._warning_text(event.room) if isinstance(event, (RoomAdded, RoomUpdated)) else ""
        return format_event(event) + warning

    def _warning_text(self, room: FoundRoom) -> str:
        # What did not answer has shown nothing: its fingerprint is what anybody may have announced.
        warning = self.trust_warning(room.id, room.name, room.fingerprint) if room.status in ANSWERED else ""
        return f"  ({warning})" if warning else ""

    def _print_failure(self, failure: BrowseFailed) -> None:
        print(f"messango: {failure.reason}\n{failure.hint}", file=self.err, flush=True)
