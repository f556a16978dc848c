"""`messango chat` for a person at a terminal: one line to type in, and the talk above it.

prompt_toolkit's loop runs in the caller's thread and owns the transcript, the stay and the screen. One
more thread, `messango-chat-events`, waits for the client's events and hands them over, a batch at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import signal
import threading
import time
from functools import singledispatchmethod
from typing import Final

from prompt_toolkit.utils import is_dumb_terminal

from messango.client.commands import (
    ChangeName,
    InvalidInput,
    Quit,
    SendText,
    ShowHelp,
    ShowInvite,
    ShowMembers,
    ShowRoom,
    UserCommand,
    complete,
    is_message,
    parse_input,
)
from messango.client.events import Connecting, EndReason, Event, PasswordRequired, RoomJoined, SessionEnded
from messango.client.message_log import MessageLog
from messango.client.protocol import RoomClientProtocol
from messango.errors import BadPassword, UnsupportedTerminal, WrongPassword
from messango.protocol.password import Password
from messango.terminal.chat_state import ChatState, Line
from messango.terminal.key_bindings import LineCompleter, chat_keys
from messango.terminal.layout import fit
from messango.terminal.screen import Screen
from messango.terminal.transcript import Transcript

#: A flood is shown in pieces of this size: between two the screen is drawn and keys are read.
BATCH_EVENTS: Final = 200

#: People who come and go within this time are told in one line.
FLUSH_AFTER_S: Final = 1.0

#: How often a countdown is drawn anew.
REDRAW_EVERY_S: Final = 0.5

#: Who has mistyped a password so often does not know it.
MAX_PASSWORD_ATTEMPTS: Final = 3

#: The client says goodbye to the room within this time, or we go without.
LEAVE_TIMEOUT_S: Final = 2.0


def run_chat(client: RoomClientProtocol, *, color: bool, message_log: MessageLog | None = None) -> int:
    """Talk until one leaves (status 0, Ctrl-C and Ctrl-D as well as /quit).

    What is heard is noted in `message_log`. Raises the `MessangoError` with which the stay ended, where the
    room or the network ended it, and `UnsupportedTerminal`.
    """
    if is_dumb_terminal():
        raise UnsupportedTerminal
    return _ChatApp(client, message_log or MessageLog(), color=color).run()


class _ChatApp:
    """One stay at one terminal. All methods but `_watch_signals` belong to the thread that calls `run`."""

    def __init__(self, client: RoomClientProtocol, message_log: MessageLog, *, color: bool) -> None:
        self._client = client
        self._message_log = message_log
        self._state = ChatState(time.monotonic)
        keys = chat_keys(on_enter=self._on_enter, on_leave=self._leave, is_secret=self._is_secret)
        completer = LineCompleter(lambda before: complete(before, self._state.presence.names))
        self._screen = Screen(self._rows, completer, keys, color=color, is_secret=self._is_secret)
        self._screen.on_text_changed(self._on_text_changed)
        self._transcript = Transcript(lambda: self._screen.columns)
        self._event_thread = threading.Thread(
            target=self._forward_events, name="messango-chat-events", daemon=True
        )
        self._backpressure = threading.Semaphore()
        self._stopped = threading.Event()
        self._flush_timer: asyncio.TimerHandle | None = None
        self._redraw_timer: asyncio.TimerHandle | None = None
        self._ended: SessionEnded | None = None
        self._password_attempts = 0

    def run(self) -> int:
        """Show and talk until the stay is over."""
        try:
            self._screen.run(self._on_start)
        finally:
            self._close()
        self._print_farewell()
        if self._ended and self._ended.error:
            raise self._ended.error
        return 0

    def _on_start(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Killed or its window closed: leave politely and give the terminal back as it was.
        for name in ("SIGTERM", "SIGHUP"):
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                self._loop.add_signal_handler(getattr(signal, name), self._leave)
        self._client.start()
        self._event_thread.start()

    def _close(self) -> None:
        self._stopped.set()
        self._backpressure.release()
        self._client.leave()
        self._client.join_thread(LEAVE_TIMEOUT_S)
        if self._event_thread.is_alive():
            self._event_thread.join(LEAVE_TIMEOUT_S)

    def _forward_events(self) -> None:
        """Hand over what the client tells, one batch at a time, until the stay has ended."""
        ended = False
        while not ended:
            batch = _next_batch(self._client.events)
            ended = any(isinstance(event, SessionEnded) for event in batch)
            self._backpressure.acquire()
            if self._stopped.is_set():
                self._backpressure.release()
                continue
            with contextlib.suppress(RuntimeError):  # The loop was closed this very moment.
                self._loop.call_soon_threadsafe(self._handle_batch, batch)

    def _handle_batch(self, batch: list[Event]) -> None:
        self._backpressure.release()
        lines: list[Line] = []
        for event in batch:
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
            self._client.typing()

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
        self._client.give_password(password)

    @singledispatchmethod
    def _execute(self, command: UserCommand) -> None:
        raise AssertionError(command)

    @_execute.register
    def _(self, wanted: SendText) -> None:
        self._state.message_queued(self._client.send_message(wanted.text), wanted.text)

    @_execute.register
    def _(self, _wanted: ShowHelp) -> None:
        self._show(self._transcript.help())

    @_execute.register
    def _(self, _wanted: ShowMembers) -> None:
        self._show(self._transcript.members(self._state.presence))

    @_execute.register
    def _(self, _wanted: ShowRoom) -> None:
        self._show(self._transcript.room(self._state.joined))

    @_execute.register
    def _(self, _wanted: ShowInvite) -> None:
        self._show(self._transcript.invite(self._state.joined))

    @_execute.register
    def _(self, wanted: ChangeName) -> None:
        self._client.rename(wanted.name)

    @_execute.register
    def _(self, _wanted: Quit) -> None:
        self._leave()

    @_execute.register
    def _(self, wanted: InvalidInput) -> None:
        self._show(self._transcript.problem(wanted.reason))

    def _leave(self) -> None:
        if self._state.leaving:  # Asked twice: somebody is in a hurry.
            self._exit()
            return
        self._state.leaving = True
        self._client.leave()
        self._screen.redraw()

    def _exit(self) -> None:
        self._stopped.set()
        self._screen.close()

    def _print_farewell(self) -> None:
        lines = self._transcript.flush()
        lines += self._transcript.not_sent(self._state.unsent)
        if self._ended is None or self._ended.reason is EndReason.LEFT:
            lines += self._transcript.notice(
                f"You left “{self._state.room}”. Goodbye." if self._state.room else "Goodbye."
            )
        self._screen.print(lines)


def _next_batch(events: queue.SimpleQueue[Event]) -> list[Event]:
    batch = [events.get()]
    with contextlib.suppress(queue.Empty):
        while len(batch) < BATCH_EVENTS:
            batch.append(events.get_nowait())
    return batch
