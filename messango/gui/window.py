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

from messango.discovery.events import BrowseEvent, FoundRoom
from messango.errors import MessangoError
from messango.gui.background.diagnosis_thread import Examiner
from messango.gui.background.event_pump import Pump
from messango.gui.background.host_thread import HostEvent, NotOpened
from messango.gui.background.host_threads import Hosts
from messango.gui.background.services import Client, Services
from messango.gui.background.tasks import Chores
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.desktop import window_geometry
from messango.gui.desktop.dark_mode import SystemShade
from messango.gui.desktop.notifier import Notifier
from messango.gui.desktop.save_dialog import ask_where
from messango.gui.look import theme
from messango.gui.look.appearance import Appearance
from messango.gui.look.look import Look
from messango.gui.look.tk_root import display_of
from messango.gui.model.host_form import RoomWish
from messango.gui.model.pending_join import Wish
from messango.gui.model.room_list import EXPLAIN_AFTER_S, RoomList
from messango.gui.model.target import Target, host_target, room_target
from messango.gui.pages.context import Shell
from messango.gui.pages.global_pages import SidePages
from messango.gui.rooms.rooms_view import RoomsView
from messango.gui.session import Stay
from messango.gui.settings import KeptSettings
from messango.gui.widgets.color_scheme_button import TOGGLED
from messango.gui.widgets.icon_button import DETAILS, FIND, KEEP, SETTINGS
from messango.gui.widgets.page_stack import Pages
from messango.gui.widgets.side_page import SidePage

logger = logging.getLogger(__name__)

#: What changes with time alone (a countdown, who is typing) is looked at so often.
REFRESH_S: Final = 0.25

#: A room named on the command line that is not seen by then may be a machine's name instead.
_HOST_AFTER_S: Final = 3.0

#: How long closing waits for goodbyes and threads, all together.
CLOSE_WITHIN_S: Final = 2.0


class Window:
    """Owns the root, the browser and the stay. Main thread only; nothing in it blocks but `finish`."""

    def __init__(
        self,
        root: tk.Tk,
        services: Services,
        *,
        settings: KeptSettings,
        name: str,
        wish: str,
        target: Target | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`target` is joined at once, a room called `wish` as soon as it is seen."""
        self.root = root
        self._wish = Wish(wish) if wish else None
        self._clients: list[Client] = []
        self._stay: Stay | None = None
        #: What asks for a file; a test has no hand for a dialog.
        self.ask_where: Callable[[tk.Misc, str], Path | None] = ask_where
        self._refreshed = 0.0
        self._close_asked = False
        self._started = time.monotonic()
        look, pump = Look(root), Pump(root, self._round)
        self._shell = Shell(
            root=root,
            look=look,
            display=display_of(root),
            pump=pump,
            hosts=Hosts(pump),
            rooms=RoomList(),
            pages=Pages(root),
            services=services,
            settings=settings,
            appearance=Appearance(look, settings),
            chores=Chores(),
            notifier=Notifier(root, look, display_of(root)),
            now=now,
        )
        self._pages = self._shell.pages
        self._side_pages = SidePages(self._shell, on_open=self._open_room)
        self._system = SystemShade(services.system_is_dark)
        self._trouble = ttk.Label(root, style="Fault.TLabel", padding=look.px(theme.SMALL_GAP))
        self.rooms_view = RoomsView(
            root,
            look,
            self._shell.display,
            self._shell.rooms,
            settings,
            name=name,
            on_join=self.join,
            on_wait=self._wait_for,
            on_check=self._check_up,
        )
        self.rooms_view.host_button.configure(command=self.host)
        self._examiner = Examiner(services.examine)
        self._browser = services.browse()
        self._open(target, name)

    @property
    def conversation_view(self) -> ConversationView | None:
        """The page with the conversation, where there is one."""
        return self._stay.view if self._stay else None

    def join(self, target: Target, name: str) -> None:
        """Leave the list and join; a room that is being opened meanwhile is not wanted any more."""
        self._shell.hosts.close()
        self._enter(target, name)

    def _enter(self, target: Target, name: str) -> None:
        try:
            client = self._shell.services.join(target, name)
        except MessangoError as error:
            self.rooms_view.complain(error)
            return
        self._set_wish(None)
        self._shell.settings.change(name=name)
        stay = self._stay = Stay(
            self._shell,
            target,
            name,
            client,
            ask_where=lambda parent, room: self.ask_where(parent, room),
            on_client=self._clients.append,
            on_leave=self.leave,
            on_close=lambda: self.close() if stay.conversation.hosted.quits else self.back(),
        )
        self._pages.show(stay.view, stay.view.entry.text.focus_set)
        stay.view.refresh()

    def host(self) -> None:
        """Show the page on which a room is opened, unless we are in one."""
        if self._stay is None:
            self._side_pages.host(self.rooms_view.name.text())

    def _ask_address(self) -> None:
        if self._stay is None:
            self._show_rooms()
            self.rooms_view.address.entry.focus_set()

    def details(self) -> None:
        """Show the details of the room that we are in."""
        if self._stay is not None:
            self._stay.show_details()

    @property
    def side_page(self) -> SidePage | None:
        """The page that covers the rooms or the conversation, where one does."""
        return self._pages.side

    def _open_room(self, wish: RoomWish, person: str) -> None:
        host = self._shell.services.host(wish)
        self._shell.hosts.start(host, lambda event: self._room_told(event, wish, person))

    def _room_told(self, event: HostEvent, wish: RoomWish, person: str) -> None:
        if isinstance(event, NotOpened):
            self._side_pages.complain(event.error)
            return
        self._enter(dataclasses.replace(event.target, password=wish.password), person)
        if self._stay is not None:
            self._stay.hosts_here(event)
            self._stay.refresh()

    def keep(self) -> None:
        """Keep the conversation in a file, where there is one."""
        if self._stay is not None:
            self._stay.keep()

    def find(self) -> None:
        """Look for words in the conversation, where there is one."""
        if self._stay is not None:
            self._stay.view.find()

    def leave(self) -> None:
        """Go back to the list; where the room would close with us, only after a question."""
        if self._stay is not None and not self._stay.asks_first(quits=False):
            self.back()

    def back(self) -> None:
        """Leave the room, if we are in one, and show the list."""
        if self._stay is not None:
            stay, self._stay = self._stay, None
            self._shell.hosts.close()
            self._show_rooms()
            stay.close()

    def quit(self) -> None:
        """Close the window; where a room would close with it, only after a question."""
        if self._stay is None or not self._stay.asks_first(quits=True):
            self.close()

    def close(self) -> None:
        """Close the window; the goodbyes are said by `finish`, after it is gone."""
        self._shell.pump.stop()
        if self._stay is not None:
            self._stay.leave()
        self._shell.hosts.close()
        window_geometry.keep(self.root, self._shell.settings)
        self.root.destroy()

    def finish(self) -> None:
        """Wait, within bounds, until all threads have ended. Only after the main loop has."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        self._shell.settings.close(CLOSE_WITHIN_S)
        self._browser.close()
        for client in self._clients:
            client.join_thread(max(0.0, deadline - time.monotonic()))
        self._examiner.finish(max(0.0, deadline - time.monotonic()))
        self._system.finish(max(0.0, deadline - time.monotonic()))
        self._shell.chores.finish(max(0.0, deadline - time.monotonic()))
        self._shell.hosts.finish()

    def trouble_words(self) -> str:
        """Return what is admitted of a fault of ours."""
        return str(self._trouble.cget("text"))

    def _open(self, target: Target | None, name: str) -> None:
        root = self.root
        root.report_callback_exception = self._report
        root.protocol("WM_DELETE_WINDOW", self.quit)
        self._bind_keys()
        window_geometry.restore(root, self._shell.settings.now, self._shell.look.px)
        self._shell.pump.listen(self._browser.events, self._seen)
        self._shell.pump.listen(self._shell.chores.answers, lambda answer: answer())
        self._shell.pump.listen(self._examiner.events, self._shell.rooms.checkup.hear)
        self._shell.pump.listen(self._system.events, self._shell.appearance.system_told)
        self._shell.pump.listen(self._shell.settings.troubles, self._admit)
        self._system.ask()
        self._browser.start()
        self._show_rooms()
        self.rooms_view.show_wish(self._wish)
        if target is not None:
            self.join(target, name)
        self._shell.pump.start()
        root.deiconify()

    def _bind_keys(self) -> None:
        root, appearance = self.root, self._shell.appearance
        for key in ("<Return>", "<KP_Enter>"):  # ttk itself presses a button by the space bar alone
            root.bind_class("TButton", key, lambda event: event.widget.invoke())
        root.bind("<Control-s>", lambda _: self.keep())
        # Text has keys of its own for these, and would change what is written.
        for key in ("<Control-i>", "<Control-n>"):
            root.unbind_class("Text", key)
        if root.tk.call("tk", "windowingsystem") == "x11":
            # There Tk goes to the line's beginning, as Emacs does; other programs select all.
            root.event_delete("<<LineStart>>", "<Control-a>")
            root.event_add("<<SelectAll>>", "<Control-a>")
        root.bind("<Control-l>", lambda _: self._ask_address())
        root.bind("<Control-i>", lambda _: self.details())
        root.bind("<Control-n>", lambda _: self.host())
        root.bind("<Control-q>", lambda _: self.quit())
        root.bind("<Control-comma>", lambda _: self._side_pages.settings())
        root.bind("<F1>", lambda _: self._side_pages.shortcuts())
        for event in ("<Control-f>", FIND):
            root.bind(event, lambda _: self.find())
        root.bind(KEEP, lambda _: self.keep())
        root.bind(SETTINGS, lambda _: self._side_pages.settings())
        root.bind(DETAILS, lambda _: self.details())
        root.bind(TOGGLED, lambda _: appearance.toggle())
        root.bind("<FocusIn>", lambda _: self._system.ask())
        for key in ("plus", "equal", "KP_Add"):
            root.bind(f"<Control-{key}>", lambda _: appearance.zoom(1))
        for key in ("minus", "KP_Subtract"):
            root.bind(f"<Control-{key}>", lambda _: appearance.zoom(-1))
        for key in ("Key-0", "KP_0"):
            root.bind(f"<Control-{key}>", lambda _: appearance.zoom_normal())

    def _show_rooms(self) -> None:
        self._shell.notifier.show("", "", call=False)
        self._pages.show(self.rooms_view, self.rooms_view.list.focus_list)

    def _seen(self, event: BrowseEvent) -> None:
        self._shell.rooms.hear(event)
        room = self._wish.find(self._shell.rooms) if self._wish and self._stay is None else None
        if room is not None:
            self._grant(room_target(room))

    def _grant(self, target: Target) -> None:
        self._set_wish(None)
        self.rooms_view.join(target)

    def _set_wish(self, wish: Wish | None) -> None:
        self._wish = wish
        self.rooms_view.show_wish(wish)

    def _wait_for(self, room: FoundRoom) -> None:
        """Join a full room as soon as it has a free seat; the second time, wait no longer."""
        wish = Wish(room.name, room.id)
        self._set_wish(None if wish == self._wish else wish)

    def _check_up(self) -> None:
        """Find out why no room is seen, unless that is being done."""
        if self._shell.rooms.checkup.begin():
            self._examiner.start()

    def ask_to_close(self) -> None:
        """Close at the next round. For a signal's handler, which may run inside any line of Python."""
        self._close_asked = True

    def _round(self, heard: bool) -> None:  # noqa: FBT001 (called by the pump alone)
        if self._close_asked:
            self.close()
            return
        now = time.monotonic()
        if not heard and now - self._refreshed < REFRESH_S:
            return
        self._refreshed = now
        if self._stay is None:
            self._refresh_rooms(now - self._started)
        elif self._stay.conversation.left:
            self.back()
        elif self._stay.refresh():
            self._refreshed = 0.0

    def _refresh_rooms(self, looked_s: float) -> None:
        rooms, wish = self._shell.rooms, self._wish
        if looked_s >= EXPLAIN_AFTER_S and rooms.none_yet and not rooms.checkup.done:
            self._check_up()
        self.rooms_view.refresh(looked_s)
        host = host_target(wish.name) if wish and not wish.room_id and looked_s > _HOST_AFTER_S else None
        if host is not None and wish is not None and rooms.by_name(wish.name) is None:
            self._grant(host)

    def _report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log what went wrong in a callback and admit it in the window."""
        logger.error("A callback of the window failed", exc_info=(kind, error, trace))
        words = f"Something went wrong in the window: {kind.__name__}. It goes on; the log has the details."
        self._say_trouble(words)

    def _admit(self, error: MessangoError) -> None:
        self._say_trouble(f"{error} {error.hint}")

    def _say_trouble(self, words: str) -> None:
        self._trouble.configure(text=words)
        self._trouble.pack(side="bottom", fill="x")
