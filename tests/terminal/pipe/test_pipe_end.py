"""What a pipe that ends too early says about its lines: what was not confirmed, and what was never sent."""

from __future__ import annotations

import io
import signal
import sys
import threading

import pytest

from messango.client.events import Disconnected, EndReason, SessionEnded
from messango.errors import ConnectionLost, JoinRefused, RoomClosed
from messango.terminal.pipe.pipe import run_pipe
from tests.terminal.fake_client import FakeClient
from tests.terminal.pipe.pipe_run import PipeRun

TIMEOUT_S = 30.0


class Refusing(FakeClient):
    """A room that lets nobody in: nothing is sent to it. It says so when it was given the last line."""

    def start(self) -> None:
        """Wait for the lines."""

    def send_message(self, text: str, reply_to: int | None = None) -> str:
        message_id = super().send_message(text, reply_to)
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
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            message_id = super().send_message(text, reply_to)
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
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            if text == "two":
                raise KeyboardInterrupt
            return super().send_message(text, reply_to)

    run = PipeRun(Interrupted130(accepts=lambda _: False), "one\ntwo\n")
    assert run.status == 130
    assert (
        run.err == "messango: 2 messages were not confirmed: lines 1 to 2. The room may have stored them.\n"
    )


def test_ctrl_c_counts_receipts_that_have_come() -> None:
    """And names the lines that were read and never sent."""
    are_read = threading.Event()

    class Lines(io.StringIO):
        def readline(self, size: int = -1, /) -> str:  # type: ignore[override] # one of two signatures
            line = super().readline(size)
            if not line:
                are_read.set()
            return line

    class Busy(FakeClient):
        def send_message(self, text: str, reply_to: int | None = None) -> str:
            message_id = super().send_message(text, reply_to)
            if text == "two":
                assert are_read.wait(TIMEOUT_S)
                raise KeyboardInterrupt
            return message_id

    run = PipeRun(Busy(accepts=lambda text: text == "one"), Lines("one\ntwo\nthree\n\nfour\n"))
    assert run.status == 130
    assert "1 message was not confirmed: line 2." in run.err
    assert "Not sent: line 3 and everything after it." in run.err


@pytest.mark.skipif(sys.platform == "win32", reason="There a signal is only noticed by a wait that ends")
def test_a_second_ctrl_c_does_not_wait_for_receipts(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first one leaves and waits for what the room may still confirm."""
    monkeypatch.setattr("messango.terminal.pipe.pipe.LEAVE_TIMEOUT_S", 1000.0)

    class Slow(FakeClient):
        leave_count = 0

        def send_message(self, text: str, reply_to: int | None = None) -> str:
            signal.raise_signal(signal.SIGINT)
            return super().send_message(text, reply_to)

        def leave(self) -> None:
            self.leave_count += 1
            if self.leave_count == 1:
                signal.raise_signal(signal.SIGINT)
            else:
                super().leave()

    run = PipeRun(Slow(accepts=lambda _: False), "one\n")
    assert run.status == 130
    assert "1 message was not confirmed: line 1." in run.err
