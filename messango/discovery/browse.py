"""Watches the local network for rooms and probes each of them."""

from __future__ import annotations

import asyncio
import functools
import logging
import queue
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from zeroconf import DNSQuestionType, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncZeroconf

from messango.discovery.extra_queries import ExtraQueries
from messango.discovery.hints import HINT_DELAY_S, RoomHint, hinted_services, reached_by
from messango.discovery.loop_thread import LoopThread, wait_first, wait_for_event
from messango.discovery.mdns import (
    CHECK_NETWORK_EVERY_S,
    MDNS_ERRORS,
    MdnsNetwork,
    current_network,
    explain_error,
    stable_network,
)
from messango.discovery.model.events import (
    BrowseEvent,
    BrowseFailed,
    BrowseResumed,
    FoundRoom,
    RoomAdded,
    RoomRemoved,
    RoomUpdated,
)
from messango.discovery.model.room_row import Row, Service
from messango.discovery.model.room_table import RoomTable
from messango.discovery.model.txt_record import SERVICE_TYPE
from messango.discovery.probe_pool import Probe, ProbeOutcome, ProbePool
from messango.discovery.resolve import ServiceResolver
from messango.transport.dialing.probe import ProbeResult, probe
from messango.transport.networks.own_networks import own_networks

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

#: zeroconf queries at 0, 1, 5 and 14 s and then not for an hour, so rooms announced while a cable was
#: unplugged would stay unseen. A new zeroconf browser starts this series again.
_REQUERY_EVERY_S: Final = 20.0
#: Long enough for zeroconf to repeat a lost query after one second, and once more after five.
_UNICAST_QUERY_S: Final = 6.0
_RETRY_S: Final = 2.0
#: Least time between two checks for due probes, so that many rooms cost no more than a few.
_MIN_PROBE_GAP_S: Final = 0.02


class Browser:
    """Puts rooms on the queue `events` as they appear, change and disappear.

    Its own thread runs zeroconf and owns the table; a pool of threads probes. `start`, `refresh` and
    `close` may be called from any thread; `refresh` never blocks.
    """

    def __init__(
        self,
        *,
        interfaces: Sequence[str] | None = None,
        hints: Sequence[RoomHint] = (),
        hint_delay_s: float = HINT_DELAY_S,
        is_wanted: Callable[[Service], bool] = lambda _: False,
        probe: Probe = probe,
    ) -> None:
        """Look for rooms on these interfaces (None: those of the environment, otherwise all).

        Those of `hints` are also looked for where they were last, unless they are announced within the delay.
        Services for which `is_wanted` returns true are probed first.
        """
        self.events: queue.SimpleQueue[BrowseEvent] = queue.SimpleQueue()
        self._interfaces = interfaces
        self._hints, self._hint_delay_s = hints, hint_delay_s
        self._table = RoomTable(is_wanted)
        self._probe_pool = ProbePool(probe)
        self._probe_timer: asyncio.TimerHandle | None = None
        self._refresh_requested = asyncio.Event()
        self._last_failure: BrowseFailed | None = None
        self._thread = LoopThread("messango-browse", self._run)

    def start(self) -> None:
        """Start; returns at once."""
        self._thread.start()

    def refresh(self) -> None:
        """Start over: drop cached mDNS records and rooms that do not answer."""
        self._thread.call_soon(self._refresh_requested.set)

    def close(self, timeout_s: float = 1.0) -> None:
        """Stop, and wait at most this long for the threads. Calling it twice is harmless."""
        deadline = time.monotonic() + timeout_s
        self._thread.stop(timeout_s)
        self._probe_pool.close(max(0.0, deadline - time.monotonic()))

    # In the thread of the browser.

    async def _run(self) -> None:
        try:
            while True:
                try:
                    await self._browse()
                except MDNS_ERRORS as error:
                    self._report_failure(error)
                    await wait_for_event(self._refresh_requested, _RETRY_S)
                if self._refresh_requested.is_set():
                    self._refresh_requested.clear()
                    self._emit(self._table.drop_silent(time.monotonic()))
        finally:
            if self._probe_timer is not None:
                self._probe_timer.cancel()

    async def _browse(self) -> None:
        """Browse until the network changes or `refresh` is called; then `_run` starts over."""
        network = current_network(self._interfaces)
        # Before mDNS is opened: it may not be possible at all.
        self._look_at_last_addresses(network)
        async with network.zeroconf_session() as zeroconf:
            self._report_network_state(network)
            await wait_first(
                self._browse_service(zeroconf, DNSQuestionType.QM),
                self._query_unicast(network),
                self._wait_for_network_change(network),
                self._refresh_requested.wait(),
            )

    def _look_at_last_addresses(self, network: MdnsNetwork) -> None:
        if not self._hints:
            return
        hints = self._hints if network.chosen is None else reached_by(self._hints, network.chosen)
        self._table.add_hints(hinted_services(hints), time.monotonic() + self._hint_delay_s)
        self._start_due_probes()

    async def _browse_service(self, zeroconf: AsyncZeroconf, question_type: DNSQuestionType) -> None:
        """Query for rooms repeatedly and resolve the answers, until cancelled."""
        resolver = ServiceResolver(zeroconf.zeroconf, question_type, self._table, self._emit, own_networks())

        def on_service_change(
            zeroconf: Zeroconf,  # noqa: ARG001 (given by keyword)
            service_type: str,  # noqa: ARG001 (given by keyword)
            name: str,
            state_change: ServiceStateChange,
        ) -> None:
            # Called in the middle of zeroconf's work, so it only puts the change on a queue and can't fail.
            resolver.service_changed(name, state_change)

        async def query_repeatedly() -> None:
            while True:
                browser = AsyncServiceBrowser(
                    zeroconf.zeroconf, SERVICE_TYPE, handlers=[on_service_change], question_type=question_type
                )
                try:
                    await asyncio.sleep(_REQUERY_EVERY_S)
                finally:
                    await browser.async_cancel()

        zeroconf.zeroconf.async_add_listener(resolver, None)
        try:
            await wait_first(
                resolver.run(),
                query_repeatedly(),
                ExtraQueries(zeroconf.zeroconf, question_type, self._table).run(),
            )
        finally:
            zeroconf.zeroconf.async_remove_listener(resolver)

    async def _query_unicast(self, network: MdnsNetwork) -> None:
        """At the start, also query from a port of our own.

        A responder delays a multicast answer if it sent the same one within the last second (RFC 6762,
        section 6), for another program or our last run. Answers to a port of our own come at once. A
        firewall may stop them, so they are only an addition.
        """
        try:
            async with network.zeroconf_session(unicast=True) as zeroconf:
                await wait_first(
                    self._browse_service(zeroconf, DNSQuestionType.QU), asyncio.sleep(_UNICAST_QUERY_S)
                )
        except MDNS_ERRORS as error:
            logger.debug("can't query from a port of our own: %s", error)
        await asyncio.get_running_loop().create_future()  # Done, but ending would end the others as well.

    async def _wait_for_network_change(self, network: MdnsNetwork) -> None:
        while current_network(self._interfaces) == network:
            await asyncio.sleep(CHECK_NETWORK_EVERY_S)
        await stable_network(network, self._interfaces)

    def _emit(self, events: Iterable[BrowseEvent]) -> None:
        for event in events:
            self.events.put(event)
        self._start_due_probes()

    def _start_due_probes(self) -> None:
        now = time.monotonic()
        for event in self._table.slow_probes(now):
            self.events.put(event)
        for row in self._table.due_rows(now)[: self._probe_pool.free_slots]:
            self._table.probe_started(row, now)
            self._probe_pool.start(
                row.addresses, functools.partial(self._on_probe_done, row), row.announced_fingerprint
            )
        if self._probe_timer is not None:
            self._probe_timer.cancel()
        wait_s = max(_MIN_PROBE_GAP_S, min(self._table.next_due() - now, _RETRY_S))
        self._probe_timer = asyncio.get_running_loop().call_later(wait_s, self._start_due_probes)

    def _on_probe_done(self, row: Row, outcome: ProbeOutcome) -> None:
        """Called in a thread of the pool."""
        self._thread.call_soon(functools.partial(self._apply_probe, row, outcome))

    def _apply_probe(self, row: Row, outcome: ProbeOutcome) -> None:
        self._probe_pool.release()
        now = time.monotonic()
        if isinstance(outcome.result, ProbeResult):
            self._emit(self._table.probe_succeeded(row, outcome.result, now))
        else:
            self._emit(self._table.probe_failed(row, outcome.result, outcome.took_s, now))

    def _report_network_state(self, network: MdnsNetwork) -> None:
        if network.limitation is not None:
            self._report_failure(network.limitation)
        elif self._last_failure is not None:
            self._last_failure = None
            self.events.put(BrowseResumed())

    def _report_failure(self, error: BaseException) -> None:
        failure = BrowseFailed(*explain_error(error))
        if failure != self._last_failure:
            self._last_failure = failure
            self.events.put(failure)
