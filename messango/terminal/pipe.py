"""`messango chat` as a Unix tool: each line of the input is one message, each waited for until accepted.

A line is said as it is: there are no commands here, and blank lines are skipped. Without --json nothing
is printed, so `make 2>&1 | messango chat ROOM` is quiet where all goes well; what others say is for
--json. With it, what happens is told as one JSON object a line, and what is to be said is read as
`{"text": "..."}`. At the end of the input it leaves, once everything was accepted.
"""

from __future__ import annotations

import contextlib
import os
import queue
import re
import threading
import time
from functools import singledispatchmethod
from typing import Final, TextIO

from messango.client.commands import Mistake, Speak, Wanted
from messango.client.events import Ended, Entered, Interrupted, MessageFailed, MessageHeard
from messango.client.protocol import ChatClient
from messango.client.trust_texts import warning
from messango.protocol.escaping import safe_line
from messango.terminal.json_lines import fields_of, read_json, read_plain, to_json
from messango.terminal.stdin_reader import MAX_LINE_CHARACTERS, Feed, InputEnded, LineRead, use_utf8

#: The wait for the next event is cut in pieces: on Windows a wait without an end can't be interrupted
#: by Ctrl-C. A history that ends early is also given up after so long without an event.
QUIET_S: Final = 0.5

#: The client says goodbye to the room within this time, or we go without.
GOODBYE_S: Final = 2.0

_INTERRUPTED: Final = 130
_NO_UTF8: Final = re.compile("[\udc80-\udcff]")


def run_pipe(client: ChatClient, lines: TextIO, out: TextIO, err: TextIO, *, as_json: bool) -> int:
    """Say each line and return 0 where all were accepted, else 1; 130 after Ctrl-C.

    Raises the `MessangoError` with which the stay ended, where it did so before we were done.
    """
    return _Pipe(client, out, err, as_json=as_json).run(lines)


class _Pipe:
    """One run. The caller's thread owns it all; two more feed its queue: what is read, what is heard."""

    def __init__(self, client: ChatClient, out: TextIO, err: TextIO, *, as_json: bool) -> None:
        self._client = client
        self._out = out
        self._err = err
        self._as_json = as_json
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._waiting: dict[str, int] = {}
        self._all_accepted = True
        self._input_ended = False
        self._caught_up_at: int | None = None
        self._caught_up = False
        self._interrupted = False
        self._leave_by: float | None = None
        self._ended: Ended | None = None

    def run(self, lines: TextIO) -> int:
        """Say what comes and tell what is heard, until the input or the stay has ended."""
        use_utf8(self._out)
        self._feed = Feed(lines, self._queue)
        hearing = threading.Thread(target=self._hear_client, name="messango-pipe-hear", daemon=True)
        self._client.start()
        hearing.start()
        self._feed.start()
        try:
            return self._run()
        except KeyboardInterrupt:
            self._tell_waiting()
            return _INTERRUPTED
        except BrokenPipeError:
            _discard_output(self._out)
            return self._status()
        finally:
            self._feed.close()
            self._client.leave()
            self._client.join_thread(GOODBYE_S)
            hearing.join(GOODBYE_S)

    def _run(self) -> int:
        while not self._over():
            try:
                happening = self._queue.get(timeout=QUIET_S)
            except queue.Empty:
                self._caught_up = self._caught_up_at is not None
            else:
                self._take(happening)
                self._tell(happening)
            self._leave_when_done()
        if self._ended and self._ended.error and self._leave_by is None:
            self._tell_waiting()
            raise self._ended.error
        return self._status()

    def _hear_client(self) -> None:
        while not isinstance(event := self._client.events.get(), Ended):
            self._queue.put(event)
        self._queue.put(event)

    def _over(self) -> bool:
        return self._ended is not None or (self._leave_by is not None and time.monotonic() > self._leave_by)

    def _status(self) -> int:
        return 0 if self._all_accepted and not self._waiting else 1

    def _leave_when_done(self) -> None:
        if self._input_ended and self._caught_up and not self._waiting and self._leave_by is None:
            self._leave_by = time.monotonic() + GOODBYE_S
            self._client.leave()

    @singledispatchmethod
    def _take(self, _happening: object) -> None:
        """Other events change nothing here."""

    @_take.register
    def _(self, line: LineRead) -> None:
        wanted = self._read(line)
        if isinstance(wanted, Speak):
            self._waiting[self._client.say(wanted.text)] = line.number
        elif isinstance(wanted, Mistake):
            self._fail(line.number, wanted.sentence)

    @_take.register
    def _(self, ended: InputEnded) -> None:
        self._input_ended = True
        if ended.fault:
            self._all_accepted = False
            self._complain(ended.fault)

    @_take.register
    def _(self, event: Entered) -> None:
        self._interrupted = False
        if event.namesake is not None and not self._as_json:
            self._complain(warning(event))
        self._caught_up_at = event.latest
        self._caught_up = self._caught_up or event.back or not (event.latest and event.room.history)

    @_take.register
    def _(self, event: MessageHeard) -> None:
        self._caught_up = self._caught_up or event.seq >= (self._caught_up_at or 0)
        if event.own and self._waiting.pop(event.id, None) is not None:
            self._feed.done()

    @_take.register
    def _(self, event: MessageFailed) -> None:
        number = self._waiting.pop(event.id, None)
        if number is not None:
            self._fail(number, f"{event.reason} {event.hint}".rstrip())

    @_take.register
    def _(self, event: Interrupted) -> None:
        if not self._as_json and not self._interrupted:
            self._complain(f"{event.error} Trying again.")
        self._interrupted = True

    @_take.register
    def _(self, event: Ended) -> None:
        self._ended = event

    def _read(self, line: LineRead) -> Wanted:
        if line.text is None:
            return Mistake(f"The line is too long: more than {MAX_LINE_CHARACTERS:,} characters.")
        if _NO_UTF8.search(line.text):
            return Mistake("The line is no text in UTF-8.")
        return read_json(line.text) if self._as_json else read_plain(line.text)

    def _tell(self, happening: object) -> None:
        fields = fields_of(happening) if self._as_json else None
        if fields is not None:
            self._out.write(to_json(fields) + "\n")
            self._out.flush()

    def _fail(self, number: int, sentence: str) -> None:
        self._all_accepted = False
        self._complain(f"line {number}: {sentence}")
        self._feed.done()

    def _tell_waiting(self) -> None:
        waiting = len(self._waiting)
        if waiting:
            self._complain(
                "1 message was not accepted." if waiting == 1 else f"{waiting} messages were not accepted."
            )

    def _complain(self, sentence: str) -> None:
        self._err.write(f"messango: {safe_line(sentence)}\n")
        self._err.flush()


def _discard_output(out: TextIO) -> None:
    """Nobody reads on: let the interpreter's last flush go nowhere instead of failing loudly."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, out.fileno())
        os.close(nowhere)
