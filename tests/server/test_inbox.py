"""What clients ask waits in order, and a flood slows its sender."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from messango.protocol.frames import Join, Say
from messango.room.peer import Peer
from messango.server.inbox import Asks, Gone, HostAsks, Inbox, Request, WantsIn

PEER = Peer("192.0.2.1", 1)
ONE = Asks(1, [Say("1", "x")])


class _Waiting(threading.Condition):
    """Tells when somebody begins to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits = threading.Semaphore(0)

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.release()
        return super().wait(timeout)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Return what waits until a thread waits in the inbox that the test makes."""
    made: list[_Waiting] = []

    def condition() -> _Waiting:
        made.append(_Waiting())
        return made[-1]

    def wait() -> None:
        made[0].waits.acquire()

    monkeypatch.setattr("messango.server.inbox.threading", SimpleNamespace(Condition=condition))
    return wait


def test_requests_are_taken_all_and_in_order() -> None:
    """One take gets whatever there is."""
    inbox = Inbox(10)
    requests: list[Request] = [WantsIn(1, Join(1, "ann"), PEER), ONE, Gone(1), HostAsks(lambda _: None)]
    for request in requests:
        inbox.put(request)
    assert inbox.take(None) == requests
    assert inbox.take(0.0) == []


def test_take_waits_for_the_first(waits: Callable[[], None]) -> None:
    """Whoever puts wakes whoever takes."""
    inbox = Inbox(10)
    taken: list[Request] = []
    taker = threading.Thread(target=lambda: taken.extend(inbox.take(None)))
    taker.start()
    waits()
    inbox.put(ONE)
    taker.join()
    assert taken == [ONE]


def test_a_full_inbox_holds_up_who_talks(waits: Callable[[], None]) -> None:
    """Until the broadcaster has taken all; then it goes on by itself."""
    inbox = Inbox(1)
    inbox.put(ONE)
    talker = threading.Thread(target=inbox.put, args=(Asks(2, [Say("2", "y")]),))
    talker.start()
    waits()
    assert inbox.take(None) == [ONE]
    talker.join()
    assert inbox.take(None) == [Asks(2, [Say("2", "y")])]


def test_long_texts_fill_it_as_many_frames_do(waits: Callable[[], None]) -> None:
    """Frames of 60 KB must not be counted as if they were words: the memory is what is bounded."""
    inbox = Inbox(1_000, limit_characters=100)
    long = Asks(1, [Say("1", "x" * 101)])
    inbox.put(long)
    talker = threading.Thread(target=inbox.put, args=(ONE,))
    talker.start()
    waits()
    assert inbox.take(None) == [long]
    talker.join()
    assert inbox.take(None) == [ONE]


def test_a_full_inbox_takes_who_comes_goes_and_what_the_host_asks() -> None:
    """A flood keeps nobody from joining or leaving, nor the host from closing."""
    inbox = Inbox(1)
    inbox.put(ONE)
    for request in (WantsIn(2, Join(1, "bob"), PEER), Gone(1), HostAsks(lambda _: None)):
        inbox.put(request)
    assert len(inbox.take(None)) == 4


def test_close_lets_go_who_waits(waits: Callable[[], None]) -> None:
    """Nothing is taken in afterwards, and nobody waits for ever."""
    inbox = Inbox(1)
    inbox.put(ONE)
    talker = threading.Thread(target=inbox.put, args=(ONE,))
    talker.start()
    waits()
    inbox.close()
    talker.join()
    inbox.put(Gone(1))
    inbox.close()
    assert inbox.take(None) == [ONE]
