"""Searches the network and prints the rooms that it finds, for `messango discover`."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TextIO

from messango.cli.room_lines import format_event, format_room, json_line, json_list, linked_line
from messango.discovery.hints import RoomHint
from messango.discovery.model.events import (
    ANSWERED,
    PENDING,
    BrowseEvent,
    BrowseFailed,
    FoundRoom,
    RoomAdded,
    RoomStatus,
    RoomUpdated,
)
from messango.discovery.model.linked_rooms import LinkedRooms, TrustedLink
from messango.discovery.model.unanswered import first_reason
from messango.discovery.searching.browse_events import Deadline, browse_events, only_probed
from messango.discovery.searching.search import list_rooms
from messango.discovery.searching.silent_rooms import NoRoomAnswers, NothingHeard
from messango.errors import RoomNotFound
from messango.protocol.text.escaping import safe_line


@dataclass(frozen=True, slots=True)
class RoomPrinter:
    """Where to search and how to print; `first_only` ends the search at the first room that answers.

    `trust_warning` returns a warning about a room that answered, or "". `hints` are known rooms, which are
    listed also if they are not announced but answer where they were last. `trusted_link` says which of them
    are servers of one linked room: people see those as one room, programs get each with its `link`.
    """

    out: TextIO
    err: TextIO
    as_json: bool
    first_only: bool
    interfaces: Sequence[str] | None
    trust_warning: Callable[[FoundRoom], str] = lambda _: ""
    hints: Sequence[RoomHint] = ()
    trusted_link: TrustedLink = lambda _: ""

    def run_once(self, timeout_s: float) -> None:
        """Print the rooms found within `timeout_s`; raises `RoomNotFound` if none of them answers."""
        failures: list[BrowseFailed] = []
        linked = LinkedRooms(self.trusted_link)
        rooms = list_rooms(
            timeout_s,
            first=self.first_only,
            interfaces=self.interfaces,
            hints=self.hints,
            on_room=None if self.as_json else partial(self._print_room, linked),
            on_failure=failures.append,
        )
        if self.as_json:
            print(json_list([*map(self._with_trusted_link, rooms)]), file=self.out, flush=True)
        for line in filter(None, map(linked_line, linked.rows())):
            print(line, file=self.out, flush=True)
        if not any(room.status in ANSWERED for room in rooms):
            what = "No room answered." if rooms else "No room was found."
            if waiting := {room.status for room in rooms} & PENDING:
                why = ": the network is slow" if RoomStatus.SLOW in waiting else ""
                raise RoomNotFound(
                    f"No room has answered yet{why}.",
                    "Look for longer with `messango discover --timeout 15`, or join a room by its name.",
                )
            if explained := first_reason(rooms):
                raise NoRoomAnswers(f"{what} {explained[0]}", explained[1], rooms)
            if failures:
                raise NothingHeard(f"{what} {failures[-1].reason}", failures[-1].hint)
            hint = (
                "Open one with `messango server`. If one is open, `messango doctor` finds out why it does "
                "not appear."
            )
            raise NoRoomAnswers(what, hint, rooms) if rooms else NothingHeard(what, hint)
        for failure in failures:
            self._print_failure(failure)

    def watch(self) -> None:
        """Print each room that appears, changes or goes away, until Ctrl-C."""
        with contextlib.closing(
            browse_events(Deadline(None), interfaces=self.interfaces, hints=self.hints)
        ) as events:
            linked = LinkedRooms(self.trusted_link)
            for event in only_probed(events):
                if isinstance(event, BrowseFailed):
                    self._print_failure(event)
                    continue
                for line in self._format_event(event, linked):
                    print(line, file=self.out, flush=True)
                answered = isinstance(event, (RoomAdded, RoomUpdated)) and event.room.status in ANSWERED
                if self.first_only and answered:
                    return

    def _print_room(self, linked: LinkedRooms, room: FoundRoom) -> None:
        """Print a room, but of a linked room only the server that answers first."""
        if any(isinstance(event, RoomAdded) for event in linked.apply(RoomAdded(room))):
            print(format_room(room) + self._warning_text(room), file=self.out, flush=True)

    def _format_event(self, event: BrowseEvent, linked: LinkedRooms) -> list[str]:
        if self.as_json:
            if isinstance(event, (RoomAdded, RoomUpdated)):
                event = dataclasses.replace(event, room=self._with_trusted_link(event.room))
            return [json_line(event)]
        return [format_event(shown) + self._event_warning(shown) for shown in linked.apply(event)]

    def _event_warning(self, event: BrowseEvent) -> str:
        return self._warning_text(event.room) if isinstance(event, (RoomAdded, RoomUpdated)) else ""

    def _with_trusted_link(self, room: FoundRoom) -> FoundRoom:
        """Return the room with its link only if that is more than a claim."""
        return dataclasses.replace(room, link=self.trusted_link(room) if room.status in ANSWERED else "")

    def _warning_text(self, room: FoundRoom) -> str:
        # Anybody can announce any fingerprint; only a room that answered has proved its own.
        warning = self.trust_warning(room) if room.status in ANSWERED else ""
        return f"  ({safe_line(warning)})" if warning else ""

    def _print_failure(self, failure: BrowseFailed) -> None:
        print(f"messango: {safe_line(failure.reason)}\n{safe_line(failure.hint)}", file=self.err, flush=True)
