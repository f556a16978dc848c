"""`messango chat` as a Unix tool: each line of the input is one message, and each must be accepted.

Every line is sent as it is: there are no commands, and blank lines are skipped. Without --json nothing is
printed, so `make 2>&1 | messango chat ROOM` is quiet if all goes well. With --json every event is printed
as one JSON object a line, and the input is read as `{"text": "..."}`. At the end of the input it leaves
the room, after every message was accepted or rejected.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
from functools import singledispatchmethod
from typing import Final, TextIO

from messango.client.commands import SendText, UserCommand
from messango.client.events import (
    ClientEvent,
    Disconnected,
    JsonFields,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
    SessionEnded,
)
from messango.client.interface import RoomClientLike
from messango.client.members.name_texts import own_name_notice
from messango.client.trust.trust_texts import moved_notice, namesake_warning, renamed_notice, same_name_notice
from messango.protocol.limits import MAX_BACKLOG_MESSAGES
from messango.protocol.text.command_table import InvalidInput
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.validation import clean_text
from messango.protocol.text.wording import counted
from messango.signals import Stopped, interrupted_status, on_stop_signal
from messango.terminal.json.json_lines import invalid_line, parse_json_line, parse_plain_line, to_json
from messango.terminal.number_ranges import number_ranges
from messango.terminal.pipe.stdin_reader import (
    MAX_LINE_CHARACTERS,
    InputEnded,
    LineRead,
    StdinReader,
    replace_invalid,
    use_utf8,
)

#: The longest wait for an event: on Windows, Ctrl-C can't interrupt a wait without a timeout. After this
#: long without a message the history also counts as complete: a room may store less than it announced.
IDLE_TIMEOUT_S: Final = 0.5

#: So many events wait to be printed; for the others the client waits, and stops reading.
MAX_WAITING_EVENTS: Final = 1_000

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
        self._pending: dict[str, int] = {}
        #: The line that is given to the client right now: Ctrl-C may come at any moment.
        self._sending: int | None = None
        #: The lines that were given to the client while it was not in the room, and not since then.
        self._offline: set[int] = set()
        #: The lines that were read but never given to the client.
        self._unsent: list[int] = []
        self._in_room = False
        self._all_accepted = True
        self._replacement_reported = False
        self._input_ended = False
        self._history_end_seq: int | None = None
        self._caught_up = False
        #: Of the history: how many of its messages have come, and when it counts as complete without more.
        self._history_count = 0
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
                self._handle(item)
                self._write_json(item)
            # Other events don't count: in a busy room there may always be one.
            self._caught_up = self._caught_up or time.monotonic() >= self._history_deadline_s
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
                    self._handle(item)
                    self._write_json(item)
                elif isinstance(item, Stopped) and item.exit_status == 128 + signal.SIGINT:
                    self._offline.clear()  # What has happened since is unknown.
                    return
                else:
                    self._note_unsent(item)

    def _collect_unsent(self) -> None:
        """Note the lines that were read before the session ended."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._note_unsent(self._queue.get_nowait())

    def _note_unsent(self, item: object) -> None:
        if isinstance(item, LineRead) and isinstance(self._parse(item), SendText):
            self._unsent.append(item.number)

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
        return 0 if self._all_accepted and not self._pending else 1

    def _leave_when_done(self) -> None:
        if self._input_ended and self._caught_up and not self._pending and self._leave_deadline_s is None:
            self._leave_deadline_s = time.monotonic() + LEAVE_TIMEOUT_S
            self._client.leave()

    @singledispatchmethod
    def _handle(self, _item: object) -> None:
        """Ignore other events."""

    @_handle.register
    def _(self, line: LineRead) -> None:
        command = self._parse(line)
        if isinstance(command, SendText):
            self._sending = line.number
            if not self._in_room:
                self._offline.add(line.number)
            self._pending[self._client.send_message(command.text)] = line.number
            self._sending = None
        elif isinstance(command, InvalidInput):
            self._fail(line.number, command.reason)
            if self._as_json:
                self._write_object(invalid_line(line.number, command.reason))
        else:
            self._reader.line_done()

    @_handle.register
    def _(self, ended: InputEnded) -> None:
        self._input_ended = True
        if ended.error:
            self._all_accepted = False
            self._write_error(ended.error)

    @_handle.register
    def _(self, event: RoomJoined) -> None:
        self._disconnected, self._in_room = False, True
        self._offline.clear()
        if event.namesake is not None and not self._as_json:
            self._write_error(namesake_warning(event))
        if not self._as_json:
            for notice in filter(None, (f(event) for f in (renamed_notice, same_name_notice, moved_notice))):
                self._write_error(notice)
        if not self._as_json and event.you != self._you and (own_name := own_name_notice(event)):
            self._write_error(own_name)
        self._you = event.you
        self._history_end_seq = event.latest
        self._history_deadline_s = time.monotonic() + IDLE_TIMEOUT_S
        self._caught_up = self._caught_up or event.resumed or not (event.latest and event.room.history)

    @_handle.register
    def _(self, event: MessageReceived) -> None:
        self._history_count += 1
        self._history_deadline_s = time.monotonic() + IDLE_TIMEOUT_S
        self._caught_up = (
            self._caught_up
            or event.seq >= (self._history_end_seq or 0)
            or self._history_count >= MAX_BACKLOG_MESSAGES
        )
        if event.own and self._pending.pop(event.id, None) is not None:
            self._reader.line_done()

    @_handle.register
    def _(self, event: MessageFailed) -> None:
        number = self._pending.pop(event.id, None)
        if number is not None:
            self._fail(number, f"{event.reason} {event.hint}".rstrip())

    @_handle.register
    def _(self, event: RequestFailed) -> None:
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

    def _parse(self, line: LineRead) -> UserCommand | None:
        """Return what the line asks for; None for a line that is blank without its terminal sequences."""
        if line.text is None:
            return InvalidInput(f"The line is too long: more than {MAX_LINE_CHARACTERS:,} characters.")
        text = replace_invalid(line.text)
        if self._as_json:
            is_valid = text is line.text
            return parse_json_line(text) if is_valid else InvalidInput("The line is not valid UTF-8.")
        if text is not line.text and not self._replacement_reported:
            self._replacement_reported = True
            self._write_error(
                f"line {line.number}: Bytes that are not valid UTF-8 are sent as “\ufffd”, "
                "here and in later lines."
            )
        # A line of a progress bar may begin or end with a lone CR.
        cleaned = clean_text(text).strip("\n")
        return parse_plain_line(cleaned) if cleaned.strip() else None

    def _write_json(self, item: object) -> None:
        if self._as_json and isinstance(item, ClientEvent) and (fields := item.to_json_fields()):
            self._write_object(fields)

    def _write_object(self, fields: JsonFields) -> None:
        self._out.write(to_json(fields) + "\n")
        self._out.flush()

    def _fail(self, number: int, sentence: str) -> None:
        self._all_accepted = False
        self._write_error(f"line {number}: {sentence}")
        self._reader.line_done()

    def _report_pending(self) -> None:
        given = [*self._pending.values(), *([] if self._sending is None else [self._sending])]
        if uncertain := [number for number in given if number not in self._offline]:
            was, them = ("was", "it") if len(uncertain) == 1 else ("were", "them")
            what, where = counted(len(uncertain), "message"), number_ranges("line", uncertain)
            self._write_error(f"{what} {was} not confirmed: {where}. The room may have stored {them}.")
        if unsent := [*self._offline.intersection(given), *self._unsent]:
            which = (
                number_ranges("line", unsent)
                if self._input_ended
                else f"line {min(unsent)} and everything after it"
            )
            self._write_error(f"Not sent: {which}.")

    def _write_error(self, sentence: str) -> None:
        self._err.write(f"messango: {safe_line(sentence)}\n")
        self._err.flush()


def _discard_output(out: TextIO) -> None:
    """Redirect `out` to the null device: the reader is gone, and the flush at exit must not fail."""
    with contextlib.suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, out.fileno())
        os.close(null)
