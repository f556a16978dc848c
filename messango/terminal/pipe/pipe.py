"""`messango chat` as a Unix tool: each line of the input is one message, and each must be accepted.

Every line is sent as it is: there are no commands, and blank lines are skipped. Without --json nothing is
printed, so `make 2>&1 | messango chat ROOM` is quiet if all goes well. With --json every event is printed
as one JSON object a line, and each line of the input is one request (`json_requests`). At the end of the
input it leaves the room, after everything was accepted, answered or rejected.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from collections import deque
from functools import singledispatchmethod
from typing import Final, TextIO

from messango.client.events import (
    AnyReceived,
    ClientEvent,
    Disconnected,
    EarlierReceived,
    FileFailed,
    FileProgress,
    FileSaved,
    HistoryEnded,
    JsonFields,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MessageChange,
    MessageDeleted,
    MessageEdited,
    MessageFailed,
    ReactionChanged,
    ReceivedMessage,
    RequestFailed,
    RoomJoined,
    SearchResult,
    SessionEnded,
)
from messango.client.interface import RoomClientLike
from messango.client.members.name_texts import own_name_notice
from messango.client.trust.trust_texts import (
    moved_notice,
    namesake_warning,
    renamed_notice,
    same_name_notice,
    went_on_notice,
)
from messango.protocol.text.escaping import safe_line
from messango.signals import Stopped, interrupted_status, on_stop_signal
from messango.terminal.conversation.answers import answered_id
from messango.terminal.json.json_lines import bad_line, to_json
from messango.terminal.json.json_requests import (
    BadLine,
    GetRequest,
    JsonRequest,
    TellRequest,
    TypingRequest,
)
from messango.terminal.pipe.line_ledger import LineLedger
from messango.terminal.pipe.line_parser import LineParser
from messango.terminal.pipe.request_sender import RequestSender, UnknownTarget
from messango.terminal.pipe.stdin_reader import (
    InputEnded,
    LineRead,
    StdinReader,
    use_utf8,
)

#: The longest wait for an event: on Windows, Ctrl-C can't interrupt a wait without a timeout. After this
#: long without an entry the history also counts as complete: a room may store less than it announced.
IDLE_TIMEOUT_S: Final = 0.5

#: So many events wait to be printed; for the others the client waits, and stops reading.
MAX_WAITING_EVENTS: Final = 1_000

_NOTICES: Final = (namesake_warning, went_on_notice, renamed_notice, same_name_notice, moved_notice)

#: How long the client may take to say goodbye to the server.
LEAVE_TIMEOUT_S: Final = 2.0


def run_pipe(client: RoomClientLike, lines: TextIO, out: TextIO, err: TextIO, *, as_json: bool) -> int:
    """Send each line. Return 0 if the room accepted all, else 1; 130 after Ctrl-C, 128 + N after signal N.

    Call it in the main thread.
    Raises the `MessangoError` that ended the session before every message was accepted or rejected.
    """
    return _Pipe(client, out, err, as_json=as_json).run(lines)


class _Pipe:
    """One run. The caller's thread owns all state; two threads fill its queue: with lines, with events."""

    def __init__(self, client: RoomClientLike, out: TextIO, err: TextIO, *, as_json: bool) -> None:
        self._client = client
        self._out = out
        self._err = err
        self._as_json = as_json
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._free_places = threading.Semaphore(MAX_WAITING_EVENTS)
        self._closed = threading.Event()
        self._sender = RequestSender(client)
        self._lines = LineLedger()
        self._parser = LineParser(self._write_error, as_json=as_json)
        #: Lines that wait for the first join: names mean nothing before.
        self._held: deque[tuple[int, JsonRequest]] = deque()
        #: Lines that wait until the history is complete: its files are not known before.
        self._held_gets: deque[tuple[int, JsonRequest]] = deque()
        self._has_joined = False
        self._in_room = False
        self._all_accepted = True
        self._input_ended = False
        self._caught_up = False
        #: When the history counts as complete without more.
        self._history_deadline_s = float("inf")
        self._disconnected = False
        self._you = ""
        self._leave_deadline_s: float | None = None
        self._ended: SessionEnded | None = None

    def run(self, lines: TextIO) -> int:
        """Send the lines and print the events until the input or the session has ended."""
        use_utf8(self._out)
        with on_stop_signal(lambda number: self._queue.put(Stopped(number))):
            return self._run_session(lines)

    def _run_session(self, lines: TextIO) -> int:
        self._reader = StdinReader(lines, self._queue)
        event_thread = threading.Thread(target=self._forward_events, name="messango-pipe-events", daemon=True)
        self._client.start()
        event_thread.start()
        self._reader.start()
        try:
            return self._run()
        except KeyboardInterrupt as stop:
            self._await_last_receipts()
            self._report_pending()
            return interrupted_status(stop) or 1
        except BrokenPipeError:
            _discard_output(self._out)
            return self._exit_status()
        finally:
            self._reader.close()
            self._client.leave()
            self._closed.set()
            self._free_places.release()
            self._client.join_thread(LEAVE_TIMEOUT_S)
            event_thread.join(LEAVE_TIMEOUT_S)

    def _run(self) -> int:
        while not self._is_done():
            try:
                item = self._queue.get(timeout=IDLE_TIMEOUT_S)
            except queue.Empty:
                pass
            else:
                if isinstance(item, ClientEvent):
                    self._free_places.release()
                self._take(item)
            # Other events don't count: in a busy room there may always be one.
            self._caught_up = self._caught_up or time.monotonic() >= self._history_deadline_s
            while self._caught_up and self._held_gets:
                self._send(*self._held_gets.popleft())
            self._leave_when_done()
        if self._ended and self._ended.error and self._leave_deadline_s is None:
            self._collect_unsent()
            self._report_pending()
            raise self._ended.error
        return self._exit_status()

    def _await_last_receipts(self) -> None:
        """Leave the room, and handle what comes until it has let us go: receipts that were on their way.

        Lines that were read but not sent are not sent any more. A second Ctrl-C ends the wait.
        """
        self._client.leave()
        deadline_s = time.monotonic() + LEAVE_TIMEOUT_S
        while self._ended is None and (timeout_s := deadline_s - time.monotonic()) > 0:
            with contextlib.suppress(queue.Empty):
                item = self._queue.get(timeout=min(timeout_s, IDLE_TIMEOUT_S))
                if isinstance(item, ClientEvent):
                    self._free_places.release()
                    self._take(item)
                elif isinstance(item, Stopped) and item.exit_status == 128 + signal.SIGINT:
                    self._lines.in_room()  # What has happened since is unknown.
                    return
                else:
                    self._note_unsent(item)

    def _collect_unsent(self) -> None:
        """Note the lines that were read before the session ended."""
        for number, _ in (*self._held, *self._held_gets):
            self._lines.not_sent(number)
        with contextlib.suppress(queue.Empty):
            while True:
                self._note_unsent(self._queue.get_nowait())

    def _note_unsent(self, item: object) -> None:
        if isinstance(item, LineRead) and isinstance(self._parser.parse(item), JsonRequest):
            self._lines.not_sent(item.number)

    def _forward_events(self) -> None:
        ended = False
        while not ended:
            event = self._client.events.get()
            ended = isinstance(event, SessionEnded)
            if not self._closed.is_set():
                self._free_places.acquire()
                self._queue.put(event)

    def _is_done(self) -> bool:
        return self._ended is not None or (
            self._leave_deadline_s is not None and time.monotonic() > self._leave_deadline_s
        )

    def _exit_status(self) -> int:
        return 0 if self._all_accepted and not self._lines else 1

    def _leave_when_done(self) -> None:
        if self._input_ended and self._caught_up and not self._lines and self._leave_deadline_s is None:
            self._leave_deadline_s = time.monotonic() + LEAVE_TIMEOUT_S
            self._client.leave()

    def _take(self, item: object) -> None:
        """Handle an item of the queue, and print it if it is an event: with the line that it answers."""
        line = self._lines.line_of(item.id if isinstance(item, FileProgress) else answered_id(item))
        self._handle(item)
        if self._as_json and isinstance(item, ClientEvent) and (fields := item.to_json_fields()):
            self._write_object(fields if line is None else {**fields, "line": line})

    @singledispatchmethod
    def _handle(self, _item: object) -> None:
        """Ignore other events."""

    @_handle.register
    def _(self, line: LineRead) -> None:
        request = self._parser.parse(line)
        if isinstance(request, BadLine):
            self._reject(line.number, request)
        elif request is None:
            self._reader.line_done()
        elif isinstance(request, GetRequest) and not self._caught_up:
            self._held_gets.append((line.number, request))
        elif not self._has_joined and (self._held or isinstance(request, TellRequest | TypingRequest)):
            self._held.append((line.number, request))
        else:
            self._send(line.number, request)

    def _send(self, number: int, request: JsonRequest) -> None:
        self._lines.sending(number, in_room=self._in_room)
        try:
            request_id = self._sender.send(request)
        except UnknownTarget as error:
            self._lines.sent(None)
            self._reject(number, error.answer)
        else:
            self._lines.sent(request_id)
            if request_id is None:
                self._reader.line_done()

    def _reject(self, number: int, bad: BadLine) -> None:
        self._fail(number, bad.reason)
        if self._as_json:
            self._write_object(bad_line(number, bad))

    @_handle.register
    def _(self, ended: InputEnded) -> None:
        self._input_ended = True
        if ended.error:
            self._all_accepted = False
            self._write_error(ended.error)

    @_handle.register
    def _(self, event: RoomJoined) -> None:
        self._disconnected, self._in_room = False, True
        self._lines.in_room()
        self._sender.handle(event)
        if not self._as_json:
            for notice in filter(None, (notice(event) for notice in _NOTICES)):
                self._write_error(notice)
        if not self._as_json and event.you != self._you and (own_name := own_name_notice(event)):
            self._write_error(own_name)
        self._you = event.you
        self._history_deadline_s = time.monotonic() + IDLE_TIMEOUT_S
        self._caught_up = self._caught_up or event.resumed
        self._has_joined = True
        while self._held:
            self._send(*self._held.popleft())

    @_handle.register
    def _(self, _event: HistoryEnded) -> None:
        self._caught_up = True

    @_handle.register(ReceivedMessage)
    @_handle.register(ReactionChanged)
    @_handle.register(MessageEdited)
    @_handle.register(MessageDeleted)
    def _(self, event: AnyReceived | MessageChange) -> None:
        self._history_deadline_s = time.monotonic() + IDLE_TIMEOUT_S
        self._sender.handle(event)
        if event.own:
            self._finish(event.id)

    @_handle.register(EarlierReceived)
    @_handle.register(SearchResult)
    def _(self, event: EarlierReceived | SearchResult) -> None:
        self._sender.handle(event)
        self._finish(event.id)

    @_handle.register
    def _(self, event: FileSaved) -> None:
        self._sender.handle(event)
        self._finish(event.id)

    @_handle.register
    def _(self, event: FileFailed) -> None:
        self._sender.handle(event)
        number = self._lines.line_of(event.id)
        if self._sender.was_given_up(event.id) and event.cancelled:
            self._finish(event.id)
        elif number is not None:
            self._lines.finished(event.id)
            self._fail(number, f"{event.reason} {event.hint}".rstrip())

    @_handle.register(MemberJoined)
    @_handle.register(MemberLeft)
    @_handle.register(MemberRenamed)
    def _(self, event: MemberJoined | MemberLeft | MemberRenamed) -> None:
        self._sender.handle(event)

    def _finish(self, request_id: str) -> None:
        if self._lines.finished(request_id) is not None:
            self._reader.line_done()

    @_handle.register
    def _(self, event: MessageFailed) -> None:
        number = self._lines.finished(event.id)
        if number is not None:
            self._fail(number, f"{event.reason} {event.hint}".rstrip())

    @_handle.register
    def _(self, event: RequestFailed) -> None:
        sentence = f"{event.reason} {event.hint}".rstrip()
        number = self._lines.finished(event.id)
        if number is not None:
            self._fail(number, sentence)
        elif not self._as_json:
            self._write_error(sentence)

    @_handle.register
    def _(self, event: LinkChanged) -> None:
        if not self._as_json:
            self._write_error(f"{event.reason} {event.hint}".rstrip())

    @_handle.register
    def _(self, event: Disconnected) -> None:
        if not self._as_json and not self._disconnected:
            self._write_error(f"{event.error} Reconnecting…")
        self._disconnected, self._in_room = True, False

    @_handle.register
    def _(self, event: SessionEnded) -> None:
        self._ended = event

    @_handle.register
    def _(self, stop: Stopped) -> None:
        raise stop

    def _write_object(self, fields: JsonFields) -> None:
        self._out.write(to_json(fields) + "\n")
        self._out.flush()

    def _fail(self, number: int, sentence: str) -> None:
        self._all_accepted = False
        self._write_error(f"line {number}: {sentence}")
        self._reader.line_done()

    def _report_pending(self) -> None:
        for sentence in self._lines.report(is_complete=self._input_ended):
            self._write_error(sentence)

    def _write_error(self, sentence: str) -> None:
        self._err.write(f"messango: {safe_line(sentence)}\n")
        self._err.flush()


def _discard_output(out: TextIO) -> None:
    """Redirect `out` to the null device: the reader is gone, and the flush at exit must not fail."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, out.fileno())
        os.close(null)
