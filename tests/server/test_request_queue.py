"""What clients ask waits in order, a round at a time, and who asks reads on when it had its round."""

from __future__ import annotations

import threading

import pytest

from messango.protocol.frames import Join, Say
from messango.room.remote_peer import Peer
from messango.server.request_queue import Asks, Gone, HostAsks, Inbox, Request, WantsIn

PEER = Peer("192.0.2.1", 1)
ONE = Asks(1, [Say("1", "x")])


class Asker:
    """Somebody who asks, and notes how often it was let go on."""

    def __init__(self, inbox: Inbox) -> None:
        self.let_go = 0
        self._inbox = inbox

    def ask(self, size: int = 1) -> Asks:
        """Put something into the inbox and return it."""
        asked = Asks(1, [Say("1", "x")], size, self._go_on)
        self._inbox.put(asked)
        return asked

    def _go_on(self) -> None:
        self.let_go += 1


def test_requests_are_taken_all_and_in_order() -> None:
    """One take gets whatever there is."""
    inbox = Inbox()
    requests: list[Request] = [WantsIn(1, Join(1, "ann"), PEER), ONE, Gone(1), HostAsks(lambda _: None)]
    for request in requests:
        inbox.put(request)
    assert inbox.take(None) == requests
    assert inbox.take(0.0) == []


def test_take_waits_for_the_first() -> None:
    """Whoever puts wakes whoever takes."""
    inbox = Inbox()
    taken: list[Request] = []
    taker = threading.Thread(target=lambda: taken.extend(inbox.take(None)))
    taker.start()
    inbox.put(ONE)
    taker.join()
    assert taken == [ONE]


def test_who_asked_goes_on_when_the_round_is_over() -> None:
    """Not while its frames wait or are in their round, and once for each time that it asked."""
    inbox = Inbox()
    asker = Asker(inbox)
    asker.ask()
    assert asker.let_go == 0
    inbox.take(None)
    assert asker.let_go == 0
    inbox.take(0.0)
    assert asker.let_go == 1
    inbox.take(0.0)
    assert asker.let_go == 1


def test_a_round_takes_no_more_than_fits_an_outbox() -> None:
    """However much waits; the rest has the next round, and nobody is let go on before its own."""
    inbox = Inbox(round_bytes=100)
    first, last = Asker(inbox), Asker(inbox)
    asked = [first.ask(60), first.ask(60), last.ask(60)]
    assert inbox.take(None) == asked[:2]
    assert inbox.take(None) == asked[2:]
    assert (first.let_go, last.let_go) == (2, 0)
    assert inbox.take(0.0) == []
    assert last.let_go == 1


def test_who_comes_goes_and_what_the_host_asks_is_no_burden() -> None:
    """Of those a round takes all there are."""
    inbox = Inbox(round_bytes=1)
    for request in (Gone(1), WantsIn(2, Join(1, "bob"), PEER), HostAsks(lambda _: None)):
        inbox.put(request)
    assert len(inbox.take(None)) == 3


@pytest.mark.parametrize("taken", [False, True])
def test_close_lets_go_who_waits(*, taken: bool) -> None:
    """Before its round or in it; once, however often it is closed."""
    inbox = Inbox()
    asker = Asker(inbox)
    asker.ask()
    if taken:
        inbox.take(None)
    inbox.close()
    inbox.close()
    assert asker.let_go == 1
    assert inbox.take(0.0) == []
    assert asker.let_go == 1


def test_a_closed_inbox_takes_nothing_in_and_holds_nobody_up() -> None:
    """Whoever asks then goes on at once."""
    inbox = Inbox()
    inbox.close()
    asker = Asker(inbox)
    asker.ask()
    inbox.put(Gone(1))
    assert asker.let_go == 1
    assert inbox.take(0.0) == []


def test_a_round_in_which_the_room_closes_keeps_to_what_it_took() -> None:
    """What waits behind the closing is not slipped into the round that goes on."""
    inbox = Inbox(round_bytes=1)
    inbox.put(ONE)
    round_of_closing = inbox.take(None)
    inbox.put(Asks(2, [Say("2", "too late")]))
    inbox.close()
    assert round_of_closing == [ONE]
