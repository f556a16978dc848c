"""Announces a room on the local network, keeps the announcement current, and withdraws it at the end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Final

from zeroconf import DNSQuestionType, NonUniqueNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from messango.discovery.announcement_echo import AnnouncementEcho, EchoChange
from messango.discovery.duplicate import DuplicateFinder, Ours
from messango.discovery.interfaces import (
    Interface,
    advertised_addresses,
    configured_addresses,
    own_interfaces,
    select_interfaces,
)
from messango.discovery.loop_thread import LoopThread, wait_first, wait_for_event
from messango.discovery.mdns import (
    CHECK_NETWORK_EVERY_S,
    MDNS_ERRORS,
    MdnsNetwork,
    NoNetwork,
    current_network,
    explain_error,
    stable_network,
)
from messango.discovery.name_conflict import NameClaim
from messango.discovery.txt_record import (
    SERVICE_TYPE,
    display_name,
    instance_label,
    label_of,
    record_of,
    service_name,
    to_txt,
    unique_label,
    unique_server_name,
)
from messango.protocol.frames import RoomInfo
from messango.protocol.text.validation import normalized_name
from messango.storage import machine_name
from messango.transport.addresses import Address, is_ip, without_scope

#: Each update is three multicasts, and Wi-Fi sends each multicast at its lowest rate.
UPDATE_EVERY_S: Final = 1.0
#: Responders answer within 120 ms, and the query itself is delayed by as much (RFC 6762, section 6). Later
#: answers are still seen while zeroconf probes.
_LISTEN_FIRST_S: Final = 0.25
_RETRY_S: Final = (1.0, 2.0, 5.0, 15.0)
#: After this many forced changes of name somebody is playing tricks, and the room keeps its next name.
_MAX_NAME_CHANGES: Final = 10


class Advertiser:
    """Advertises one room from a thread of its own.

    The callbacks run in that thread and must not block. `on_renamed(name)` gives the name under which the
    room is announced if another room has its own name already. `on_failure(reason)` says in a sentence why
    nobody can see the room, once for each reason; the advertiser keeps trying. `on_duplicate(address)` is
    called once for each other server that has proved to have our certificate. `on_echo(change)` says that
    announcements do not even come back to this computer, once for each interface, and when they do again.
    """

    def __init__(
        self,
        room_info: RoomInfo,
        *,
        port: int,
        fingerprint: str,
        addresses: Sequence[str] | None,
        on_renamed: Callable[[str], None],
        on_failure: Callable[[str], None],
        on_duplicate: Callable[[Address], None],
        on_echo: Callable[[EchoChange], None] = lambda _change: None,
    ) -> None:
        self._port = port
        self._fingerprint = fingerprint
        self._addresses = (
            None if addresses is None else [without_scope(text) for text in addresses if is_ip(text)]
        )
        self._on_renamed = on_renamed
        self._on_failure = on_failure
        self._server_name = unique_server_name(room_info.id)
        self._duplicates = DuplicateFinder(
            Ours(room_info.id, fingerprint, port, self._server_name), on_duplicate
        )
        self._echo = AnnouncementEcho(self._server_name, self._announced_on, on_echo)
        self._host = machine_name()
        self._lock = threading.Lock()  # guards _room_info, which any thread sets
        self._room_info = room_info
        self._preferred_name = room_info.name  # the name that the host chose, without a number
        self._listed_as = ""
        self._lost_labels: list[str] = []  # labels that we left to other rooms
        self._changed = asyncio.Event()
        self._last_failure = ""
        self._announcing: asyncio.Future[None] | None = None
        self._thread = LoopThread("messango-advertise", self._run)

    def start(self) -> None:
        """Start; returns at once. Others see the room about 1.5 s later."""
        self._thread.start()

    def update(self, room_info: RoomInfo) -> None:
        """Announce this from now on. Any thread; never blocks; the last of several within a second counts."""
        with self._lock:
            self._room_info = room_info
        self._thread.call_soon(self._changed.set)

    def close(self) -> None:
        """Withdraw the room and stop, within about a second. Calling it twice is harmless."""
        self._thread.stop(1.0)

    # In the thread of the advertiser.

    async def _run(self) -> None:
        attempt = 0
        while True:
            try:
                await self._advertise()
                attempt = 0
            except MDNS_ERRORS as error:
                self._report_failure(error)
                await asyncio.sleep(_RETRY_S[min(attempt, len(_RETRY_S) - 1)])
                attempt += 1

    async def _advertise(self) -> None:
        """Advertise until the room has another name or mDNS must be set up again."""
        network = current_network(self._interfaces())
        async with (
            network.zeroconf_session() as zeroconf,
            self._duplicates.watch(zeroconf.zeroconf),
            self._echo.watch(),
        ):
            try:
                room_info = self._current_room_info()
                info = await self._register(zeroconf, room_info)
                label = label_of(info.name)
                self._report_network_state(network)
                if normalized_name(label) != normalized_name(instance_label(room_info.name)):
                    self._listed_as = display_name(label)
                    self._on_renamed(self._listed_as)
                claim = NameClaim(
                    zeroconf.zeroconf, info, may_yield=len(self._lost_labels) < _MAX_NAME_CHANGES
                )
                await wait_first(
                    claim.watch_and_defend(), self._keep_current(zeroconf, network, room_info, info)
                )
                if claim.lost:
                    self._lost_labels.append(label)
                    claim.withdraw()
            finally:
                if self._announcing is not None:
                    # An announcement after the goodbye would list a room that is gone.
                    self._announcing.cancel()

    async def _register(self, zeroconf: AsyncZeroconf, room_info: RoomInfo) -> AsyncServiceInfo:
        """Find a label that no other room has, ignoring case, and announce the room under it."""
        taken = set(self._lost_labels)
        if room_info.name != self._listed_as:
            self._preferred_name = room_info.name

        def on_service_change(
            zeroconf: Zeroconf,  # noqa: ARG001 (given by keyword)
            service_type: str,  # noqa: ARG001 (given by keyword)
            name: str,
            state_change: ServiceStateChange,
        ) -> None:
            if state_change is ServiceStateChange.Added:
                taken.add(label_of(name))

        browser = AsyncServiceBrowser(
            zeroconf.zeroconf, SERVICE_TYPE, handlers=[on_service_change], question_type=DNSQuestionType.QM
        )
        try:
            await asyncio.sleep(_LISTEN_FIRST_S)
            while True:
                label = self._available_label(room_info.name, taken)
                info = self._service_info(room_info, label)
                with contextlib.suppress(NonUniqueNameException):
                    await zeroconf.zeroconf.async_check_service(info, allow_name_change=False)
                    if self._available_label(room_info.name, taken) == label:
                        break
                taken.add(label)
        finally:
            await browser.async_cancel()
        # We probed above, because zeroconf does not ignore case. The announcements go on in the background.
        announcing = await zeroconf.async_register_service(info, cooperating_responders=True)
        self._announcing = asyncio.ensure_future(announcing)
        self._echo.announced()
        return info

    def _available_label(self, name: str, taken: set[str]) -> str:
        """Return the label of this name, or if that is taken, the preferred name with a number."""
        label = instance_label(name)
        return label if unique_label(name, taken) == label else unique_label(self._preferred_name, taken)

    async def _keep_current(
        self, zeroconf: AsyncZeroconf, network: MdnsNetwork, room_info: RoomInfo, announced: AsyncServiceInfo
    ) -> None:
        registered_name, label = room_info.name, label_of(announced.name)
        while True:
            await wait_for_event(self._changed, CHECK_NETWORK_EVERY_S)
            self._changed.clear()
            before, network = network, await stable_network(network, self._interfaces())
            if not network.available or network.ip_version != before.ip_version:
                return
            room_info = self._current_room_info()
            if room_info.name != registered_name and normalized_name(
                instance_label(room_info.name)
            ) != normalized_name(label):
                return
            info = self._service_info(room_info, label)
            changed = (info.text, info.parsed_addresses()) != (announced.text, announced.parsed_addresses())
            if changed:
                announced = info
                self._announcing = asyncio.ensure_future(await zeroconf.async_update_service(info))
            if network != before:
                # After the update, because this announces the room on new interfaces.
                await zeroconf.async_update_interfaces(network.zeroconf_interfaces)
                self._report_network_state(network)
            if changed:
                self._echo.announced()
                await asyncio.sleep(UPDATE_EVERY_S)

    def _service_info(self, room_info: RoomInfo, label: str) -> AsyncServiceInfo:
        addresses = advertised_addresses(None) if self._addresses is None else self._addresses
        if not addresses:
            raise NoNetwork(
                "This computer has no address to announce.", "Run `messango doctor` to see its addresses."
            )
        return AsyncServiceInfo(
            SERVICE_TYPE,
            service_name(label),
            port=self._port,
            properties=to_txt(record_of(room_info, self._fingerprint, self._host)),
            server=self._server_name,
            parsed_addresses=sorted(addresses),
        )

    def _interfaces(self) -> list[str] | None:
        """Return the interfaces of the environment, otherwise those on which the room listens."""
        return configured_addresses() or self._addresses

    def _announced_on(self) -> list[Interface]:
        own, chosen = own_interfaces(), self._interfaces()
        return own if chosen is None else select_interfaces(own, chosen)

    def _current_room_info(self) -> RoomInfo:
        with self._lock:
            return self._room_info

    def _report_network_state(self, network: MdnsNetwork) -> None:
        if network.limitation is None:
            self._last_failure = ""
        else:
            self._report_failure(network.limitation)

    def _report_failure(self, error: BaseException) -> None:
        reason, hint = explain_error(error)
        sentence = f"{reason} {hint}".strip()
        if sentence != self._last_failure:
            self._last_failure = sentence
            self._on_failure(sentence)
