"""The window: one root, one event pump, and the two main pages: the list of rooms and a conversation."""

from __future__ import annotations

import dataclasses
import logging
import sys
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import TYPE_CHECKING, Final

from messango.client.interface import RoomClientLike
from messango.errors import MessangoError
from messango.gui.background.gc_guard import look_at_everything_again
from messango.gui.background.host_thread import ClosedByCommand, HostEvent, OpenFailed
from messango.gui.background.services import Services
from messango.gui.desktop import window_geometry
from messango.gui.desktop.dark_mode import DarkModeWatcher
from messango.gui.desktop.file_dialog import FileDialog
from messango.gui.desktop.save_dialog import ask_file_path, ask_save_path
from messango.gui.look import theme
from messango.gui.model.rooms.host_form import RoomOptions
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.pages.context import WindowContext
from messango.gui.pages.global_pages import GlobalPages
from messango.gui.room_picker import RoomPicker
from messango.gui.rooms.rooms_view import RoomsView
from messango.gui.settings import SettingsStore
from messango.gui.widgets.layout.side_page import SidePage
from messango.gui.window_keys import WindowActions, bind_keys
from messango.room.host.host_events import not_kept_text

if TYPE_CHECKING:  # All that a conversation needs is loaded while the person looks at the list.
    from messango.gui.conversation.composer.message_entry import MessageEntry
    from messango.gui.conversation.conversation_view import ConversationView
    from messango.gui.session import RoomSession

logger = logging.getLogger(__name__)

#: How often to refresh what changes with time only (a countdown, who is typing).
REFRESH_S: Final = 0.25

#: So long after the list is shown, what a conversation needs is loaded, in a thread: it takes some 100 ms.
LOAD_SESSION_AFTER_MS: Final = 300

#: How long closing waits for goodbyes and threads, in all.
CLOSE_WITHIN_S: Final = 2.0


class Window:
    """Owns the root, the list of rooms and the session. Main thread only; only `finish` blocks."""

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
        """Join `target` at once, or the room called `room_name` when it is found."""
        self.root = root
        self._clients: list[RoomClientLike] = []
        self._session: RoomSession | None = None
        #: Asks for a file name; tests replace it.
        self.ask_save_path: Callable[[tk.Misc, str], Path | None] = ask_save_path
        #: Asks where to save a file of the room; tests replace it.
        self.ask_file_path: Callable[[tk.Misc, str], Path | None] = ask_file_path
        #: Asks for files to send; tests replace it.
        self.ask_files: Callable[[tk.Misc], list[Path]] = FileDialog().ask_files
        self._last_refresh = 0.0
        self._close_requested = False
        self._context = WindowContext.build(root, services, settings, now, self._on_tick)
        self._page_stack = self._context.pages
        self._global_pages = GlobalPages(self._context, on_open=self._host_room)
        self._dark_mode_watcher = DarkModeWatcher(services.system_is_dark)
        padding = self._context.look.scaled(theme.SMALL_GAP)
        self._error_label = ttk.Label(root, style="Error.TLabel", padding=padding)
        self._room_picker = RoomPicker(
            self._context, name=name, room_name=room_name, on_join=self.join, on_host=self.show_host_page
        )
        self._open(target, name)

    @property
    def rooms_view(self) -> RoomsView:
        """The page with the list of rooms."""
        return self._room_picker.view

    @property
    def conversation_view(self) -> ConversationView | None:
        """The page with the conversation, if there is one."""
        return self._session.view if self._session else None

    @property
    def side_page(self) -> SidePage | None:
        """The page that covers the rooms or the conversation, if one does."""
        return self._page_stack.top

    def join(self, target: JoinTarget, name: str) -> None:
        """Leave the list and join; if this window is opening a room, stop that."""
        self._context.host_registry.close()
        self._start_session(target, name)

    def show_host_page(self) -> None:
        """Show the page on which a room is opened, unless we are in one."""
        if self._session is None:
            self._global_pages.show_host_page(self.rooms_view.name.text())

    def show_details(self) -> None:
        """Show the details of the room that we are in."""
        if self._session is not None:
            self._session.show_details()

    def show_members(self) -> None:
        """Show or hide the members, if there is a conversation and they are not beside it."""
        if self._session is not None:
            self._session.view.toggle_members()

    def save_conversation(self) -> None:
        """Save the conversation to a file, if there is one."""
        if self._session is not None:
            self._session.save()

    def open_search(self) -> None:
        """Search the conversation, if there is one."""
        if self._session is not None:
            self._session.view.open_search()

    def pick_emoji(self) -> None:
        """Open the emoji picker of the conversation, if there is one, or close it."""
        if self._session is not None and self.side_page is None:
            self._session.view.pick_emoji()

    def choose_files(self) -> None:
        """Choose files to send, if there is a conversation."""
        if self._session is not None and self.side_page is None:
            self._session.files.choose()

    def leave(self) -> None:
        """Go back to the list; if the room would close with us, ask first."""
        if self._session is not None and not self._session.confirm_leave(closing_window=False):
            self.back()

    def back(self) -> None:
        """Leave the room, if we are in one, and show the list."""
        if self._session is not None:
            session, self._session = self._session, None
            self._context.host_registry.close()
            self._show_rooms()
            session.close()
            look_at_everything_again()

    def quit(self) -> None:
        """Close the window; if a room would close with it, ask first."""
        if self._session is None or not self._session.confirm_leave(closing_window=True):
            self.close()

    def close(self) -> None:
        """Close the window. `finish` waits for the goodbyes afterwards."""
        self._context.pump.stop()
        if self._session is not None:
            self._session.leave()
        self._context.host_registry.close()
        window_geometry.save(self.root, self._context.settings)
        self.root.destroy()

    def request_close(self) -> None:
        """Close at the next tick. For a signal handler, which may run between any two lines of Python."""
        self._close_requested = True

    def finish(self) -> list[str]:
        """Wait for all threads, with a time limit; return what its user should still read.

        Only after the main loop has ended.
        """
        deadline = time.monotonic() + CLOSE_WITHIN_S
        self._context.settings.close(CLOSE_WITHIN_S)
        self._room_picker.close()
        for client in self._clients:
            client.join_thread(max(0.0, deadline - time.monotonic()))
        context = self._context
        for finishing in (self._room_picker, self._dark_mode_watcher, context.pictures, context.tasks):
            finishing.finish(max(0.0, deadline - time.monotonic()))
        context.picture_folder.finish()
        return [not_kept_text(lost) for lost in self._context.host_registry.finish()]

    def error_text(self) -> str:
        """Return the error shown at the bottom of the window."""
        return str(self._error_label.cget("text"))

    def _start_session(self, target: JoinTarget, name: str) -> None:
        try:
            client = self._context.services.join(target, name)
        except MessangoError as error:
            self.rooms_view.show_error(error)
            return
        from messango.gui.session import RoomSession  # Loaded already, unless the person was very fast.

        self._room_picker.cancel_pending_join()
        self._context.settings.change(name=name)
        session = self._session = RoomSession(
            self._context,
            target,
            client,
            ask_save_path=lambda parent, room: self.ask_save_path(parent, room),
            ask_file_path=lambda parent, name: self.ask_file_path(parent, name),
            ask_files=lambda parent: self.ask_files(parent),
            on_client_started=self._clients.append,
            on_leave=self.leave,
            on_close=lambda: self.close() if session.closes_window else self.back(),
        )
        self._page_stack.show(session.view, session.view.entry.text.focus_set)
        session.view.refresh()

    def _host_room(self, options: RoomOptions, own_name: str) -> None:
        host = self._context.services.host(options)
        self._context.host_registry.start(host, lambda event: self._on_host_event(event, options, own_name))

    def _on_host_event(self, event: HostEvent, options: RoomOptions, own_name: str) -> None:
        if isinstance(event, OpenFailed):
            self._global_pages.show_host_error(event.error)
            return
        if isinstance(event, ClosedByCommand):
            if self._session is not None:
                self._session.end_hosting()
            return
        self._start_session(dataclasses.replace(event.target, password=options.password), own_name)
        if self._session is not None:
            self._session.set_hosted(event)
            self._session.refresh()

    def _open(self, target: JoinTarget | None, name: str) -> None:
        root, pump = self.root, self._context.pump
        root.report_callback_exception = self._show_internal_error
        root.protocol("WM_DELETE_WINDOW", self.quit)
        bind_keys(root, self._actions())
        root.bind("<FocusIn>", lambda _: self._dark_mode_watcher.refresh())
        window_geometry.restore(root, self._context.settings.current, self._context.look.scaled)
        pump.subscribe(self._context.tasks.completions, lambda completion: completion())
        pump.subscribe(self._context.pictures.completions, lambda completion: completion())
        pump.subscribe(self._dark_mode_watcher.events, self._context.appearance.on_system_dark_changed)
        pump.subscribe(self._context.settings.errors, self._show_settings_error)
        self._context.host_registry.on_messages_lost = lambda lost: self._show_error_text(not_kept_text(lost))
        self._dark_mode_watcher.refresh()
        self._room_picker.start()
        self._show_rooms()
        if target is not None:
            self.join(target, name)
        elif "messango.gui.session" not in sys.modules:
            submit = self._context.tasks.submit
            root.after(LOAD_SESSION_AFTER_MS, lambda: submit(_load_session, lambda _error: None))
        pump.start()
        root.deiconify()

    def _actions(self) -> WindowActions:
        appearance = self._context.appearance
        return WindowActions(
            save_conversation=self.save_conversation,
            focus_address=self._focus_address,
            show_details=self.show_details,
            show_members=self.show_members,
            show_host_page=self.show_host_page,
            show_settings=self._global_pages.show_settings,
            show_shortcuts=self._global_pages.show_shortcuts,
            open_search=self.open_search,
            pick_emoji=self.pick_emoji,
            choose_files=self.choose_files,
            toggle_color_scheme=appearance.toggle,
            zoom=lambda delta: appearance.zoom(delta) if delta else appearance.reset_zoom(),
            quit=self.quit,
            type_text=lambda text: self._with_entry(lambda entry: entry.type_text(text)),
            paste=lambda: self._with_entry(lambda entry: entry.paste()),
        )

    def _with_entry(self, write: Callable[[MessageEntry], None]) -> None:
        """Write into the message field, if a conversation is shown."""
        if self._session is not None and self._page_stack.top is None:
            self._session.view.show_composer()
            write(self._session.view.entry)

    def _focus_address(self) -> None:
        if self._session is None:
            self._show_rooms()
            self.rooms_view.focus_address()

    def _show_rooms(self) -> None:
        self._context.notifier.show("", "", notify=False)
        self._page_stack.show(self.rooms_view, self.rooms_view.list_view.focus_list)

    def _on_tick(self, had_events: bool) -> None:  # noqa: FBT001 (only the pump calls it)
        if self._close_requested:
            self.close()
            return
        now = time.monotonic()
        if not had_events and now - self._last_refresh < REFRESH_S:
            return
        self._last_refresh = now
        if self._session is None:
            self._room_picker.refresh()
        elif self._session.conversation.has_left:
            self.back()
        elif self._session.refresh():
            self._last_refresh = 0.0

    def _show_internal_error(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        """Log an exception of a callback, and show it in the window."""
        logger.error("A callback of the window failed", exc_info=(kind, error, trace))
        text = f"Something went wrong: {kind.__name__}. You can go on; the log has the details."
        self._show_error_text(text)

    def _show_settings_error(self, error: MessangoError) -> None:
        self._show_error_text(f"{error} {error.hint}")

    def _show_error_text(self, text: str) -> None:
        self._error_label.configure(text=text)
        self._error_label.pack(side="bottom", fill="x")


def _load_session() -> None:
    import messango.gui.session  # noqa: F401
