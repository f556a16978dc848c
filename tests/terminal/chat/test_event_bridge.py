"""Events from a thread's queue to an asyncio loop."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Iterable

from messango.terminal.chat.event_bridge import BATCH_EVENTS, EventBridge

_LAST = -1


def _run(
    events: Iterable[int], on_batch: Callable[[EventBridge[int], list[int]], None], ended: asyncio.Event
) -> None:
    """Deliver the events to `on_batch` in a loop of its own, until `ended` is set."""
    event_queue: queue.SimpleQueue[int] = queue.SimpleQueue()
    for event in events:
        event_queue.put(event)

    async def wait_until_ended() -> None:
        bridge = EventBridge(
            event_queue,
            lambda batch: on_batch(bridge, batch),
            lambda event: event == _LAST,
            thread_name="messango-test-events",
        )
        bridge.start()
        await asyncio.wait_for(ended.wait(), timeout=10)
        bridge.stop()
        event_queue.put(_LAST)
        bridge.join()

    asyncio.run(wait_until_ended())


def test_a_flood_arrives_in_bounded_batches_and_in_order() -> None:
    """Each event once, the last one included, and none after it."""
    batches: list[list[int]] = []
    ended = asyncio.Event()

    def on_batch(_bridge: EventBridge[int], batch: list[int]) -> None:
        batches.append(batch)
        if batch[-1] == _LAST:
            ended.set()

    count = 3 * BATCH_EVENTS + 7
    _run([*range(count), _LAST, count], on_batch, ended)
    assert [event for batch in batches for event in batch] == [*range(count), _LAST]
    assert max(map(len, batches)) == BATCH_EVENTS


def test_a_stopped_bridge_delivers_at_most_what_is_on_its_way() -> None:
    """The thread reads the rest of the queue and ends; nothing waits for a loop that has ended."""
    batches: list[list[int]] = []
    ended = asyncio.Event()

    def stop_at_first(bridge: EventBridge[int], batch: list[int]) -> None:
        batches.append(batch)
        bridge.stop()
        ended.set()

    _run(range(50 * BATCH_EVENTS), stop_at_first, ended)
    assert 1 <= len(batches) <= 2
