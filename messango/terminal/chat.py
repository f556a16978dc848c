"""`messango chat` for a person at a terminal: one line to type in, and the talk above it.

prompt_toolkit's loop runs in the caller's thread and owns the transcript, the stay and the screen. One
more thread, `messango-chat-hear`, waits for the client's events and hands them over, a batch at a time.
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
    HelpWanted,
    InviteWanted,
    MembersWanted,
    Mistake,
    NameWanted,
    QuitWanted,
    RoomWanted,
    Speak,
    Wanted,
    complete,
    is_message,
    read_typed,
)
from messango.client.events import Connecting, End, Ended, Entered, Event, PasswordWanted
from messango.client.message_log import Record
from messango.client.protocol import ChatClient
from messango.errors import BadPassword, UnsupportedTerminal, WrongPassword
from messango.protocol.password import Password
from messango.terminal.chat_state import Line, Stay
from messango.terminal.key_bindings import LineCompleter, chat_keys
from messango.terminal.layout import fit
from messango.terminal.screen import Screen
from messango.terminal.transcript import Transcript

#: A flood is shown in pieces of this size: between two the screen is drawn and keys are read.
BATCH_EVENTS: Final = 200

#: People who come and go within this time are told in one line.
SETTLE_AFTER_S: Final = 1.0

#: How often a countdown is drawn anew.
REDRAW_EVERY_S: Final = 0.5

#: Who has mistyped a password so often does not know it.
PASSWORD_TRIES: Final = 3

#: The client says goodbye to the room within this time, or we go without.
GOODBYE_S: Final = 2.0


def run_chat(client: ChatClient, *, color: bool, record: Record | None = None) -> int:
    """Talk until one leaves (status 0, Ctrl-C and Ctrl-D as well as /quit).

    What is heard is noted in `record`. Raises the `MessangoError` with which the stay ended, where the
    room or the network ended it, and `UnsupportedTerminal`.
    """
    if is_dumb_terminal():
        raise UnsupportedTerminal
    return _Chat(client, record or Record(), color=color).run()


class _Chat:
    """One stay at one terminal. All methods but `_watch_signals` belong to the thread that calls `run`."""

    def __init__(self, client: ChatClient, record: Record, *, color: bool) -> None:
        self._client = client
        self._record = record
        self._stay = Stay(time.monotonic)
        keys = chat_keys(enter=self._enter, leave=self._leave, is_secret=self._is_secret)
        completer = LineCompleter(lambda before: complete(before, self._stay.members))
        self._screen = Screen(self._rows, completer, keys, color=color, is_secret=self._is_secret)
        self._screen.when_typed(self._typed)
        self._transcript = Transcript(lambda: self._screen.columns)
        self._listener = threading.Thread(target=self._listen, name="messango-chat-hear", daemon=True)
        self._may_hand_over = threading.Semaphore()
        self._over = threading.Event()
        self._settling: asyncio.TimerHandle | None = None
        self._redrawing: asyncio.TimerHandle | None = None
        self._ended: Ended | None = None
        self._tries = 0

    def run(self) -> int:
        """Show and talk until the stay is over."""
        try:
            self._screen.run(self._begin)
        finally:
            self._close()
        self._say_goodbye()
        if self._ended and self._ended.error:
            raise self._ended.error
        return 0

    def _begin(self) -> None:
        self._loop = asyncio.get_running_loop()
        # Killed or its window closed: leave politely and give the terminal back as it was.
        for name in ("SIGTERM", "SIGHUP"):
            with contextlib.suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                self._loop.add_signal_handler(getattr(signal, name), self._leave)
        self._client.start()
        self._listener.start()

    def _close(self) -> None:
        self._over.set()
        self._may_hand_over.release()
        self._client.leave()
        self._client.join_thread(GOODBYE_S)
        if self._listener.is_alive():
            self._listener.join(GOODBYE_S)

    def _listen(self) -> None:
        """Hand over what the client tells, one batch at a time, until the stay has ended."""
        ended = False
        while not ended:
            batch = _next_batch(self._client.events)
            ended = any(isinstance(event, Ended) for event in batch)
            self._may_hand_over.acquire()
            if self._over.is_set():
                self._may_hand_over.release()
                continue
            with contextlib.suppress(RuntimeError):  # The loop was closed this very moment.
                self._loop.call_soon_threadsafe(self._hear, batch)

    def _hear(self, batch: list[Event]) -> None:
        self._may_hand_over.release()
        lines: list[Line] = []
        for event in batch:
            lines += self._transcript.hear(event)
            self._stay.hear(event)
            self._record.hear(event)
            self._attend(event)
        self._show(lines)
        self._plan_settling()
        self._redraw()
        if self._ended:
            self._exit()

    def _attend(self, event: Event) -> None:
        if isinstance(event, PasswordWanted):
            self._screen.put_aside()
            if isinstance(event.error, WrongPassword) and self._tries >= PASSWORD_TRIES:
                self._ended = Ended(End.FAILED, event.error)
        elif isinstance(event, Connecting):
            self._screen.take_up()
        elif isinstance(event, Entered):
            self._tries = 0
        elif isinstance(event, Ended):
            self._ended = event

    def _show(self, lines: list[Line]) -> None:
        if lines:
            self._screen.show(lines)

    def _plan_settling(self) -> None:
        if self._settling:
            self._settling.cancel()
        if self._transcript.unsettled:
            self._settling = self._loop.call_later(SETTLE_AFTER_S, self._settle)

    def _settle(self) -> None:
        self._show(self._transcript.settle())

    def _redraw(self) -> None:
        if self._redrawing:
            self._redrawing.cancel()
        self._screen.redraw()
        if self._stay.restless:
            self._redrawing = self._loop.call_later(REDRAW_EVERY_S, self._redraw)

    def _rows(self, columns: int) -> list[Line]:
        return [*self._stay.waiting(), fit(self._stay.status(), columns)]

    def _is_secret(self) -> bool:
        return self._stay.asks_password

    def _typed(self, text: str) -> None:
        if not self._stay.asks_password and is_message(text):
            self._client.typing()

    def _enter(self, typed: str) -> bool:
        if self._stay.asks_password:
            self._enter_password(typed)
            return True
        wanted = read_typed(typed)
        if wanted is not None:
            self._do(wanted)
        elif self._stay.interrupted:
            self._client.retry_now()
        return not isinstance(wanted, Mistake)

    def _enter_password(self, typed: str) -> None:
        try:
            password = Password(typed)
        except BadPassword as error:
            self._show(self._transcript.problem(f"{error} {error.hint}"))
            return
        self._tries += 1
        self._stay.asks_password = False
        self._client.give_password(password)

    @singledispatchmethod
    def _do(self, wanted: Wanted) -> None:
        raise AssertionError(wanted)

    @_do.register
    def _(self, wanted: Speak) -> None:
        self._stay.said(self._client.say(wanted.text), wanted.text)

    @_do.register
    def _(self, _wanted: HelpWanted) -> None:
        self._show(self._transcript.help())

    @_do.register
    def _(self, _wanted: MembersWanted) -> None:
        self._show(self._transcript.members(self._stay))

    @_do.register
    def _(self, _wanted: RoomWanted) -> None:
        self._show(self._transcript.room(self._stay.entered))

    @_do.register
    def _(self, _wanted: InviteWanted) -> None:
        self._show(self._transcript.invite(self._stay.entered))

    @_do.register
    def _(self, wanted: NameWanted) -> None:
        self._client.rename(wanted.name)

    @_do.register
    def _(self, _wanted: QuitWanted) -> None:
        self._leave()

    @_do.register
    def _(self, wanted: Mistake) -> None:
        self._show(self._transcript.problem(wanted.sentence))

    def _leave(self) -> None:
        if self._stay.leaving:  # Asked twice: somebody is in a hurry.
            self._exit()
            return
        self._stay.leaving = True
        self._client.leave()
        self._screen.redraw()

    def _exit(self) -> None:
        self._over.set()
        self._screen.close()

    def _say_goodbye(self) -> None:
        lines = self._transcript.settle()
        lines += self._transcript.not_sent(self._stay.unsent)
        if self._ended is None or self._ended.end is End.LEFT:
            lines += self._transcript.notice(
                f"You left “{self._stay.room}”. Goodbye." if self._stay.room else "Goodbye."
            )
        self._screen.print(lines)


def _next_batch(events: queue.SimpleQueue[Event]) -> list[Event]:
    batch = [events.get()]
    with contextlib.suppress(queue.Empty):
        while len(batch) < BATCH_EVENTS:
            batch.append(events.get_nowait())
    return batch
