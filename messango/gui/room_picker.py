"""Runs the page with the list of rooms: what feeds it, and the room that is joined when it can be."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from messango.discovery.model.events import BrowseEvent, FoundRoom
from messango.gui.background.diagnosis_thread import DiagnosisThread
from messango.gui.model.rooms.join_target import JoinTarget, PendingJoin, hostname_target, room_target
from messango.gui.model.rooms.room_list import EXPLAIN_AFTER_S
from messango.gui.pages.context import WindowContext
from messango.gui.rooms.rooms_view import RoomsView

#: A room named on the command line that is not found by then may be a hostname.
_TRY_AS_HOSTNAME_AFTER_S: Final = 3.0


class RoomPicker:
    """Owns the page, the browser that finds rooms, and the doctor's thread.

    Main thread only; nothing in it blocks but `finish`. `on_join` is called with the room to join and the
    user's name. A room called `room_name` is joined as soon as it has a free seat.
    """

    def __init__(
        self,
        context: WindowContext,
        *,
        name: str,
        room_name: str,
        on_join: Callable[[JoinTarget, str], None],
        on_host: Callable[[], None],
    ) -> None:
        self._context = context
        rank_known = context.services.known_rank(room_name) if room_name else None
        self._pending = PendingJoin(room_name, rank_known=rank_known) if room_name else None
        self._pending_text = ""
        self._started_at = time.monotonic()
        self.view = RoomsView(
            context.root,
            context.look,
            context.sanitizer,
            context.rooms,
            context.settings,
            name=name,
            on_join=on_join,
            on_wait=self._toggle_wait_for_seat,
            on_diagnose=self._start_diagnosis,
            known_rank=context.services.known_rank,
        )
        self.view.host_button.configure(command=on_host)
        self._diagnosis_thread = DiagnosisThread(context.services.diagnose)
        self._browser = context.services.browse()

    def start(self) -> None:
        """Start browsing; the pump delivers what is found."""
        self._context.pump.subscribe(self._browser.events, self._on_browse_event)
        self._context.pump.subscribe(self._diagnosis_thread.events, self._context.rooms.diagnosis.apply)
        self._browser.start()
        self.view.show_pending_join(self._pending)

    def cancel_pending_join(self) -> None:
        """Stop waiting for a room."""
        self._set_pending(None)

    def refresh(self) -> None:
        """Show the rooms found so far. Call it while the page is shown."""
        rooms, elapsed_s = self._context.rooms, time.monotonic() - self._started_at
        if elapsed_s >= EXPLAIN_AFTER_S and rooms.is_empty and not rooms.diagnosis.done:
            self._start_diagnosis()
        self.view.refresh(elapsed_s)
        self._join_pending_if_found()
        if elapsed_s > _TRY_AS_HOSTNAME_AFTER_S:
            self._join_pending_as_hostname()

    def close(self) -> None:
        """Stop browsing. May take a moment."""
        self._browser.close()

    def finish(self, timeout_s: float) -> None:
        """Wait for the doctor's thread."""
        self._diagnosis_thread.finish(timeout_s)

    def _on_browse_event(self, event: BrowseEvent) -> None:
        self._context.rooms.apply(event)
        self._join_pending_if_found()

    def _join_pending_if_found(self) -> None:
        if self._pending is None:
            return
        room = self._pending.find_joinable(self._context.rooms, time.monotonic() - self._started_at)
        if room is not None:
            self._join_pending(room_target(room, self._pending.name))
        elif (text := self._pending.status_text(self._context.rooms)) != self._pending_text:
            self._pending_text = text
            self.view.show_pending_join(self._pending)

    def _join_pending_as_hostname(self) -> None:
        pending = self._pending
        if pending is None or pending.room_id or self._context.rooms.by_name(pending.name) is not None:
            return
        target = hostname_target(pending.name)
        if target is not None:
            self._join_pending(target)

    def _join_pending(self, target: JoinTarget) -> None:
        self._set_pending(None)
        self.view.join(target)

    def _set_pending(self, pending: PendingJoin | None) -> None:
        self._pending = pending
        self.view.show_pending_join(pending)

    def _toggle_wait_for_seat(self, room: FoundRoom) -> None:
        """Join a full room when a seat is free; called again for the same room, stop waiting."""
        pending = PendingJoin(room.name, room.id)
        self._set_pending(None if pending == self._pending else pending)

    def _start_diagnosis(self) -> None:
        """Check why no room is found, unless that is running already."""
        if self._context.rooms.diagnosis.start():
            self._diagnosis_thread.start()
