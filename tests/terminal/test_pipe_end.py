"""What a pipe that ends too early says about its lines: what was not confirmed, and what was never sent."""

from __future__ import annotations

import io
import json
import os
import queue
import signal
import sys
import threading
from typing import TextIO

import pytest

from messango.client.events import Disconnected, EndReason, Event, RequestFailed, SessionEnded
from messango.client.known_rooms import KnownRoom
from messango.errors import ConnectionLost, JoinRefused, MessangoError, RoomClosed
from messango.protocol.limits import MAX_TEXT_CHARACTERS
from messango.terminal.pipe import run_pipe
from tests.terminal.fake_client import FakeClient, message_received, room_joined
from tests.terminal.pipe_run import PipeRun

TIMEOUT_S = 30.0


class Refusing(FakeClient):
        def send_message(self, text: str) -> str:
            message_id = super().send_message(text)
            if text == "bad":
                self.fail_message(message_id, text)
            return message_id

    run = PipeRun(Refusing(accepts=lambda text: text != "bad"), "good\nbad\ngood\n")
    assert (run.status, run.err) == (1, "messango: line 2: The room is asleep. Wake it.\n")


@pytest.mark.parametrize(
    ("error", "status"), [(JoinRefused("full", "It is full."), 4), (ConnectionLost("Nobody answers."), 5)]
)
def test_a_failed_join_raises_its_error(error: MessangoError, status: int) -> None:
    """The command prints it and exits with its status."""
    run = PipeRun(FakeClient(SessionEnded(EndReason.FAILED, error)), "")
    assert run.error is error
    assert run.error.exit_status == status


def test_unconfirmed_messages_are_counted_when_the_room_closes() -> None:
    """On standard error, before the error is raised."""

    class Closing(FakeClient):
        def send_message(self, text: str) -> str:
            if text == "three":
                self.left = True
                self.events.put(
                    SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
                )
            return super().send_message(text)

    run = PipeRun(Closing(accepts=lambda text: text == "one"), "one\ntwo\nthree\n")
    assert isinstance(run.error, RoomClosed)
    assert (
        run.err == "messango: 2 messages were not confirmed: lines 2 to 3. The room may have stored them.\n"
    )


def test_a_room_that_closes_after_all_was_accepted_is_no_error() -> None:
    """The work was done."""

    class ClosingAsWeLeave(FakeClient):
        def leave(self) -> None:
            if not self.left:
                self.left = True
                self.events.put(
                    SessionEnded(EndReason.CLOSED, RoomClosed("closing", "The host closed the room."))
                )

    assert PipeRun(ClosingAsWeLeave(), "one\n").status == 0


def test_a_broken_connection_is_reported_once() -> None:
    """On standard error, for people who wonder why it waits."""
    lost = Disconnected(ConnectionLost("The room stopped\x1b responding."), 1.0)
    run = PipeRun(FakeClient(room_joined(), lost, lost, room_joined(back=True)), "one\n")
    assert run.err == "messango: The room stopped\\x1b responding. Reconnecting…\n"
    assert run.status == 0


def test_json_reports_every_event() -> None:
    """From `entered` to `ended`; our own message is its receipt."""
    run = PipeRun(FakeClient(room_joined("bob"), message_received("hi")), '{"text": "hello"}\n', as_json=True)
    assert run.kinds == ["entered", "message", "message", "ended"]
    assert [fields.get("own") for fields in run.objects] == [None, False, True, None]
    assert run.status == 0


def test_json_prints_the_history_after_the_end_of_the_input() -> None:
    """`messango chat ROOM --json </dev/null` prints the earlier messages."""
    run = PipeRun(
        FakeClient(
            room_joined(latest=2), message_received("a", seq=1, history=True), message_received("b", seq=2)
        ),
        "",
        as_json=True,
    )
    assert run.kinds == ["entered", "message", "message", "ended"]


def test_a_missing_history_is_not_waited_for() -> None:
    """A room may announce `latest` and store less."""
    assert PipeRun(FakeClient(room_joined(latest=9)), "", as_json=True).status == 0


def test_invalid_json_does_not_stop_the_others() -> None:
    """A sentence on standard error and status 1."""
    run = PipeRun(FakeClient(), '{"text": "one"}\n"two"\n{"text": "three"}\n', as_json=True)
    assert run.client.sent == ["one", "three"]
    assert run.status == 1
    assert run.err.startswith("messango: line 2: ")


def test_json_reports_the_end_before_the_error_is_raised() -> None:
    """As the last line."""
    run = PipeRun(
        FakeClient(SessionEnded(EndReason.FAILED, JoinRefused("full", "It is full."))), "", as_json=True
    )
    assert run.objects == [{"event": "ended", "reason": "It is full.", "hint": "", "code": "full"}]
    assert run.error is not None


def test_it_receives_as_long_as_the_input_is_open() -> None:
    """It ends with its input, not with its last message."""
    reading, writing = os.pipe()
    client = FakeClient(room_joined())
    with open(reading, encoding="utf-8") as stream, open(writing, "w", encoding="utf-8") as feed:  # noqa: PTH123
        runs: queue.SimpleQueue[_Run] = queue.SimpleQueue()
        thread = threading.Thread(target=lambda: runs.put(PipeRun(client, stream, as_json=True)))
        thread.start()
        feed.write('{"text": "hello"}\n')
        feed.flush()
        with pytest.raises(queue.Empty):
            runs.get(timeout=0.8)
        client.events.put(message_received("late"))
        feed.close()
        run = runs.get(timeout=10)
        thread.join()
    assert run.kinds == ["entered", "message", "message", "ended"]


class _ClosedOutput(io.StringIO):
    def write(self, text: str) -> int:
        raise BrokenPipeError(text)


def test_a_closed_output_ends_it_quietly() -> None:
    """`messango chat --json | head -1` is not an error."""
    client, err = FakeClient(), io.StringIO()
    assert run_pipe(client, io.StringIO(""), _ClosedOutput(), err, as_json=True) == 0
    assert err.getvalue() == ""
    assert client.left


class Refusing(FakeClient):
    """A room that lets nobody in: nothing is sent to it. It says so when it was given the last line."""

    def start(self) -> None:
        """Wait for the lines."""

    def send_message(self, text: str) -> str:
        message_id = super().send_message(text)
        if text == "two":
            self.events.put(SessionEnded(EndReason.FAILED, JoinRefused("full", "The room is full.")))
        return message_id


def test_what_was_never_sent_can_not_be_stored() -> None:
    """The room let us in at no time."""
    run = PipeRun(Refusing(accepts=lambda _: False), "one\ntwo\n")
    assert isinstance(run.error, JoinRefused)
    assert "may have stored" not in run.err
    assert run.err.startswith("messango: Not sent: line")


def test_lines_that_were_written_while_the_connection_was_broken() -> None:
    """Only the one before them may be stored."""
    is_broken = threading.Event()

    class Lines(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # one of two signatures
            if self.tell():
                is_broken.wait(TIMEOUT_S)
            return super().readline(size)

    class Errors(io.StringIO):
        def write(self, text: str, /) -> int:
            if "Reconnecting" in text:
                is_broken.set()
            return super().write(text)

    class Breaking(FakeClient):
        def send_message(self, text: str) -> str:
            message_id = super().send_message(text)
            if text == "one":
                self.events.put(Disconnected(ConnectionLost("The connection broke."), 1.0))
            if text == "three":
                self.events.put(SessionEnded(EndReason.CLOSED, RoomClosed("closing", "Closed.")))
            return message_id

    errors, lines = Errors(), Lines("one\ntwo\nthree\nfour\n")
    with pytest.raises(RoomClosed):
        run_pipe(Breaking(accepts=lambda _: False), lines, io.StringIO(), errors, as_json=False)
    assert "1 message was not confirmed: line 1. The room may have stored it." in errors.getvalue()
    assert "messango: Not sent: line" in errors.getvalue()


def test_ctrl_c_leaves() -> None:
    """Status 130, and unconfirmed messages are counted."""

    class Interrupted130(FakeClient):
        def send_message(self, text: str) -> str:
            if text == "two":
                raise KeyboardInterrupt
            return super().send_message(text)

    run = PipeRun(Interrupted130(accepts=lambda _: False), "one\ntwo\n")
    assert run.status == 130
    assert (
        run.err == "messango: 2 messages were not confirmed: lines 1 to 2. The room may have stored them.\n"
    )


def test_ctrl_c_counts_receipts_that_have_come() -> None:
    """And names the lines that were read and never sent."""

    class Busy(FakeClient):
        def send_message(self, text: str) -> str:
            message_id = super().send_message(text)
            if text == "two":
                while not self.are_lines_read():
                    pass
                raise KeyboardInterrupt
            return message_id

        @staticmethod
        def are_lines_read() -> bool:
            return lines.tell() == len(lines.getvalue())

    lines = io.StringIO("one\ntwo\nthree\n\nfour\n")
    run = PipeRun(Busy(accepts=lambda text: text == "one"), lines)
    assert run.status == 130
    assert "1 message was not confirmed: line 2." in run.err
    assert "Not sent: line 3 and everything after it." in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="There a signal is only noticed by a wait that ends")
def test_a_second_ctrl_c_does_not_wait_for_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one leaves and waits for what the room may still confirm."""
    monkeypatch.setattr("messango.terminal.pipe.LEAVE_TIMEOUT_S", 1000.0)

    class Slow(FakeClient):
        leave_count = 0

        def send_message(self, text: str) -> str:
            signal.raise_signal(signal.SIGINT)
            return super().send_message(text)

        def leave(self) -> None:
            self.leave_count += 1
            if self.leave_count == 1:
                signal.raise_signal(signal.SIGINT)
            else:
                super().leave()

    run = PipeRun(Slow(accepts=lambda _: False), "one\n")
    assert run.status == 130
    assert "1 message was not confirmed: line 1." in run.err


