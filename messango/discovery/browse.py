"""Watches the local network for rooms and asks each whether it is there."""

from __future__ import annotations

import asyncio
import functools
import logging
import queue
import time
from collections.abc import Iterable, Sequence
from typing import Final

from zeroconf import DNSQuestionType, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

from messango.discovery.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
)
from messango.discovery.loop_thread import LoopThread, first_of, wait_for_event
from messango.discovery.mdns import (
    MULTICAST_ERRORS,
    Network,
    current_network,
    plain_reason,
)
from messango.discovery.probe_pool import Answer, Look, Probers
from messango.discovery.resolve import Resolver
from messango.discovery.room_table import RoomTable, Row
from messango.discovery.txt_record import SERVICE_TYPE
from messango.transport.probe import ProbeResult, probe

logger = logging.getLogger(__name__)

__all__ = [
    "BrowseEvent",
    "BrowseFailed",
    "BrowseResumed",
    "Browser",
    "FoundRoom",
    "RoomAdded",
    "RoomRemoved",
    "RoomUpdated",
]

#: zeroconf asks at 0, 1, 5 and 14 s and then not for an hour: what was announced while a cable was out
#: would stay unseen. A new browser asks anew.
_RENEW_EVERY_S: Final = 20.0
#: Lost questions are asked again after one second.
_SCOUT_S: Final = 3.0
_CHECK_NETWORK_EVERY_S: Final = 3.0
#: DHCP and IPv6 bring addresses one after another.
_NETWORK_SETTLES_S: Final = 1.0
_RETRY_S: Final = 2.0
#: The least time between two looks at what is due, so that a crowd costs no more than a few.
_TICK_S: Final = 0.02


class Browser:
    """Rooms as they come, change and go, on one queue: `events`.

    A thread of its own runs zeroconf and owns the table; a few more probe. `start`, `refresh` and
    `close` may be called from any thread; `refresh` never blocks.
    """

    def __init__(self, *, interfaces: Sequence[str] | None = None, look: Look = probe) -> None:
        self.events: queue.SimpleQueue[BrowseEvent] = queue.SimpleQueue()
        self._interfaces = interfaces
        self._table = RoomTable()
        self._probers = Probers(look)
        self._tick: asyncio.TimerHandle | None = None
        self._refresh_asked = asyncio.Event()
        self._told_failure: BrowseFailed | None = None
        self._thread = LoopThread("messango-browse", self._run)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def refresh(self) -> None:
        """Look with fresh eyes: forget what mDNS said before and what does not answer."""
        self._thread.call(self._refresh_asked.set)

    def close(self, timeout_s: float = 1.0) -> None:
        """End, and wait for the threads at most so long. Twice is harmless."""
        deadline = time.monotonic() + timeout_s
        self._thread.stop(timeout_s)
        self._probers.close(max(0.0, deadline - time.monotonic()))

    # In the thread.

    async def _run(self) -> None:
        try:
            while True:
                try:
                    await self._browse()
                except MULTICAST_ERRORS as error:
                    self._fail(error)
                    await wait_for_event(self._refresh_asked, _RETRY_S)
                if self._refresh_asked.is_set():
                    self._refresh_asked.clear()
                    self._emit(self._table.forget_silent(time.monotonic()))
        finally:
            if self._tick is not None:
                self._tick.cancel()

    async def _browse(self) -> None:
        """Browse until the network has changed or a refresh is asked for: then all begins anew."""
        network = current_network(self._interfaces)
        async with network.opened() as zeroconf:
            self._judge(network)
            await first_of(
                self._hear(zeroconf, DNSQuestionType.QM),
                self._scout(network),
                self._until_other(network),
                self._refresh_asked.wait(),
            )

    async def _hear(self, zeroconf: AsyncZeroconf, question: DNSQuestionType) -> None:
        """Ask for rooms again and again, and follow what mDNS says, until cancelled."""
        resolver = Resolver(zeroconf.zeroconf, question, self._table, self._emit)

        def heard(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:  # noqa: ARG001 (given by keyword)
            # Called amid zeroconf's own work: it only takes a note, and can't fail.
            resolver.heard(name, state_change)

        async def ask() -> None:
            while True:
                browser = AsyncServiceBrowser(
                    zeroconf.zeroconf, SERVICE_TYPE, handlers=[heard], question_type=question
                )
                try:
                    await asyncio.sleep(_RENEW_EVERY_S)
                finally:
                    await browser.async_cancel()

        zeroconf.zeroconf.async_add_listener(resolver, None)
        try:
            await first_of(resolver.run(), ask())
        finally:
            zeroconf.zeroconf.async_remove_listener(resolver)

    async def _scout(self, network: Network) -> None:
        """Ask from a port of our own as well, at the beginning.

        Answers by multicast wait up to a second where the same was told within the last one (RFC 6762,
        section 6), to another program or to our last run; those to a port of our own come at once, to us
        alone. They are a gain only, for a firewall may stop them.
        """
        try:
            async with network.opened(unicast=True) as zeroconf:
                await first_of(self._hear(zeroconf, DNSQuestionType.QU), asyncio.sleep(_SCOUT_S))
        except MULTICAST_ERRORS as error:
            logger.debug("Can't ask from a port of our own: %s", error)
        await asyncio.get_running_loop().create_future()  # done; the others go on until we are cancelled

    async def _until_other(self, network: Network) -> None:
        while (now := current_network(self._interfaces)) == network:
            await asyncio.sleep(_CHECK_NETWORK_EVERY_S)
        before = network
        while now != before:
            await asyncio.sleep(_NETWORK_SETTLES_S)
            before, now = now, current_network(self._interfaces)

    def _emit(self, events: Iterable[BrowseEvent]) -> None:
        for event in events:
            self.events.put(event)
        self._probe_what_is_due()

    def _probe_what_is_due(self) -> None:
        now = time.monotonic()
        for row in self._table.due(now)[: self._probers.free]:
            self._table.probing(row, now)
            self._probers.ask(row.addresses, functools.partial(self._bring_back, row))
        if self._tick is not None:
            self._tick.cancel()
        wait_s = max(_TICK_S, min(self._table.next_due() - now, _RETRY_S))
        self._tick = asyncio.get_running_loop().call_later(wait_s, self._probe_what_is_due)

    def _bring_back(self, row: Row, answer: Answer) -> None:
        """Called in a prober's thread."""
        self._thread.call(functools.partial(self._take, row, answer))

    def _take(self, row: Row, answer: Answer) -> None:
        self._probers.finished()
        now = time.monotonic()
        if isinstance(answer.outcome, ProbeResult):
            self._emit(self._table.answered(row, answer.outcome, now))
        else:
            self._emit(self._table.failed(row, answer.outcome, answer.took_s, now))

    def _judge(self, network: Network) -> None:
        if network.shortcoming is not None:
            self._fail(network.shortcoming)
        elif self._told_failure is not None:
            self._told_failure = None
            self.events.put(BrowseResumed())

    def _fail(self, error: BaseException) -> None:
        failure = BrowseFailed(*plain_reason(error))
        if failure != self._told_failure:
            self._told_failure = failure
            self.events.put(failure)
