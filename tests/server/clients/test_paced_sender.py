"""Pauses between what is sent to an original client."""

from __future__ import annotations

from collections.abc import Callable

from messango.server.clients.paced_sender import PAUSE_S, PacedSender


class _Timers:
    """A clock and timers that the test moves."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.started: list[_Timer] = []
        self.fails = False

    def new(self, seconds: float, callback: Callable[[], None]) -> _Timer:
        return _Timer(self, seconds, callback)

    def fire(self) -> None:
        """Let the time pass until the last timer fires."""
        timer = self.started.pop()
        self.now_s += timer.seconds
        if not timer.cancelled:
            timer.callback()


class _Timer:
    def __init__(self, timers: _Timers, seconds: float, callback: Callable[[], None]) -> None:
        self.timers, self.seconds, self.callback = timers, seconds, callback
        self.cancelled = self.joined = False

    def start(self) -> None:
        if self.timers.fails:
            raise RuntimeError("can't start new thread")
        self.timers.started.append(self)

    def cancel(self) -> None:
        self.cancelled = True

    def join(self) -> None:
        self.joined = True


def open_sender() -> tuple[PacedSender, _Timers, list[bytes]]:
    timers, sent = _Timers(), list[bytes]()
    return PacedSender(sent.append, clock=lambda: timers.now_s, new_timer=timers.new), timers, sent


def test_the_first_is_sent_at_once() -> None:
    """And each one after a pause."""
    sender, timers, sent = open_sender()
    for frames in (b"a", b"b"):
        sender.send(frames)
        timers.now_s += PAUSE_S
    assert sent == [b"a", b"b"]
    assert not timers.started


def test_what_comes_within_a_pause_is_sent_together() -> None:
    """In order, when the pause is over; then there is another one."""
    sender, timers, sent = open_sender()
    for frames in (b"a", b"b", b"c"):
        sender.send(frames)
    assert sent == [b"a"]
    timers.fire()
    assert sent == [b"a", b"bc"]
    sender.send(b"d")
    assert sent == [b"a", b"bc"]
    timers.fire()
    assert sent == [b"a", b"bc", b"d"]
    assert not timers.started


def test_what_comes_while_sending_waits() -> None:
    """The order stays, whichever thread sends."""
    timers, sent = _Timers(), list[bytes]()

    def send(frames: bytes) -> None:
        sent.append(frames)
        if frames == b"a":
            sender.send(b"b")

    sender = PacedSender(send, clock=lambda: timers.now_s, new_timer=timers.new)
    sender.send(b"a")
    assert sent == [b"a"]
    timers.fire()
    assert sent == [b"a", b"b"]


def test_the_last_frames() -> None:
    """They go out with what waits, after the pause; then nothing follows."""
    sender, timers, sent = open_sender()
    ended = list[bytes]()
    for frames in (b"a", b"b"):
        sender.send(frames)
    for final in (b"c", b"d"):
        sender.close(final, ended.append)
    sender.send(b"e")
    assert (sent, ended) == ([b"a"], [])
    timers.fire()
    assert (sent, ended) == ([b"a"], [b"bc"])
    assert not timers.started


def test_closing_at_rest() -> None:
    """The last frames go out at once."""
    sender, timers, sent = open_sender()
    sender.close(b"a", sent.append)
    assert sent == [b"a"]
    assert not timers.started


def test_closing_while_sending() -> None:
    """A client that is too slow is disconnected from within `send`."""
    timers, ended = _Timers(), list[bytes]()

    def send(_frames: bytes) -> None:
        sender.close(b"too slow", ended.append)

    sender = PacedSender(send, clock=lambda: timers.now_s, new_timer=timers.new)
    sender.send(b"a")
    timers.fire()
    assert ended == [b"too slow"]


def test_cancelling() -> None:
    """Nothing is sent any more, and the timer's thread has ended."""
    sender, timers, sent = open_sender()
    sender.cancel()
    sender, timers, sent = open_sender()
    sender.send(b"a")
    sender.send(b"b")
    sender.cancel()
    (timer,) = timers.started
    assert (timer.cancelled, timer.joined) == (True, True)
    sender.send(b"c")
    assert sent == [b"a"]


def test_without_a_thread_there_is_no_pause() -> None:
    """If the system can't start one, nothing is lost."""
    sender, timers, sent = open_sender()
    timers.fails = True
    for frames in (b"a", b"b"):
        sender.send(frames)
    assert sent == [b"a", b"b"]
