"""The window: one root, one pump, and the two pages that it changes between."""

from __future__ import annotations

import dataclasses
import logging
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import Final

from messango.client.protocol import RoomClientProtocol
from messango.discovery.events import BrowseEvent, FoundRoom
from messango.errors import MessangoError
from messango.gui.background.diagnosis_thread import DiagnosisThread
from messango.gui.background.event_pump import EventPump
from messango.gui.background.host_thread import HostEvent, OpenFailed
from messango.gui.background.host_threads import HostThreads
from messango.gui.background.services import Services
from messango.gui.background.tasks import BackgroundTasks
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.desktop import window_geometry
from messango.gui.desktop.dark_mode import DarkModeWatcher
from messango.gui.desktop.notifier import Notifier
from messango.gui.desktop.save_dialog import ask_save_path
from messango.gui.look import theme
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.look.tk_root import text_sanitizer_for
from messango.gui.model.host_form import RoomOptions
from messango.gui.model.pending_join import PendingJoin
from messango.gui.model.room_list import EXPLAIN_AFTER_S, RoomList
from messango.gui.model.target import JoinTarget, hostname_target, room_target
from messango.gui.pages.context import WindowContext
from messango.gui.pages.global_pages import GlobalPages
from messango.gui.rooms.rooms_view import RoomsView
from messango.gui.session import RoomSession
from messango.gui.settings import SettingsStore
from messango.gui.widgets.color_scheme_button import TOGGLE_COLOR_SCHEME
from messango.gui.widgets.icon_button import DETAILS, FIND, SAVE, SETTINGS
from messango.gui.widgets.page_stack import PageStack
from messango.gui.widgets.side_page import SidePage

logger = logging.getLogger(__name__)

#: What changes with time alone (a countdown, who is typing) is looked at so often.
REFRESH_S: Final = 0.25

#: A room named on the command line that is not seen by then may be a machine's name instead.
_TRY_AS_HOSTNAME_AFTER_S: Final = 3.0

#: How long closing waits for goodbyes and threads, all together.
CLOSE_WITHIN_S: Final = 2.0


class Window:
    """Owns the root, the browser and the stay. Main thread only; nothing in it blocks but `finish`."""

    def __init__(
        self,
        root: tk.Tk,
        services: Services,
        *,
        settings: SettingsStore,
        name: str,
        room_name: str,
        target: JoinTarget | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`target` is joined at once, a room called `room_name` as soon as it is seen."""
        self.root = root
        self._pending_join = PendingJoin(room_name) if room_name else None
        self._clients: list[RoomClientProtocol] = []
        self._session: RoomSession | None = None
        #: What asks for a file; a test has no hand for a dialog.
        self.ask_save_path: Callable[[tk.Misc, str], Path | None] = ask_save_path
        self._last_refresh = 0.0
        self._close_requested = False
        self._started_at = time.monotonic()
        look, pump = Look(root), EventPump(root, self._on_tick)
        self._context = WindowContext(
            root=root,
            look=look,
            sanitizer=text_sanitizer_for(root),
            pump=pump,
            host_threads=HostThreads(pump),
            rooms=RoomList(),
            pages=PageStack(root),
            services=services,
            settings=settings,
            appearance=Appearance(look, settings),
            tasks=BackgroundTasks(),
            notifier=Notifier(root, look, text_sanitizer_for(root)),
            now=now,
        )
        self._page_stack = self._context.pages
        self._global_pages = GlobalPages(self._context, on_open=self._host_room)
        self._dark_mode_watcher = DarkModeWatcher(services.system_is_dark)
        self._error_label = ttk.Label(root, style="Error.TLabel", padding=look.scaled(theme.SMALL_GAP))
        self.rooms_view = RoomsView(
            root,
            look,
            self._context.sanitizer,
            self._context.rooms,
            settings,
            name=name,
            on_join=self.join,
            on_wait=self._toggle_wait_for_seat,
            on_diagnose=self._start_diagnosis,
        )
        self.rooms_view.host_button.configure(command=self.show_host_page)
        self._diagnosis_thread = DiagnosisThread(services.diagnose)
        self._browser = services.browse()
        self._open(target, name)

    @property
    def conversation_view(self) -> ConversationView | None:
        """The page with the conversation, where there is one."""
        return self._session.view if self._session else None

    def join(self, target: JoinTarget, name: str) -> None:
        """Leave the list and join; a room that is being opened meanwhile is not wanted any more."""
        self._context.host_threads.close()
        self._start_session(target, name)

    def _start_session(self, target: JoinTarget, name: str) -> None:
        try:
            client = self._context.services.join(target, name)
        except MessangoError as error:
            self.rooms_view.show_error(error)
            return
        self._set_pending_join(None)
        self._context.settings.change(name=name)
        session = self._session = RoomSession(
            self._context,
            target,
            name,
            client,
            ask_save_path=lambda parent, room: self.ask_save_path(parent, room),
            on_client_started=self._clients.append,
            on_leave=self.leave,
            on_close=lambda: self.close() if session.conversation.hosting.closing_window else self.back(),
        )
        self._page_stack.show(session.view, session.view.entry.text.focus_set)
        session.view.refresh()

    def show_host_page(self) -> None:
        """Show the page on which a room is opened, unless we are in one."""
        if self._session is None:
            self._global_pages.show_host_page(self.rooms_view.name.text())

    def _focus_address(self) -> None:
        if self._session is None:
            self._show_rooms()
            self.rooms_view.address.entry.focus_set()

    def show_details(self) -> None:
        """Show the details of the room that we are in."""
        if self._session is not None:
            self._session.show_details()

    @property
    def side_page(self) -> SidePage | None:
        """The page that covers the rooms or the conversation, where one does."""
        return self._page_stack.top

    def _host_room(self, options: RoomOptions, own_name: str) -> None:
        host = self._context.services.host(options)
        self._context.host_threads.start(host, lambda event: self._on_host_event(event, options, own_name))

    def _on_host_event(self, event: HostEvent, options: RoomOptions, own_name: str) -> None:
        if isinstance(event, OpenFailed):
            self._global_pages.show_host_error(event.error)
            return
        self._start_session(dataclasses.replace(event.target, password=options.password), own_name)
        if self._session is not None:
            self._session.set_hosted(event)
            self._session.refresh()

    def save_conversation(self) -> None:
        """Keep the conversation in a file, where there is one."""
        if self._session is not None:
            self._session.save()

    def open_search(self) -> None:
        """Look for words in the conversation, where there is one."""
        if self._session is not None:
            self._session.view.open_search()

    def leave(self) -> None:
        """Go back to the list; where the room would close with us, only after a question."""
        if self._session is not None and not self._session.confirm_leave(closing_window=False):
            self.back()

    def back(self) -> None:
        """Leave the room, if we are in one, and show the list."""
        if self._session is not None:
            session, self._session = self._session, None
            self._context.host_threads.close()
            self._show_rooms()
            session.close()

    def quit(self) -> None:
        """Close the window; where a room would close with it, only after a question."""
        if self._session is None or not self._session.confirm_leave(closing_window=True):
            self.close()

    def close(self) -> None:
        """Close the window; the goodbyes are said by `finish`, after it is gone."""
        self._context.pump.stop()
        if self._session is not None:
            self._session.leave()
        self._context.host_threads.close()
        window_geometry.save(self.root, self._context.settings)
        self.root.destroy()

    def finish(self) -> None:
        """Wait, within bounds, until all threads have ended. Only after the main loop has."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        self._context.settings.close(CLOSE_WITHIN_S)
        self._browser.close()
        for client in self._clients:
            client.join_thread(max(0.0, deadline - time.monotonic()))
        self._diagnosis_thread.finish(max(0.0, deadline - time.monotonic()))
        self._dark_mode_watcher.finish(max(0.0, deadline - time.monotonic()))
        self._context.tasks.finish(max(0.0, deadline - time.monotonic()))
        self._context.host_threads.finish()

    def error_text(self) -> str:
        """Return what is admitted of a fault of ours."""
        return str(self._error_label.cget("text"))

    def _open(self, target: JoinTarget | None, name: str) -> None:
        root = self.root
        root.report_callback_exception = self._show_internal_error
        root.protocol("WM_DELETE_WINDOW", self.quit)
        self._bind_keys()
        window_geometry.restore(root, self._context.settings.current, self._context.look.scaled)
        self._context.pump.subscribe(self._browser.events, self._on_browse_event)
        self._context.pump.subscribe(self._context.tasks.completions, lambda answer: answer())
        self._context.pump.subscribe(self._diagnosis_thread.events, self._context.rooms.diagnosis.apply)
        self._context.pump.subscribe(
            self._dark_mode_watcher.events, self._context.appearance.on_system_dark_changed
        )
        self._context.pump.subscribe(self._context.settings.errors, self._show_settings_error)
        self._dark_mode_watcher.refresh()
        self._browser.start()
        self._show_rooms()
        self.rooms_view.show_pending_join(self._pending_join)
        if target is not None:
            self.join(target, name)
        self._context.pump.start()
        root.deiconify()

    def _bind_keys(self) -> None:
        root, appearance = self.root, self._context.appearance
        for key in ("<Return>", "<KP_Enter>"):  # ttk itself presses a button by the space bar alone
            root.bind_class("TButton", key, lambda event: event.widget.invoke())
        root.bind("<Control-s>", lambda _: self.save_conversation())
        # Text has keys of its own for these, and would change what is written.
        for key in ("<Control-i>", "<Control-n>"):
            root.unbind_class("Text", key)
        if root.tk.call("tk", "windowingsystem") == "x11":
            # There Tk goes to the line's beginning, as Emacs does; other programs select all.
            root.event_delete("<<LineStart>>", "<Control-a>")
            root.event_add("<<SelectAll>>", "<Control-a>")
        root.bind("<Control-l>", lambda _: self._focus_address())
        root.bind("<Control-i>", lambda _: self.show_details())
        root.bind("<Control-n>", lambda _: self.show_host_page())
        root.bind("<Control-q>", lambda _: self.quit())
        root.bind("<Control-comma>", lambda _: self._global_pages.show_settings())
        root.bind("<F1>", lambda _: self._global_pages.show_shortcuts())
        for event in ("<Control-f>", FIND):
            root.bind(event, lambda _: self.open_search())
        root.bind(SAVE, lambda _: self.save_conversation())
        root.bind(SETTINGS, lambda _: self._global_pages.show_settings())
        root.bind(DETAILS, lambda _: self.show_details())
        root.bind(TOGGLE_COLOR_SCHEME, lambda _: appearance.toggle())
        root.bind("<FocusIn>", lambda _: self._dark_mode_watcher.refresh())
        for key in ("plus", "equal", "KP_Add"):
            root.bind(f"<Control-{key}>", lambda _: appearance.zoom(1))
        for key in ("minus", "KP_Subtract"):
            root.bind(f"<Control-{key}>", lambda _: appearance.zoom(-1))
        for key in ("Key-0", "KP_0"):
            root.bind(f"<Control-{key}>", lambda _: appearance.reset_zoom())

    def _show_rooms(self) -> None:
        self._context.notifier.show("", "", notify=False)
        self._page_stack.show(self.rooms_view, self.rooms_view.list_view.focus_list)

    def _on_browse_event(self, event: BrowseEvent) -> None:
        self._context.rooms.apply(event)
        room = (
            self._pending_join.find_joinable(self._context.rooms)
            if self._pending_join and self._session is None
            else None
        )
        if room is not None:
            self._join_pending(room_target(room))

    def _join_pending(self, target: JoinTarget) -> None:
        self._set_pending_join(None)
        self.rooms_view.join(target)

    def _set_pending_join(self, pending: PendingJoin | None) -> None:
        self._pending_join = pending
        self.rooms_view.show_pending_join(pending)

    def _toggle_wait_for_seat(self, room: FoundRoom) -> None:
        """Join a full room as soon as it has a free seat; the second time, wait no longer."""
        pending = PendingJoin(room.name, room.id)
        self._set_pending_join(None if pending == self._pending_join else pending)

    def _start_diagnosis(self) -> None:
        """Find out why no room is seen, unless that is being done."""
        if self._context.rooms.diagnosis.start():
            self._diagnosis_thread.start()

    def request_close(self) -> None:
        """Close at the next round. For a signal's handler, which may run inside any line of Python."""
        self._close_requested = True

    def _on_tick(self, had_events: bool) -> None:  # noqa: FBT001 (called by the pump alone)
        if self._close_requested:
            self.close()
            return
        now = time.monotonic()
        if not had_events and now - self._last_refresh < REFRESH_S:
            return
        self._last_refresh = now
        if self._session is None:
            self._refresh_rooms(now - self._started_at)
        elif self._session.conversation.has_left:
            self.back()
        elif self._session.refresh():
            self._last_refresh = 0.0

    def _refresh_rooms(self, elapsed_s: float) -> None:
        rooms, pending = self._context.rooms, self._pending_join
        if elapsed_s >= EXPLAIN_AFTER_S and rooms.is_empty and not rooms.diagnosis.done:
            self._start_diagnosis()
        self.rooms_view.refresh(elapsed_s)
        target = (
            hostname_target(pending.name)
            if pending and not pending.room_id and elapsed_s > _TRY_AS_HOSTNAME_AFTER_S
            else None
        )
        if target is not None and pending is not None and rooms.by_name(pending.name) is None:
            self._join_pending(target)

    def _show_internal_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log what went wrong in a callback and admit it in the window."""
        logger.error("A callback of the window failed", exc_info=(kind, error, trace))
        text = f"Something went wrong in the window: {kind.__name__}. It goes on; the log has the details."
        self._show_error_text(text)

    def _show_settings_error(self, error: MessangoError) -> None:
        self._show_error_text(f"{error} {error.hint}")

    def _show_error_text(self, text: str) -> None:
        self._error_label.configure(text=text)
        self._error_label.pack(side="bottom", fill="x")
