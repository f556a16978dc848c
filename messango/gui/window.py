"""The window: one root, one pump, and the two pages that it changes between."""

from __future__ import annotations

import logging
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path
from tkinter import ttk
from types import TracebackType
from typing import Final

from messango.discovery.rooms import BrowseEvent
from messango.errors import MessangoError
from messango.gui import theme
from messango.gui.banner import Step
from messango.gui.conversation import Conversation
from messango.gui.conversation_view import ConversationView
from messango.gui.hosts import Hosts
from messango.gui.keep import keep
from messango.gui.keep_dialog import ask_where
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
        self._name = name
        self._target = target
        self._conversation: Conversation | None = None
        self.conversation_view: ConversationView | None = None
        #: What asks for a file; a test has no hand for a dialog.
        self.ask_where: Callable[[tk.Misc, str], Path | None] = ask_where
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
        self._hosts = Hosts(self._pump, services.host_on, on_open=self._go_on)
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
        self._name = name
        conversation = self._conversation = Conversation(target.place, now=self._now, clock=time.monotonic)
        self._visit(target, client, conversation)
        self._show_conversation(client, conversation)

    def leave(self) -> None:
        """Go back to the list; where the room would close with us, only after a question."""
        if not self._asks_first(quits=False):
            self.back()

    def back(self) -> None:
        """Leave the room, if we are in one, and show the list."""
        if self._client is None or self.conversation_view is None:
            return
        self._client.leave()
        self._hosts.close()
        self._pump.forget(self._client.events)
        self.conversation_view.destroy()
        self._client = self._conversation = self.conversation_view = None
        self._show_rooms()

    def quit(self) -> None:
        """Close the window; where a room would close with it, only after a question."""
        if not self._asks_first(quits=True):
            self.close()

    def close(self) -> None:
        """Close the window; the goodbyes are said by `finish`, after it is gone."""
        self._pump.stop()
        if self._client is not None:
            self._client.leave()
        self._hosts.close()
        self.root.destroy()

    def finish(self) -> None:
        """Wait, within bounds, until all threads have ended. Only after the main loop has."""
        deadline = time.monotonic() + CLOSE_WITHIN_S
        self._browser.close()
        for client in self._clients:
            client.join_thread(max(0.0, deadline - time.monotonic()))
        self._hosts.finish()

    def trouble_words(self) -> str:
        """Return what is admitted of a fault of ours."""
        return str(self._trouble.cget("text"))

    def _open(self, target: Target | None, name: str) -> None:
        root = self.root
        root.report_callback_exception = self._report
        root.protocol("WM_DELETE_WINDOW", self.quit)
        root.bind("<Control-s>", lambda _: self.keep())
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

    def _show_conversation(self, client: Client, conversation: Conversation) -> None:
        steps = {
            Step.JOIN: lambda: self._join_successor(conversation),
            Step.HOST_ON: lambda: self._hosts.host_on(conversation),
            Step.KEEP: self.keep,
            Step.TRY_AGAIN: self._try_again,
            Step.BACK: self.leave,
            Step.CLOSE_FOR_ALL: lambda: self.close() if conversation.hosted.quits else self.back(),
        }
        view = ConversationView(
            self.root, self._look, self._display, conversation, client, on_leave=self.leave, steps=steps
        )
        self.rooms_view.pack_forget()
        view.pack(fill="both", expand=True)
        view.entry.text.focus_set()
        self.conversation_view = view
        view.refresh()

    def _visit(self, target: Target, client: Client, conversation: Conversation) -> None:
        self._target, self._client = target, client
        self._clients.append(client)
        self._pump.listen(client.events, conversation.hear)
        client.start()

    def _try_again(self) -> None:
        if self._target is not None:
            self._go_on(self._target)

    def _join_successor(self, conversation: Conversation) -> None:
        room = conversation.ending.successor if conversation.ending else None
        if room is not None:
            self._go_on(room_target(room))

    def _go_on(self, target: Target) -> None:
        """Join from a conversation that has ended; what is read and written there stays."""
        conversation, view = self._conversation, self.conversation_view
        if conversation is None or view is None or self._client is None:
            return
        try:
            client = self._services.join(target, self._name)
        except MessangoError as error:
            conversation.complain(error)
            return
        self._pump.forget(self._client.events)
        conversation.go_on()
        self._visit(target, client, conversation)
        view.use(client)

    def keep(self) -> None:
        """Ask for a file and write to it what this window holds of the conversation."""
        conversation = self._conversation
        if conversation is None:
            return
        if not conversation.held:
            conversation.complain(MessangoError("Nothing has been said yet that could be kept."))
            return
        path = self.ask_where(self.root, conversation.title)
        if path is None:
            return
        try:
            keep(path, conversation.title, conversation.held.messages())
        except MessangoError as error:
            conversation.complain(error)
        else:
            conversation.kept(path.name)

    def _asks_first(self, *, quits: bool) -> bool:
        asks = self._conversation is not None and self._conversation.hosted.must_ask(quits=quits)
        if asks and self.conversation_view is not None:
            self.conversation_view.refresh()
        return asks

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
            self._conversation.look(self._rooms)
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
