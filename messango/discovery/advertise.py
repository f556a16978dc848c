"""Tells the local network of a room, keeps what it tells current, and says goodbye at the end."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Final

from zeroconf import DNSQuestionType, NonUniqueNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from messango.discovery.interfaces import advertised_addresses, multicast_addresses
from messango.discovery.loop_thread import LoopThread, first_of, wait_for_event
from messango.discovery.mdns import (
    MULTICAST_ERRORS,
    Network,
    NoNetwork,
    current_network,
    plain_reason,
)
from messango.discovery.name_conflict import Claim
from messango.discovery.txt_record import (
    SERVICE_TYPE,
    instance_label,
    label_as_name,
    label_of,
    record_of,
    server_name,
    service_name,
    to_txt,
    unique_label,
)
from messango.protocol.frames import RoomInfo
from messango.protocol.validation import normalized_name
from messango.transport.addresses import is_ip

#: Each update is three multicasts, and on Wi-Fi each multicast is sent at the lowest rate.
UPDATE_EVERY_S: Final = 1.0
#: Responders answer within 120 ms and the question itself is delayed as much; later answers are still
#: seen while zeroconf probes.
_LISTEN_FIRST_S: Final = 0.25
_CHECK_NETWORK_EVERY_S: Final = 3.0
#: DHCP and IPv6 bring addresses one after another.
_NETWORK_SETTLES_S: Final = 1.0
_RETRY_S: Final = (1.0, 2.0, 5.0, 15.0)
#: A room that was made to change its name so often is played with by somebody, and keeps the next.
_YIELDS: Final = 10


class Advertiser:
    """Advertises one room from a thread of its own.

    `on_name` and `on_failure` are called from that thread and must not block. `on_name` gives the name
    that the room goes by where another room already has its own; `on_failure` why nobody sees the room,
    in a sentence, once for each reason: attempts go on in the background.
    """

    def __init__(
        self,
        facts: RoomInfo,
        *,
        port: int,
        fingerprint: str,
        addresses: Sequence[str] | None,
        on_name: Callable[[str], None],
        on_failure: Callable[[str], None],
    ) -> None:
        self._port = port
        self._fingerprint = fingerprint
        self._addresses = (
            None if addresses is None else [text.partition("%")[0] for text in addresses if is_ip(text)]
        )
        self._on_name = on_name
        self._on_failure = on_failure
        self._host = socket.gethostname().partition(".")[0]
        self._lock = threading.Lock()  # guards _facts, which any thread sets
        self._facts = facts
        self._wished = facts.name  # what the host called the room, before any number
        self._listed_as = ""
        self._lost: list[str] = []  # the labels that other rooms kept
        self._changed = asyncio.Event()
        self._told_failure = ""
        self._announcing: asyncio.Future[None] | None = None
        self._thread = LoopThread("messango-advertise", self._run)

    def start(self) -> None:
        """Begin; returns at once. Others see the room about 1.5 s later."""
        self._thread.start()

    def update(self, facts: RoomInfo) -> None:
        """Tell these from now on. Any thread; never blocks; of several within a second the last counts."""
        with self._lock:
            self._facts = facts
        self._thread.call(self._changed.set)

    def close(self) -> None:
        """Say goodbye and end, within about a second. Twice is harmless."""
        self._thread.stop(1.0)

    # In the thread.

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                await self._advertise()
                attempt = 0
            except MULTICAST_ERRORS as error:
                self._tell_failure(error)
                await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1

    async def _advertise(self) -> None:
        """Advertise until the room has another name or mDNS must be set up anew."""
        network = current_network(self._interfaces())
        async with network.opened() as zeroconf:
            try:
                facts = self._current()
                info = await self._register(zeroconf, facts)
                label = label_of(info.name)
                self._judge(network)
                if normalized_name(label) != normalized_name(instance_label(facts.name)):
                    self._listed_as = label_as_name(label)
                    self._on_name(self._listed_as)
                claim = Claim(zeroconf.zeroconf, info, yields=len(self._lost) < _YIELDS)
                await first_of(claim.hold(), self._keep_current(zeroconf, network, facts, info))
                if claim.lost:
                    self._lost.append(label)
                    claim.give_up()
            finally:
                if self._announcing is not None:
                    # An announcement after the goodbye would make a ghost of the room.
                    self._announcing.cancel()

    async def _register(self, zeroconf: AsyncZeroconf, facts: RoomInfo) -> AsyncServiceInfo:
        """Find a label that nobody has, in any case, and announce the room under it."""
        taken = set(self._lost)
        if facts.name != self._listed_as:
            self._wished = facts.name

        def note(zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:  # noqa: ARG001 (given by keyword)
            if state_change is ServiceStateChange.Added:
                taken.add(label_of(name))

        browser = AsyncServiceBrowser(
            zeroconf.zeroconf, SERVICE_TYPE, handlers=[note], question_type=DNSQuestionType.QM
        )
        try:
            await asyncio.sleep(_LISTEN_FIRST_S)
            while True:
                label = self._free_label(facts.name, taken)
                info = self._info(facts, label)
                with contextlib.suppress(NonUniqueNameException):
                    await zeroconf.zeroconf.async_check_service(info, allow_name_change=False)
                    if self._free_label(facts.name, taken) == label:
                        break
                taken.add(label)
        finally:
            await browser.async_cancel()
        # Probed above, with our own eyes on case. The announcements go on by themselves.
        announcing = await zeroconf.async_register_service(info, cooperating_responders=True)
        self._announcing = asyncio.ensure_future(announcing)
        return info

    def _free_label(self, name: str, taken: set[str]) -> str:
        """Return the label for the room: what it goes by, or the host's name for it with a number."""
        label = instance_label(name)
        return label if unique_label(name, taken) == label else unique_label(self._wished, taken)

    async def _keep_current(
        self, zeroconf: AsyncZeroconf, network: Network, facts: RoomInfo, told: AsyncServiceInfo
    ) -> None:
        named_for, label = facts.name, label_of(told.name)
        while True:
            await wait_for_event(self._changed, _CHECK_NETWORK_EVERY_S)
            self._changed.clear()
            before, network = network, await self._settled(network)
            if not network.usable or network.ip_version != before.ip_version:
                return
            facts = self._current()
            if facts.name != named_for and normalized_name(instance_label(facts.name)) != normalized_name(
                label
            ):
                return
            info = self._info(facts, label)
            changed = (info.text, info.parsed_addresses()) != (told.text, told.parsed_addresses())
            if changed:
                told = info
                self._announcing = asyncio.ensure_future(await zeroconf.async_update_service(info))
            if network != before:
                # After the update, for this announces the room on what is new.
                await zeroconf.async_update_interfaces(network.to_zeroconf)
                self._judge(network)
            if changed:
                await asyncio.sleep(UPDATE_EVERY_S)

    async def _settled(self, network: Network) -> Network:
        """Return the network as it is, once it stays as it is where it has changed."""
        while (later := current_network(self._interfaces())) != network:
            network = later
            await asyncio.sleep(_NETWORK_SETTLES_S)
        return network

    def _info(self, facts: RoomInfo, label: str) -> AsyncServiceInfo:
        addresses = advertised_addresses(None) if self._addresses is None else self._addresses
        if not addresses:
            raise NoNetwork("There is no address to tell others.", "`messango doctor` lists what there is.")
        return AsyncServiceInfo(
            SERVICE_TYPE,
            service_name(label),
            port=self._port,
            properties=to_txt(record_of(facts, self._fingerprint, self._host)),
            server=server_name(facts.id),
            parsed_addresses=sorted(addresses),
        )

    def _interfaces(self) -> list[str] | None:
        """Speak only where the room listens, unless the environment says where."""
        return multicast_addresses() or self._addresses

    def _current(self) -> RoomInfo:
        with self._lock:
            return self._facts

    def _judge(self, network: Network) -> None:
        if network.shortcoming is None:
            self._told_failure = ""
        else:
            self._tell_failure(network.shortcoming)

    def _tell_failure(self, error: BaseException) -> None:
        reason, hint = plain_reason(error)
        sentence = f"{reason} {hint}".strip()
        if sentence != self._told_failure:
            self._told_failure = sentence
            self._on_failure(sentence)
