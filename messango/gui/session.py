"""A stay in a room as the window runs it: the page with the conversation, and the clients that feed it."""

from __future__ import annotations

import dataclasses
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from messango.client.events import Event, PasswordRequired, RoomJoined, SessionEnded
from messango.client.trust_texts import namesake_warning
from messango.errors import FingerprintMismatch, MessangoError
from messango.gui.background.host_thread import Hand, HostEvent, Opened
from messango.gui.background.services import Client
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.model.banner import Step
from messango.gui.model.conversation import Conversation
from messango.gui.model.save import keep
from messango.gui.model.target import Target, room_target
from messango.gui.pages.context import Shell
from messango.gui.pages.session_pages import StayPages


class Stay:
    """Owns the page and the client. One client follows another where a room closes and is open again.

    Main thread only; nothing in it blocks. `on_client` is told each client, so that its threads can be
    waited for at the end; `on_leave` is asked to leave, `on_close` to close, whatever was asked before.
    """

    def __init__(
        self,
        shell: Shell,
        target: Target,
        name: str,
        client: Client,
        *,
        ask_where: Callable[[tk.Misc, str], Path | None],
        on_client: Callable[[Client], None],
        on_leave: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        self.conversation = Conversation(target.place, now=shell.now, clock=time.monotonic)
        self._shell, self._name = shell, name
        self._on_client, self._ask_where = on_client, ask_where
        self._on_leave = on_leave
        self._pages = StayPages(shell, self.conversation)
        self._entered: RoomJoined | None = None
        self._hand: Hand | None = None
        steps = {
            Step.JOIN: self._join_successor,
            Step.HOST_ON: self._host_on,
            Step.KEEP: self.keep,
            Step.TRY_AGAIN: self._try_again,
            Step.HERE_AGAIN: self._try_again,
            Step.JOIN_ANEW: self._try_again,
            Step.BACK: on_leave,
            Step.CLOSE_FOR_ALL: on_close,
        }
        self._visit(target, client)
        self.view = ConversationView(
            shell.root,
            shell.look,
            shell.display,
            self.conversation,
            client,
            on_leave=on_leave,
            on_link=self._open_link,
            steps=steps,
        )

    def refresh(self) -> bool:
        """Show what the conversation holds now; returns whether there is more than one moment can take."""
        self.conversation.look(self._shell.rooms)
        if self.conversation.ending_asks:
            self._try_again()
        self.conversation.attention.level = self._shell.settings.now.notify
        behind = self.view.refresh()
        attention = self.conversation.attention
        self._shell.notifier.show(self.conversation.title, attention.count, call=attention.take_call())
        return behind

    def asks_first(self, *, quits: bool) -> bool:
        """Tell whether leaving has to wait for an answer; the question is shown then."""
        asks = self.conversation.hosted.must_ask(quits=quits)
        if asks:
            self.view.refresh()
        return asks

    def leave(self) -> None:
        """Leave the room. The page stays as it is."""
        self._client.leave()

    def close(self) -> None:
        """Leave, and take the page away."""
        self.leave()
        self._shell.pump.forget(self._client.events)
        self.view.destroy()

    def keep(self) -> None:
        """Ask for a file and write to it what this window holds of the conversation."""
        conversation = self.conversation
        if not conversation.held:
            conversation.complain(MessangoError("Nothing has been said yet that could be kept."))
            return
        path = self._ask_where(self._shell.root, conversation.title)
        if path is None:
            return
        messages = conversation.held.messages()

        def done(error: MessangoError | None) -> None:
            if error is None:
                conversation.kept(path.name)
            else:
                conversation.complain(error)

        self._shell.chores.do(lambda: keep(path, conversation.title, messages), done)

    def _open_link(self, address: str) -> None:
        def done(error: MessangoError | None) -> None:
            if error is not None:
                self.conversation.complain(error)

        self._shell.chores.do(lambda: self._shell.services.open_link(address), done)

    def _visit(self, target: Target, client: Client) -> None:
        self._target, self._client = target, client
        self._on_client(client)
        self._shell.pump.listen(client.events, self._hear)
        client.start()

    def _hear(self, event: Event) -> None:
        if isinstance(event, PasswordRequired):
            give = self._client.give_password
            self._pages.ask_password(event.error, on_give=give, on_leave=self._on_leave)
            return
        if isinstance(event, (RoomJoined, SessionEnded)):
            self._pages.password_done()
        self.conversation.hear(event)
        if isinstance(event, RoomJoined):
            self._note_visit(event)
        elif (
            isinstance(event, SessionEnded)
            and isinstance(event.error, FingerprintMismatch)
            and event.error.room_id
        ):
            self._pages.warn(event.error, on_accepted=self._try_again, on_leave=self._on_leave)

    def _note_visit(self, entered: RoomJoined) -> None:
        self._entered = entered
        if self._target.typed:
            self._shell.settings.worked(self._target.typed)
        if entered.namesake is not None and not (entered.resumed or self.conversation.hosted.here):
            self._warn_of_namesake(entered)

    def _warn_of_namesake(self, entered: RoomJoined) -> None:
        """Point out that this is not the room of its name that we know; its words take a moment."""
        found: list[str] = []

        def done(_error: MessangoError | None) -> None:
            if found and entered is self._entered and not self.conversation.ended:
                self.conversation.caution(found[0])

        self._shell.chores.do(lambda: found.append(namesake_warning(entered)), done)

    def show_details(self) -> None:
        """Show how to be sure of this room and how to invite to it."""
        if self._entered is not None and not self.conversation.ended:
            self._pages.details(self._entered, self._target, self._hand)

    def _try_again(self) -> None:
        self._go_on(self._target)

    def _join_successor(self) -> None:
        ending = self.conversation.ending
        if ending is not None and ending.successor is not None:
            self._go_on(room_target(ending.successor))

    def _go_on(self, target: Target) -> None:
        """Join from a conversation that has ended; what is read and written there stays."""
        try:
            client = self._shell.services.join(target, self._name)
        except MessangoError as error:
            self.conversation.complain(error)
            return
        self._shell.pump.forget(self._client.events)
        self.conversation.go_on()
        self._visit(target, client)
        self.view.use(client)

    def _host_on(self) -> None:
        """Begin to open the room here, with what was said in it."""
        conversation = self.conversation
        room = conversation.room
        if room is None or conversation.hosted.opening or conversation.hosted.here:
            return
        host = self._shell.services.host_on(room, conversation.held.messages(), self._client.password)
        conversation.hosted.begin()
        self._shell.hosts.start(host, self._host_told)

    def _host_told(self, event: HostEvent) -> None:
        if isinstance(event, Opened):
            self.hosts_here(event)
            self._go_on(dataclasses.replace(event.target, password=self._client.password))
        else:
            self.conversation.hosted.failed()
            self.conversation.complain(event.error)

    def hosts_here(self, opened: Opened) -> None:
        """The room is open in this window."""
        self._hand = opened.hand
        self.view.remove_member = opened.hand.kick if opened.hand else None
        self.conversation.hosted.opened()
        self._shell.hosts.listen(opened.told, self.conversation.told_as_host)
