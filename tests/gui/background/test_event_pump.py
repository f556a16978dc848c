"""The window's timer."""

from __future__ import annotations

import queue
import time

import pytest

from messango.gui.background import event_pump
from messango.gui.background.event_pump import EventPump
from tests.gui.conftest import WindowDriver

pytestmark = pytest.mark.window


def test_events_are_handled_in_order(driver: WindowDriver) -> None:
    """In the window's thread."""
    handled: list[int] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pump = EventPump(driver.root(), lambda _: None)
    pump.subscribe(events, handled.append)
    pump.start()
    for number in range(1_200):
        events.put(number)
    driver.until(lambda: len(handled) == 1_200)
    pump.stop()
    assert handled == list(range(1_200))


def test_batch_is_bounded(driver: WindowDriver) -> None:
    """However many events wait, Tk works after `MAX_EVENTS` of them."""
    counts = [0]
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pump = EventPump(driver.root(), lambda _: counts.append(0))

    def handle(_number: int) -> None:
        counts[-1] += 1

    pump.subscribe(events, handle)
    for number in range(3 * event_pump.MAX_EVENTS):
        events.put(number)
    pump.start()
    driver.until(lambda: sum(counts) == 3 * event_pump.MAX_EVENTS)
    pump.stop()
    assert max(counts) <= event_pump.MAX_EVENTS
    assert len([count for count in counts if count]) >= 3


def test_slow_handler_ends_the_batch(driver: WindowDriver) -> None:
    """The other events wait for the next tick."""
    ticks: list[bool] = []
    handled: list[float] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    pump = EventPump(driver.root(), ticks.append)

    def handle(_number: int) -> None:
        deadline = time.monotonic() + 2 * event_pump.MAX_BATCH_S
        while time.monotonic() < deadline:
            pass
        handled.append(len(ticks))

    pump.subscribe(events, handle)
    for number in range(3):
        events.put(number)
    pump.start()
    driver.until(lambda: len(handled) == 3)
    pump.stop()
    assert len(set(handled)) == 3


def test_slow_ticks_leave_time_to_draw(driver: WindowDriver) -> None:
    """Tk draws when it is idle: also while each tick takes longer than the pause between two."""
    ticks_when_drawn: list[int] = []
    ticks: list[bool] = []
    root = driver.root()

    def on_tick(had_events: bool) -> None:  # noqa: FBT001 (the pump calls it)
        if not ticks:
            root.after_idle(lambda: ticks_when_drawn.append(len(ticks)))
        ticks.append(had_events)
        time.sleep(2 * event_pump.INTERVAL_MS / 1_000)

    pump = EventPump(root, on_tick)
    pump.start()
    driver.until(lambda: len(ticks) >= 10)
    pump.stop()
    assert ticks_when_drawn
    assert ticks_when_drawn[0] < 10


def test_unsubscribed_queue_and_stopped_pump_do_nothing(driver: WindowDriver) -> None:
    """A stopped pump has no timer."""
    handled: list[int] = []
    ticks: list[bool] = []
    events: queue.SimpleQueue[int] = queue.SimpleQueue()
    root = driver.root()
    pump = EventPump(root, ticks.append)
    pump.subscribe(events, handled.append)
    pump.unsubscribe(events)
    events.put(1)
    pump.start()
    driver.until(lambda: len(ticks) > 1)
    pump.stop()
    pump.stop()
    assert handled == []
    assert not any(
        "_tick" in str(root.tk.call("after", "info", timer)) for timer in root.tk.call("after", "info")
    )
