"""`messango chat` for a person at a terminal: a prompt to type in, and the conversation above it.

prompt_toolkit's loop runs in the caller's thread and owns the transcript, the state and the screen. One
more thread, `messango-chat-events`, waits for the client's events.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Sequence
from typing import Final

from prompt_toolkit.key_binding import merge_key_bindings

from messango.client.events import (
    AnyReceived,
    Connecting,
    EarlierReceived,
    EndReason,
    Event,
    FileFailed,
    FileSaved,
    PasswordRequired,
    ReceivedMessage,
    RequestFailed,
    RoomJoined,
    SearchResult,
    SessionEnded,
)
from messango.client.files.file_list import ListedFile
from messango.client.interface import RoomClientLike
from messango.client.members.ignored import load_ignored, save_ignored
from messango.client.message_log import MessageLog
from messango.client.typed.requests import Quit
from messango.errors import BadPassword, WrongPassword
from messango.protocol.password import Password
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import quoted_name
from messango.signals import on_stop_signal
from messango.terminal.chat.chat_state import MAX_PASSWORD_ATTEMPTS, ChatState, Line
from messango.terminal.chat.emoji_keys import emoji_keys
from messango.terminal.chat.event_bridge import EventBridge
from messango.terminal.chat.key_bindings import LineCompleter, chat_keys, choosing_keys
from messango.terminal.chat.layout import fit, wrap
from messango.terminal.chat.message_lines import MessageLines
from messango.terminal.chat.painted import Block
from messango.terminal.chat.progress_bar import progress_text
from messango.terminal.chat.screen import Screen
from messango.terminal.chat.terminal_abilities import TerminalAbilities
from messango.terminal.chat.transcript import Transcript
from messango.terminal.conversation.answers import answered_id
from messango.terminal.conversation.command_runner import CommandRunner
from messango.terminal.conversation.conversation import Conversation, Effect
from messango.terminal.conversation.drafting import Drafting
from messango.terminal.conversation.file_texts import leaving_warning
from messango.terminal.conversation.line_completion import complete_line

#: Members who join and leave within this time share one line.
FLUSH_AFTER_S: Final = 1.0

#: So many characters to wrap and draw take about as long as another event.
CHARACTERS_PER_EVENT: Final = 100

#: How often a countdown is redrawn.
REDRAW_EVERY_S: Final = 0.5

#: How long the client may take to say goodbye to the server.
LEAVE_TIMEOUT_S: Final = 2.0


def run_chat(client: RoomClientLike, *, color: bool, message_log: MessageLog | None = None) -> int:
    """Run the chat until the person leaves (/quit, Ctrl-C or Ctrl-D), and return the exit status 0.

    A signal leaves too, and so does a terminal that goes away: call it in the main thread. Events are also
    stored in `message_log`. Raises the `MessangoError` with which the room or the network ended the session.
    """
    return _ChatApp(client, message_log or MessageLog(), color=color).run()


class _ChatApp:
    """One session at one terminal. All methods belong to the thread that calls `run`."""

    def __init__(self, client: RoomClientLike, message_log: MessageLog, *, color: bool) -> None:
        self._client = client
        self._message_log = message_log
        self._state = ChatState(time.monotonic)
        self._conversation = Conversation(load_ignored)
        self._drafting = Drafting(self._conversation)
        self._runner = CommandRunner(client, self._conversation, self._drafting, self, save_ignored)
        keys = chat_keys(on_enter=self._on_enter, on_leave=self.leave, is_secret=self._is_secret)
        choosing = choosing_keys(
            expand=self._drafting.expand,
            step=self._drafting.step,
            show_choices=self._show_choices,
            is_secret=self._is_secret,
        )
        completer = LineCompleter(lambda before: complete_line(before, self._conversation))
        self._screen = Screen(
            self._rows,
            completer,
            merge_key_bindings([keys, choosing, emoji_keys(is_secret=self._is_secret)]),
            color=color,
            is_secret=self._is_secret,
        )
        self._screen.on_text_changed(self._on_text_changed)
        self._screen.repaint_when_resized(self._render)
        self._abilities = TerminalAbilities.of(os.environ)
        messages = MessageLines(lambda: self._screen.columns, self._conversation, self._abilities)
        self._transcript = Transcript(lambda: self._screen.columns, self._conversation, messages)
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
        self._warned_of_files = False
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
        blocks: list[Block] = []
        calls = False
        for event in batch:
            effect = self._conversation.handle(event)
            blocks += self._blocks_of(event, is_hidden=effect.hidden)
            if not effect.hidden or isinstance(event, ReceivedMessage):
                self._state.handle(event)
            self._message_log.handle(event)
            self._runner.accepted(answered_id(event))
            if effect.changed:
                self._show_blocks(blocks)
                blocks = self._show_changes(event, effect)
            elif isinstance(event, EarlierReceived | SearchResult):
                self._show_blocks(blocks)
                blocks = []
                self._runner.answered(event)
            calls = calls or effect.calls
            self._on_event(event)
        self._show_blocks(blocks)
        if calls:
            self._screen.ring()
        self._schedule_flush()
        self._redraw()
        if self._ended:
            self._exit()

    def _blocks_of(self, event: Event, *, is_hidden: bool) -> list[Block]:
        # Somebody who leaves waits for their own messages, not until all of a flood is drawn.
        is_end = self._state.is_answer(event) or isinstance(event, FileSaved | FileFailed)
        if self._state.leaving and not is_end:
            return []
        if is_hidden:  # `/unignore` shows a message in its place.
            return [Block([], event.seq)] if isinstance(event, ReceivedMessage) else []
        if isinstance(event, RequestFailed) and event.id:
            return [Block(self._transcript.problem(self._runner.failed(event)))]
        return self._transcript.handle(event)

    def _show_changes(self, event: Event, effect: Effect) -> list[Block]:
        """Paint changed messages again where they are on the screen; else return lines that say it."""
        painted = self._screen.repaint(effect.changed, self._render)
        if isinstance(event, FileSaved | FileFailed):
            return []
        is_shown = painted and self._screen.visible_seqs.intersection(effect.changed[:1])
        if is_shown or effect.hidden:
            return []
        return [Block(self._transcript.change(event))]

    def _render(self, block: Block) -> list[Line]:
        return self._transcript.message(block.seq or 0, numbered=block.numbered)

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
        self._show_blocks([Block(lines)])

    def _show_blocks(self, blocks: Sequence[Block]) -> None:
        if any(block.lines or block.seq is not None for block in blocks):
            self._screen.show_blocks(blocks)

    def _show_choices(self, choices: list[str]) -> None:
        rows = wrap("  ".join(map(safe_line, choices)), self._screen.columns)
        self._show([[("class:notice", row)] for row in rows])

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
        if self._state.needs_refresh or self._conversation.files.moving():
            self._redraw_timer = self._loop.call_later(REDRAW_EVERY_S, self._redraw)

    def _rows(self, columns: int) -> list[Line]:
        progress = progress_text(self._conversation.transfers, columns, has_blocks=self._abilities.has_blocks)
        rows = [*self._state.pending_rows(), fit(self._state.status(columns, progress), columns)]
        draft = "" if self._state.entering_password else self._drafting.describe(self._screen.typed)
        if draft:
            rows += [[("class:draft", f"  {row}")] for row in wrap(safe_line(draft), columns - 3)]
        return rows

    def _is_secret(self) -> bool:
        return self._state.entering_password

    def _on_text_changed(self, text: str) -> None:
        if not self._state.entering_password:
            self._drafting.changed(text)
            self._runner.report_typing(text)

    def _on_enter(self, typed: str) -> bool:
        if self._state.entering_password:
            self._enter_password(typed)
            return True
        if not isinstance(self._drafting.parse(typed), Quit):
            self._warned_of_files = False
        if not typed.strip() and self._state.disconnected:
            self._client.retry_now()
        return self._runner.run(typed)

    def _enter_password(self, typed: str) -> None:
        try:
            password = Password(typed)
        except BadPassword as error:
            self.problem(f"{error} {error.hint}")
            return
        self._password_attempts += 1
        self._state.entering_password = False
        self._client.submit_password(password)

    def notice(self, sentence: str) -> None:
        """Show a sentence."""
        self._show(self._transcript.notice(sentence))

    def problem(self, sentence: str) -> None:
        """Show an error."""
        self._show(self._transcript.problem(sentence))

    def show_messages(self, title: str, messages: Sequence[AnyReceived], end: str) -> None:
        """Show older messages between two rules."""
        self._show_blocks(self._transcript.section(title, messages, end))

    def show_files(self, files: Sequence[ListedFile]) -> None:
        """Show the files of the conversation."""
        self._show(self._transcript.files(files))

    def transfers_began(self, sentence: str) -> None:  # noqa: ARG002 (plain lines show it)
        """Show how far they are in the status line."""
        self._redraw()

    def show_help(self) -> None:
        """Show the commands and keys."""
        self._show(self._transcript.help())

    def show_members(self) -> None:
        """Show who is in the room."""
        self._show(self._transcript.members(self._state.presence))

    def show_room(self) -> None:
        """Show the room's words, fingerprint and address."""
        self._show(self._transcript.room(self._state.joined))

    def show_invite(self) -> None:
        """Show a link to the room."""
        self._show(self._transcript.invite(self._state.joined))

    def set_typed(self, text: str) -> None:
        """Put a text into the prompt."""
        self._screen.set_typed(text)

    def queued(self, request_id: str, text: str, *, is_message: bool) -> None:
        """Show what is not accepted yet above the prompt."""
        self._state.request_queued(request_id, text, is_message=is_message)

    def visibility_changed(self) -> None:
        """Hide or show the messages on the screen of those who are ignored or not any more."""
        self._screen.repaint(self._screen.visible_seqs, self._render)

    def leave(self) -> None:
        """Leave the room; a second time, at once. While files are on their way, ask first."""
        moving = self._conversation.files.moving()
        if moving and not self._warned_of_files and not self._state.leaving:
            self._warned_of_files = True
            self.problem(leaving_warning(moving))
            return
        self._leave()

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
    return 1 + len(event.text) // CHARACTERS_PER_EVENT if isinstance(event, ReceivedMessage) else 1
