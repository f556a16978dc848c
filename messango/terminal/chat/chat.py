"""`messango chat` for a person at a terminal: a prompt to type in, and the conversation above it.

prompt_toolkit's loop runs in the caller's thread and owns the transcript, the state and the screen. One
more thread, `messango-chat-events`, waits for the client's events.
"""

from __future__ import annotations

import asyncio
import threading
import time
from functools import singledispatchmethod
from typing import Final

from prompt_toolkit.utils import is_dumb_terminal

from messango.client.commands import (
    ChangeName,
    Quit,
    SendText,
    ShowInvite,
    ShowMembers,
    ShowRoom,
    UserCommand,
    complete,
    is_message,
    parse_input,
)
from messango.client.events import (
    Connecting,
    EndReason,
    Event,
    MessageReceived,
    PasswordRequired,
    RoomJoined,
    SessionEnded,
)
from messango.client.interface import RoomClientLike
from messango.client.message_log import MessageLog
from messango.errors import BadPassword, UnsupportedTerminal, WrongPassword
from messango.protocol.password import Password
from messango.protocol.text.command_table import InvalidInput, ShowHelp
from messango.protocol.text.plain_names import quoted_name
from messango.signals import on_stop_signal
from messango.terminal.chat.chat_state import ChatState, Line
from messango.terminal.chat.event_bridge import EventBridge
from messango.terminal.chat.key_bindings import LineCompleter, chat_keys
from messango.terminal.chat.layout import fit
from messango.terminal.chat.screen import Screen
from messango.terminal.chat.transcript import Transcript

#: Members who join and leave within this time share one line.
FLUSH_AFTER_S: Final = 1.0

#: So many characters to wrap and draw take about as long as another event.
CHARACTERS_PER_EVENT: Final = 100

#: How often a countdown is redrawn.
REDRAW_EVERY_S: Final = 0.5

#: After this many wrong passwords the chat ends.
MAX_PASSWORD_ATTEMPTS: Final = 3

#: How long the client may take to say goodbye to the server.
LEAVE_TIMEOUT_S: Final = 2.0


def run_chat(client: RoomClientLike, *, color: bool, message_log: MessageLog | None = None) -> int:
    """Run the chat until the person leaves (/quit, Ctrl-C or Ctrl-D), and return the exit status 0.

    A signal leaves too, and so does a terminal that goes away: call it in the main thread. Events are also
    stored in `message_log`. Raises the `MessangoError` with which the room or the network ended the session,
    and `UnsupportedTerminal`.
    """
    if is_dumb_terminal():
        raise UnsupportedTerminal
    return _ChatApp(client, message_log or MessageLog(), color=color).run()


class _ChatApp:
    """One session at one terminal. All methods belong to the thread that calls `run`."""

    def __init__(self, client: RoomClientLike, message_log: MessageLog, *, color: bool) -> None:
        self._client = client
        self._message_log = message_log
        self._state = ChatState(time.monotonic)
        keys = chat_keys(on_enter=self._on_enter, on_leave=self._leave, is_secret=self._is_secret)
        completer = LineCompleter(lambda before: complete(before, self._state.presence.names))
        self._screen = Screen(self._rows, completer, keys, color=color, is_secret=self._is_secret)
        self._screen.on_text_changed(self._on_text_changed)
        self._transcript = Transcript(lambda: self._screen.columns)
        self._bridge = EventBridge(
            client.events,
            self._handle_batch,
            lambda event: isinstance(event, SessionEnded),
            thread_name="messango-chat-events",
            weigh=_weigh,
        )
        self._flush_timer: asyncio.TimerHandle | None = None
        self._redraw_timer: asyncio.TimerHandle | None = None
        self._ended: SessionEnded | None = None
        self._password_attempts = 0
        self._stop_requested = threading.Event()

    def run(self) -> int:
        """Run until the session has ended; raises the error that ended it."""
        with on_stop_signal(self._on_stop_signal):
            try:
                self._screen.run(self._on_start)
            finally:
                self._close()
            self._print_farewell()
        # After a signal nothing is asked or offered any more, even if the room has closed just before.
        if self._ended and self._ended.error and not self._stop_requested.is_set():
            raise self._ended.error
        return 0

    def _on_start(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._client.start()
        self._bridge.start()
        if self._stop_requested.is_set():
            self._stop()

    def _on_stop_signal(self, _number: int) -> None:
        """Leave the room and restore the terminal. In the thread of the signals."""
        self._stop_requested.set()
        self._screen.call_soon(self._stop)

    def _stop(self) -> None:
        # A closed terminal sends several signals: unlike a second Ctrl-C, they do not cut the goodbye short.
        if not self._state.leaving:
            self._screen.ignore_keys()
            self._leave()

    def _close(self) -> None:
        self._bridge.stop()
        self._client.leave()
        self._client.join_thread(LEAVE_TIMEOUT_S)
        self._bridge.join()

    def _handle_batch(self, batch: list[Event]) -> None:
        lines: list[Line] = []
        for event in batch:
            # Somebody who leaves waits for their own messages, not until all of a flood is drawn.
            if not self._state.leaving or self._state.is_answer(event):
                lines += self._transcript.handle(event)
            self._state.handle(event)
            self._message_log.handle(event)
            self._on_event(event)
        self._show(lines)
        self._schedule_flush()
        self._redraw()
        if self._ended:
            self._exit()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, PasswordRequired):
            self._screen.stash_input()
            if isinstance(event.error, WrongPassword) and self._password_attempts >= MAX_PASSWORD_ATTEMPTS:
                self._ended = SessionEnded(EndReason.FAILED, event.error)
        elif isinstance(event, Connecting):
            self._screen.restore_input()
        elif isinstance(event, RoomJoined):
            self._password_attempts = 0
        elif isinstance(event, SessionEnded):
            self._ended = event

    def _show(self, lines: list[Line]) -> None:
        if lines:
            self._screen.show(lines)

    def _schedule_flush(self) -> None:
        if self._flush_timer:
            self._flush_timer.cancel()
        if self._transcript.has_pending:
            self._flush_timer = self._loop.call_later(FLUSH_AFTER_S, self._flush_transcript)

    def _flush_transcript(self) -> None:
        self._show(self._transcript.flush())

    def _redraw(self) -> None:
        if self._redraw_timer:
            self._redraw_timer.cancel()
        self._screen.redraw()
        if self._state.needs_refresh:
            self._redraw_timer = self._loop.call_later(REDRAW_EVERY_S, self._redraw)

    def _rows(self, columns: int) -> list[Line]:
        return [*self._state.pending_rows(), fit(self._state.status(), columns)]

    def _is_secret(self) -> bool:
        return self._state.entering_password

    def _on_text_changed(self, text: str) -> None:
        if not self._state.entering_password and is_message(text):
            self._client.send_typing()

    def _on_enter(self, typed: str) -> bool:
        if self._state.entering_password:
            self._enter_password(typed)
            return True
        command = parse_input(typed)
        if command is not None:
            self._execute(command)
        elif self._state.disconnected:
            self._client.retry_now()
        return not isinstance(command, InvalidInput)

    def _enter_password(self, typed: str) -> None:
        try:
            password = Password(typed)
        except BadPassword as error:
            self._show(self._transcript.problem(f"{error} {error.hint}"))
            return
        self._password_attempts += 1
        self._state.entering_password = False
        self._client.submit_password(password)

    @singledispatchmethod
    def _execute(self, command: UserCommand) -> None:
        raise AssertionError(command)

    @_execute.register
    def _(self, command: SendText) -> None:
        self._state.message_queued(self._client.send_message(command.text), command.text)

    @_execute.register
    def _(self, _command: ShowHelp) -> None:
        self._show(self._transcript.help())

    @_execute.register
    def _(self, _command: ShowMembers) -> None:
        self._show(self._transcript.members(self._state.presence))

    @_execute.register
    def _(self, _command: ShowRoom) -> None:
        self._show(self._transcript.room(self._state.joined))

    @_execute.register
    def _(self, _command: ShowInvite) -> None:
        self._show(self._transcript.invite(self._state.joined))

    @_execute.register
    def _(self, command: ChangeName) -> None:
        self._client.rename(command.name)

    @_execute.register
    def _(self, _command: Quit) -> None:
        self._leave()

    @_execute.register
    def _(self, command: InvalidInput) -> None:
        self._show(self._transcript.problem(command.reason))

    def _leave(self) -> None:
        if self._state.leaving:  # A second Ctrl-C: do not wait for the goodbye.
            self._exit()
            return
        self._state.leaving = True
        self._client.leave()
        self._screen.redraw()

    def _exit(self) -> None:
        self._bridge.stop()
        self._screen.close()

    def _print_farewell(self) -> None:
        lines = self._transcript.flush()
        lines += self._transcript.not_sent(self._state.unsent)
        if self._ended is None or self._ended.reason is EndReason.LEFT:
            lines += self._transcript.notice(
                f"You left {quoted_name(self._state.room)}. Goodbye." if self._state.room else "Goodbye."
            )
        self._screen.print(lines)


def _weigh(event: Event) -> int:
    """Return how many events this one is worth in a batch: keys wait until a batch is drawn."""
    return 1 + len(event.text) // CHARACTERS_PER_EVENT if isinstance(event, MessageReceived) else 1
