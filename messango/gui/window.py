"""The window: one root, one pump, and the two pages that it changes between."""

from __future__ import annotations

import logging
import time
import tkinter as tk
from collections.abc import Callable
from tkinter import ttk
from types import TracebackType
from typing import Final

from messango.discovery.rooms import BrowseEvent
from messango.errors import MessangoError
from messango.gui import theme
from messango.gui.conversation import Conversation
from messango.gui.conversation_view import ConversationView
from messango.gui.pump import Pump
from messango.gui.room_list import RoomList
from messango.gui.rooms_view import RoomsView
from messango.gui.services import Client, Services
from messango.gui.style import Look
from messango.gui.target import Target, host_target, room_target
from messango.gui.toolkit import display_of

logger = logging.getLogger(__name__)

#: What changes with time alone (a countdown, who is typing) is looked at so often.
REFRESH_S: Final = 0.25

#: A room named on the command line that is not seen by then may be a machine's name instead.
_HOST_AFTER_S: Final = 3.0

#: How long closing waits for goodbyes and threads, all together.
CLOSE_WITHIN_S: Final = 2.0


class Window:
    """Owns the root, the browser and the client. Main thread only; nothing in it blocks but `finish`."""

    def __init__(
        self,
        root: tk.Tk,
        services: Services,
        *,
        name: str,
        wish: str,
        target: Target | None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """`target` is joined at once, a room called `wish` as soon as it is seen."""
        self.root = root
        self._services = services
        self._display = display_of(root)
        self._look = Look(root)
        self._rooms = RoomList()
        self._wish = wish
        self._now = now
        self._clients: list[Client] = []
        self._client: Client | None = None
        self._conversation: Conversation | None = None
        self.conversation_view: ConversationView | None = None
        self._refreshed = 0.0
        self._close_asked = False
        self._started = time.monotonic()
        self._look.use(theme.LIGHT)
        self._trouble = ttk.Label(root, style="Fault.TLabel", padding=self._look.px(theme.SMALL_GAP))
        self.rooms_view = RoomsView(
            root, self._look, self._display, self._rooms, name=name, address="", on_join=self.join
        )
        self._browser = services.browse()
        self._pump = Pump(root, self._round)
        self._open(target, name)

    def join(self, target: Target, name: str) -> None:
        """Leave the list and join."""
        try:
            client = self._services.join(target, name)
        except MessangoError as error:
            self.rooms_view.complain(error)
            return
        self._wish = ""
        self.rooms_view.show_wish("")
        self._client = client
        self._clients.append(client)
        self._conversation = Conversation(target.place, now=self._now, clock=time.monotonic)
        self._pump.listen(client.events, self._conversation.hear)
        client.start()
        self._show_conversation(target, name, client, self._conversation)

    def back(self) -> None:
        """Leave the room, if we are in one, and show the list."""
        if self._client is None or self.conversation_view is None:
            return
        self._client.leave()
        self._pump.forget(self._client.events)
        self.conversation_view.destroy()
        self._client = self._conversation = self.conversation_view = None
        self._show_rooms()

    def close(self) -> None:
        """Close the window; the goodbyes are said by `finish`, after it is gone."""
        self._pump.stop()
        if self._client is not None:
            self._client.leave()
        self.root.destroy()

    def finish(self) -> None:
        """Wait, within bounds, until all threads have ended. Only after the main loop has."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        self._browser.close()
        for client in self._clients:
            client.join_thread(max(0.0, deadline - time.monotonic()))

    def trouble_words(self) -> str:
        """Return what is admitted of a fault of ours."""
        return str(self._trouble.cget("text"))

    def _open(self, target: Target | None, name: str) -> None:
        root = self.root
        root.report_callback_exception = self._report
        root.protocol("WM_DELETE_WINDOW", self.close)
        width, height = (self._look.px(length) for length in theme.WINDOW_SIZE)
        root.geometry(f"{width}x{height}")
        root.minsize(*(self._look.px(length) for length in theme.LEAST_SIZE))
        self._pump.listen(self._browser.events, self._seen)
        self._browser.start()
        self._show_rooms()
        self.rooms_view.show_wish(self._wish)
        if target is not None:
            self.join(target, name)
        self._pump.start()
        root.deiconify()

    def _show_rooms(self) -> None:
        self.root.title("Messango")
        self.rooms_view.pack(fill="both", expand=True)
        self.rooms_view.list.focus_list()

    def _show_conversation(
        self, target: Target, name: str, client: Client, conversation: Conversation
    ) -> None:
        view = ConversationView(
            self.root,
            self._look,
            self._display,
            conversation,
            client,
            on_back=self.back,
            on_again=lambda: self._again(target, name),
        )
        self.rooms_view.pack_forget()
        view.pack(fill="both", expand=True)
        view.entry.text.focus_set()
        self.conversation_view = view
        view.refresh()

    def _again(self, target: Target, name: str) -> None:
        """Try once more what has failed; what was written stays."""
        draft = self.conversation_view.entry.get() if self.conversation_view else ""
        self.back()
        self.join(target, name)
        if self.conversation_view is not None:
            self.conversation_view.entry.set(draft)

    def _seen(self, event: BrowseEvent) -> None:
        self._rooms.hear(event)
        room = self._rooms.by_name(self._wish) if self._wish else None
        if room is not None and room.joinable:
            self._grant(room_target(room))

    def _grant(self, target: Target) -> None:
        self._wish = ""
        self.rooms_view.show_wish("")
        self.rooms_view.join(target)

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
        if self.conversation_view is None or self._conversation is None:
            self._refresh_rooms(now - self._started)
        elif self._conversation.left:
            self.back()
        else:
            self.conversation_view.refresh()
            self.root.title(f"{self._display.title(self._conversation.title)} – Messango")

    def _refresh_rooms(self, looked_s: float) -> None:
        self.rooms_view.refresh(looked_s)
        host = host_target(self._wish) if self._wish and looked_s > _HOST_AFTER_S else None
        if host is not None and self._rooms.by_name(self._wish) is None:
            self._grant(host)

    def _report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log what went wrong in a callback and admit it in the window."""
        logger.error("A callback of the window failed", exc_info=(kind, error, trace))
        words = f"Something went wrong in the window: {kind.__name__}. It goes on; the log has the details."
        self._trouble.configure(text=words)
        self._trouble.pack(side="bottom", fill="x")
