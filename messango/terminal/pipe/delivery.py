"""`messango send`: gives a room one message and some files, waits until it has accepted them, and leaves."""

from __future__ import annotations

import contextlib
import queue
from collections.abc import Sequence
from functools import singledispatchmethod
from typing import Final, TextIO

from messango.client.events import (
    ClientEvent,
    Disconnected,
    FileFailed,
    FileProgress,
    LinkChanged,
    MessageFailed,
    MessageReceived,
    RequestFailed,
    RoomJoined,
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
from messango.errors import JoinRefused, MessangoError, Unreachable
from messango.protocol import error_codes
from messango.protocol.text.escaping import safe_line
from messango.protocol.text.plain_names import quoted_name
from messango.protocol.text.wording import join_names
from messango.signals import interrupted_status
from messango.terminal.pipe.parcels import SharedFile, TimeLimit
from messango.terminal.pipe.progress_line import ProgressLine

#: On Windows, Ctrl-C can't interrupt a wait without a timeout.
_WAIT_S: Final = 0.5

#: How long the goodbye may take.
_LEAVE_TIMEOUT_S: Final = 2.0

_NOTICES: Final = (
    namesake_warning,
    went_on_notice,
    renamed_notice,
    same_name_notice,
    moved_notice,
    own_name_notice,
)


def deliver(
    client: RoomClientLike, parcels: Sequence[str | SharedFile], err: TextIO, limit: TimeLimit
) -> int:
    """Send the messages and files in their order; return 0 if the room has accepted all, otherwise 1.

    130 after Ctrl-C, 128 + N after signal N. Raises the `MessangoError` that ended it before the room has
    answered about everything. Call it in the main thread.
    """
    return _Delivery(client, parcels, err, limit).run()


class _Delivery:
    """One visit. Owned by the caller's thread; the client's thread only fills its queue of events."""

    def __init__(
        self, client: RoomClientLike, parcels: Sequence[str | SharedFile], err: TextIO, limit: TimeLimit
    ) -> None:
        self._client = client
        self._waiting = list(parcels)
        self._err = err
        self._limit = limit
        self._progress = ProgressLine(err)
        #: What is on its way, by the id that the room's answer has.
        self._sent: dict[str, str | SharedFile] = {}
        self._done: dict[str, int] = {}
        self._has_failed = False
        self._has_joined = False
        #: What was said about the connection, until it is there again.
        self._said = ""
        #: Why we are not in the room, as far as it is known.
        self._obstacle: MessangoError | None = None
        #: Why a room of several servers accepts nothing for now; empty while it does.
        self._link_down = ""
        self._ended: SessionEnded | None = None

    def run(self) -> int:
        try:
            self._client.start()
            self._send_messages()
            self._await_answers()
            self._cancel_files()
        except KeyboardInterrupt as stop:
            self._cancel_files()
            self._report_unfinished()
            return interrupted_status(stop) or 1
        finally:
            self._progress.clear()
            self._client.leave()
            self._client.join_thread(_LEAVE_TIMEOUT_S)
        if not (self._waiting or self._sent):
            return 1 if self._has_failed else 0
        self._report_unfinished()
        raise self._reason()

    def _await_answers(self) -> None:
        while self._ended is None and (self._waiting or self._sent) and self._limit.left_s() > 0:
            try:
                event = self._client.events.get(timeout=min(_WAIT_S, self._limit.left_s()))
            except queue.Empty:
                continue
            self._handle(event)

    def _send_messages(self) -> None:
        """Send what may go now: the client keeps messages until we have joined, files come one by one after.

        So files arrive in the order in which they were named, and a small one does not wait for its place.
        """
        while self._waiting:
            parcel = self._waiting[0]
            if isinstance(parcel, str):
                sent_id = self._client.send_message(parcel)
            elif self._has_joined and not self._sent:
                sent_id = self._client.share_file(parcel.file, parcel.caption)
            else:
                return
            del self._waiting[0]
            self._sent[sent_id] = parcel

    @singledispatchmethod
    def _handle(self, _event: ClientEvent) -> None:
        """Ignore other events."""

    @_handle.register
    def _(self, event: RoomJoined) -> None:
        self._has_joined, self._said, self._obstacle, self._link_down = True, "", None, ""
        for notice in _NOTICES:
            if sentence := notice(event):
                self._write(sentence)
        self._send_messages()

    @_handle.register
    def _(self, event: MessageReceived) -> None:
        if event.own and self._sent.pop(event.id, None) is not None:
            self._progress.clear()
            self._send_messages()

    @_handle.register
    def _(self, event: FileProgress) -> None:
        if event.id in self._sent:
            if event.done > self._done.get(event.id, -1):
                self._done[event.id] = event.done
                self._limit.has_moved()
            self._progress.show(event)

    @_handle.register(MessageFailed)
    @_handle.register(FileFailed)
    def _(self, event: MessageFailed | FileFailed) -> None:
        parcel = self._sent.pop(event.id, None)
        if parcel is not None:
            self._has_failed = True
            self._write(
                f"{_capitalized(_name_of(parcel))} was not sent: {event.reason} {event.hint}".rstrip()
            )
            self._send_messages()

    @_handle.register
    def _(self, event: RequestFailed) -> None:
        self._write(f"{event.reason} {event.hint}".rstrip())

    @_handle.register
    def _(self, event: LinkChanged) -> None:
        self._link_down = "" if event.up else event.reason
        self._write(f"{event.reason} {event.hint}".rstrip())

    @_handle.register
    def _(self, event: Disconnected) -> None:
        self._obstacle = event.error
        is_full = isinstance(event.error, JoinRefused) and event.error.code == error_codes.FULL
        sentence = "The room is full. Waiting for a free seat…" if is_full else f"{event.error} Reconnecting…"
        if not self._said:
            self._said = sentence
            self._write(sentence)

    @_handle.register
    def _(self, event: SessionEnded) -> None:
        self._ended = event

    def _reason(self) -> MessangoError:
        """Return why not everything was accepted."""
        if self._ended is not None and self._ended.error is not None:
            return self._ended.error
        if isinstance(self._obstacle, JoinRefused):
            return self._obstacle
        seconds = self._limit.text
        if self._link_down and self._obstacle is None:
            return MessangoError(
                f"The room has not accepted everything within {seconds}: {self._link_down}",
                "Try again later, or with a longer --timeout.",
            )
        if self._has_joined and self._obstacle is None:
            return MessangoError(
                f"The room has not accepted everything within {seconds}.",
                "Try again with a longer --timeout.",
            )
        return Unreachable(
            f"The room has not answered within {seconds}.",
            "Check that it is open, or try again with a longer --timeout.",
        )

    def _report_unfinished(self) -> None:
        """Say what was not sent, and what the room may have or not."""
        self._progress.clear()
        if not self._has_joined:
            self._waiting, self._sent = [*self._sent.values(), *self._waiting], {}
        if self._sent:
            names = join_names([_name_of(parcel) for parcel in self._sent.values()])
            self._write(f"Not confirmed: {names}. The room may have it or not.")
        if self._waiting:
            self._write(f"Not sent: {join_names([_name_of(parcel) for parcel in self._waiting])}.")

    def _cancel_files(self) -> None:
        """Cancel the files on their way: the room will certainly not have those that can be cancelled."""
        for sent_id in self._sent:
            self._client.cancel_transfer(sent_id)
        with contextlib.suppress(queue.Empty):
            while self._sent:
                event = self._client.events.get_nowait()
                if isinstance(event, FileFailed) and event.id in self._sent:
                    self._waiting.insert(0, self._sent.pop(event.id))
                elif isinstance(event, MessageReceived) and event.own:
                    self._sent.pop(event.id, None)

    def _write(self, sentence: str) -> None:
        self._progress.clear()
        self._err.write(f"messango: {safe_line(sentence)}\n")
        self._err.flush()


def _name_of(parcel: str | SharedFile) -> str:
    return "the message" if isinstance(parcel, str) else quoted_name(parcel.file.name)


def _capitalized(text: str) -> str:
    return text[:1].upper() + text[1:]
