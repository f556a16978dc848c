"""`messango chat --plain`: reads a line, prints a line, and never moves the cursor.

For screen readers, terminals that can't do more, pipes and logs. The caller's thread owns all state; two
threads fill its queue: with lines, with events.
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections import deque
from collections.abc import Sequence
from typing import Final, TextIO, cast

from messango.client.events import (
    AnyReceived,
    ClientEvent,
    Connecting,
    EarlierReceived,
    EndReason,
    Event,
    FileFailed,
    FileProgress,
    HistoryEnded,
    MessageChange,
    MessageFailed,
    PasswordRequired,
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
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.validation import clean_text
from messango.signals import Stopped, on_stop_signal
from messango.terminal.chat.chat_state import MAX_PASSWORD_ATTEMPTS, ChatState, Line
from messango.terminal.chat.painted import Block
from messango.terminal.chat.transcript import Transcript
from messango.terminal.conversation.answers import answered_id
from messango.terminal.conversation.command_runner import CommandRunner
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.drafting import Drafting
from messango.terminal.conversation.file_texts import leaving_warning
from messango.terminal.pipe.stdin_reader import (
    InputEnded,
    LineRead,
    StdinReader,
    replace_invalid,
    use_utf8,
)
from messango.terminal.plain.hidden_input import HiddenInput
from messango.terminal.plain.plain_messages import PlainMessages
from messango.terminal.plain.plain_progress import PlainProgress

#: Members who join and leave within this time share one line. Also the longest wait for an event: on
#: Windows, Ctrl-C can't interrupt a wait without a timeout.
_QUIET_S: Final = 0.5

#: So many events wait to be printed; for the others the client waits, and stops reading.
_MAX_WAITING_EVENTS: Final = 1_000

#: How long the client may take to say goodbye to the server.
_LEAVE_TIMEOUT_S: Final = 2.0

#: Lines are never wrapped: the terminal, or whatever reads them, does that.
_COLUMNS: Final = 1_000_000

_OFFLINE: Final = "You are not connected: this is sent when the connection is back."


def run_plain(
    client: RoomClientLike, lines: TextIO, out: TextIO, *, message_log: MessageLog | None = None
) -> int:
    """Run the chat until the person leaves, a signal comes, or the input ends and all of it is done.

    Returns 0, or 1 if the room did not accept something. Call it in the main thread. Raises the
    `MessangoError` with which the room or the network ended the session.
    """
    return _PlainChat(client, lines, out, message_log or MessageLog()).run()


class _PlainChat:
    """One session."""

    def __init__(self, client: RoomClientLike, lines: TextIO, out: TextIO, message_log: MessageLog) -> None:
        self._client = client
        self._out = out
        self._message_log = message_log
        self._hidden_input = HiddenInput(lines)
        #: A person sees what happens; a program's next line waits until the one before is done.
        self._is_person = lines.isatty()
        self._state = ChatState(time.monotonic)
        self._conversation = Conversation(load_ignored)
        self._drafting = Drafting(self._conversation)
        self._runner = CommandRunner(client, self._conversation, self._drafting, self, save_ignored)
        self._transcript = Transcript(lambda: _COLUMNS, self._conversation, PlainMessages(self._conversation))
        self._progress = PlainProgress(time.monotonic)
        self._warned_of_files = False
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._reader = StdinReader(lines, self._queue)
        self._free_places = threading.Semaphore(_MAX_WAITING_EVENTS)
        self._closed = threading.Event()
        self._held: deque[str] = deque()
        self._has_history = self._input_ended = self._has_failed = False
        self._password_attempts = 0
        self._ended: SessionEnded | None = None

    def run(self) -> int:
        """Run until the session has ended; raises the error that ended it."""
        use_utf8(self._out)
        events = threading.Thread(target=self._forward_events, name="messango-plain-events", daemon=True)
        with on_stop_signal(lambda number: self._queue.put(Stopped(number))):
            self._client.start()
            events.start()
            self._reader.start()
            try:
                self._run()
            finally:
                self._hidden_input.show()
                self._reader.close()
                self._client.leave()
                self._closed.set()
                self._free_places.release()
                self._client.join_thread(_LEAVE_TIMEOUT_S)
                events.join(_LEAVE_TIMEOUT_S)
        self._print_farewell()
        if self._ended and self._ended.error:
            raise self._ended.error
        return 1 if self._has_failed or self._state.unsent else 0

    def _forward_events(self) -> None:
        ended = False
        while not ended:
            event = self._client.events.get()
            ended = isinstance(event, SessionEnded)
            if not self._closed.is_set():
                self._free_places.acquire()
                self._queue.put(event)

    def _run(self) -> None:
        leave_deadline_s = float("inf")
        while self._ended is None and time.monotonic() < leave_deadline_s:
            try:
                item = self._queue.get(timeout=_QUIET_S)
            except queue.Empty:
                self._print(self._transcript.flush())
            else:
                self._handle(item)
            self._run_held()
            if self._input_ended and not self._held and self._has_history and not self._is_waiting:
                self._leave()
            if self._state.leaving and leave_deadline_s == float("inf"):
                leave_deadline_s = time.monotonic() + _LEAVE_TIMEOUT_S

    def _handle(self, item: object) -> None:
        if isinstance(item, ClientEvent):
            self._free_places.release()
            self._handle_event(cast("Event", item))
        elif isinstance(item, LineRead):
            self._reader.line_done()
            if item.text is None:
                self.problem("The line is too long.")
            else:
                self._held.append(replace_invalid(item.text))
        elif isinstance(item, InputEnded):
            self._input_ended = True
            if item.error:
                self.problem(item.error)
        elif isinstance(item, Stopped):
            self._leave()

    @property
    def _is_settled(self) -> bool:
        """Whether a program's next line can mean what it says: the files have their numbers."""
        return self._has_history and not self._is_waiting

    @property
    def _is_waiting(self) -> bool:
        """Whether something is not accepted or answered yet, or a file is on its way."""
        return self._state.is_waiting or bool(self._conversation.files.moving())

    def _run_held(self) -> None:
        """Do what was typed, in order: after joining, or if it is a password."""
        while self._held and self._ended is None and not self._state.leaving:
            if self._state.entering_password:
                self._enter_password(self._held.popleft())
            elif self._state.joined is None or not (self._is_person or self._is_settled):
                return
            else:
                self._run_line(self._held.popleft())

    def _run_line(self, line: str) -> None:
        # A line of a progress bar may begin or end with a lone CR.
        if not isinstance(self._drafting.parse(line), Quit):
            self._warned_of_files = False
        if not self._runner.run(clean_text(line).strip("\n")) and not self._is_person:
            self._has_failed = True

    def _handle_event(self, event: Event) -> None:
        effect = self._conversation.handle(event)
        self._state.handle(event)
        self._message_log.handle(event)
        self._has_failed = self._has_failed or _is_failure(event)
        if isinstance(event, FileProgress):
            if sentence := self._progress.sentence(event):
                self.notice(sentence)
        elif isinstance(event, RequestFailed) and event.id:
            self.problem(self._runner.failed(event))
        elif isinstance(event, EarlierReceived | SearchResult):
            self._runner.answered(event)
        elif isinstance(event, MessageChange):
            self._runner.accepted(answered_id(event))
            self._print([] if effect.hidden else self._transcript.flush() + self._transcript.change(event))
        elif not effect.hidden:
            self._print_blocks(self._transcript.handle(event))
        if not self._conversation.files.moving():
            self._progress.clear()
        self._note(event)

    def _note(self, event: Event) -> None:
        if isinstance(event, PasswordRequired):
            if isinstance(event.error, WrongPassword) and self._password_attempts >= MAX_PASSWORD_ATTEMPTS:
                self._ended = SessionEnded(EndReason.FAILED, event.error)
                return
            self.notice("Type the password and Enter.")
            self._hidden_input.hide()
        elif isinstance(event, Connecting | RoomJoined):
            self._hidden_input.show()
        elif isinstance(event, HistoryEnded):
            self._has_history = True
        elif isinstance(event, SessionEnded):
            self._ended = event

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
        """Print a sentence."""
        self._print(self._transcript.notice(sentence))

    def problem(self, sentence: str) -> None:
        """Print an error."""
        self._print(self._transcript.problem(sentence))

    def show_messages(self, title: str, messages: Sequence[AnyReceived], end: str) -> None:
        """Print older messages between two lines."""
        self._print_blocks(self._transcript.section(title, messages, end))

    def show_files(self, files: Sequence[ListedFile]) -> None:
        """Print the files of the conversation."""
        self._print(self._transcript.files(files))

    def transfers_began(self, sentence: str) -> None:
        """Print what is on its way; how far it is follows."""
        self.notice(sentence)
        if self._state.disconnected:
            self.notice(_OFFLINE)

    def show_help(self) -> None:
        """Print the commands."""
        self._print(self._transcript.help(keys=False))

    def show_members(self) -> None:
        """Print who is in the room."""
        self._print(self._transcript.members(self._state.presence))

    def show_room(self) -> None:
        """Print the room's words, fingerprint and address."""
        self._print(self._transcript.room(self._state.joined))

    def show_invite(self) -> None:
        """Print a link to the room."""
        self._print(self._transcript.invite(self._state.joined))

    def set_typed(self, text: str) -> None:
        """Print what to type: there is no field to put it into."""
        self.notice(f"{self._drafting.describe(text)} Type: {text}")

    def queued(self, request_id: str, text: str, *, is_message: bool) -> None:
        """Wait for the answer; say so only if it may take long."""
        self._state.request_queued(request_id, text, is_message=is_message)
        if self._state.disconnected:
            self.notice(_OFFLINE)

    def visibility_changed(self) -> None:
        """Leave what is printed as it is."""

    def leave(self) -> None:
        """Leave the room. While files are on their way, ask a person first."""
        moving = self._conversation.files.moving()
        if moving and self._is_person and not self._warned_of_files:
            self._warned_of_files = True
            self.problem(leaving_warning(moving))
            return
        self._leave()

    def _leave(self) -> None:
        if not self._state.leaving:
            self._state.leaving = True
            self._client.leave()

    def _print_farewell(self) -> None:
        lines = self._transcript.flush()
        lines += self._transcript.not_sent(self._state.unsent)
        if self._ended is None or self._ended.reason is EndReason.LEFT:
            lines += self._transcript.notice(
                f"You left {quoted_name(self._state.room)}. Goodbye." if self._state.room else "Goodbye."
            )
        self._print(lines)

    def _print_blocks(self, blocks: Sequence[Block]) -> None:
        self._print([line for block in blocks for line in block.lines])

    def _print(self, lines: Sequence[Line]) -> None:
        with contextlib.suppress(BrokenPipeError):
            for line in lines:
                self._out.write("".join(text for _, text in line).rstrip() + "\n")
            self._out.flush()


def _is_failure(event: Event) -> bool:
    """Return whether something that was asked for will not be done, unless the person wanted that."""
    if isinstance(event, FileFailed):
        return not event.cancelled
    return isinstance(event, MessageFailed) or (isinstance(event, RequestFailed) and bool(event.id))
