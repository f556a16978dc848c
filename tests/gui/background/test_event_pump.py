"""The window's one timer."""

from __future__ import annotations

import queue
import time

import pytest

from messango.gui.background import event_pump
from messango.gui.background.event_pump import Pump
from tests.gui.conftest import Desk

pytestmark = pytest.mark.window


def test_events_come_in_order(desk: Desk) -> None:
    """What another thread puts on a queue is heard in the window's thread, first come first served."""
    heard: list[int] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pumping = Pump(desk.root(), lambda _: None)
    pumping.listen(events, heard.append)
    pumping.start()
    for number in range(1_200):
        events.put(number)
    desk.until(lambda: len(heard) == 1_200)
    pumping.stop()
    assert heard == list(range(1_200))


def test_a_burst_leaves_room_to_breathe(desk: Desk) -> None:
    """However many events wait, one round takes a bounded number and then lets Tk work."""
    counts = [0]
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pumping = Pump(desk.root(), lambda _: counts.append(0))

    def hear(_number: int) -> None:
        counts[-1] += 1

    pumping.listen(events, hear)
    for number in range(3 * event_pump.MAX_EVENTS):
        events.put(number)
    pumping.start()
    desk.until(lambda: sum(counts) == 3 * event_pump.MAX_EVENTS)
    pumping.stop()
    assert max(counts) <= event_pump.MAX_EVENTS
    assert len([count for count in counts if count]) >= 3


def test_a_slow_event_ends_the_round(desk: Desk) -> None:
    """When hearing takes its time, the rest waits for the next round."""
    rounds: list[bool] = []
    heard: list[float] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pumping = Pump(desk.root(), rounds.append)

    def hear(_number: int) -> None:
        deadline = time.monotonic() + 2 * event_pump.MAX_BATCH_S
        while time.monotonic() < deadline:
            pass
        heard.append(len(rounds))

    pumping.listen(events, hear)
    for number in range(3):
        events.put(number)
    pumping.start()
    desk.until(lambda: len(heard) == 3)
    pumping.stop()
    assert len(set(heard)) == 3


def test_forgotten_and_stopped_it_hears_nothing(desk: Desk) -> None:
    """A queue that was forgotten is left alone, and a stopped pump has no timer left."""
    heard: list[int] = []
    rounds: list[bool] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    root = desk.root()
    pumping = Pump(root, rounds.append)
    pumping.listen(events, heard.append)
    pumping.forget(events)
    events.put(1)
    pumping.start()
    desk.until(lambda: len(rounds) > 1)
    pumping.stop()
    pumping.stop()
    assert heard == []
    assert not any(
        "_round" in str(root.tk.call("after", "info", timer)) for timer in root.tk.call("after", "info")
    )
