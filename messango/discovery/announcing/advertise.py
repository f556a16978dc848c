"""Announces a room on the local network, keeps the announcement current, and withdraws it at the end."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Final

from zeroconf import DNSQuestionType, NonUniqueNameException, ServiceStateChange, Zeroconf
from zeroconf.asyncio import AsyncServiceBrowser, AsyncServiceInfo, AsyncZeroconf

from messango.discovery.announcing.announcement_echo import AnnouncementEcho, EchoChange
from messango.discovery.announcing.duplicate import DuplicateFinder, Ours
from messango.discovery.announcing.name_conflict import NameClaim
from messango.discovery.announcing.name_recovery import NameRecovery, check_every_s
from messango.discovery.announcing.rival import RivalCheck, has_label
from messango.discovery.interfaces import advertised_addresses, configured_addresses, select_interfaces
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
from messango.discovery.model.txt_record import (
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
from messango.discovery.probe_pool import Probe
from messango.protocol.frames import RoomInfo
from messango.storage import machine_name
from messango.transport.addresses import Address, is_ip, without_scope
from messango.transport.dialing.probe import probe
from messango.transport.networks.interfaces import Interface, own_interfaces

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
    `probe` asks other servers that claim our name or our certificate; one that answers that it knows the
    session asked for is ourselves.
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
        probe: Probe = probe,
        on_echo: Callable[[EchoChange], None] = lambda _change: None,
        check_network_every_s: float | None = CHECK_NETWORK_EVERY_S,
    ) -> None:
        self._port = port
        self._fingerprint = fingerprint
        self._addresses = (
            None if addresses is None else [without_scope(text) for text in addresses if is_ip(text)]
        )
        self._on_renamed = on_renamed
        self._on_failure = on_failure
        self._server_name = unique_server_name(room_info.id)
        self._ours = Ours(room_info.id, fingerprint, port, self._server_name)
        self._probe = probe
        self._duplicates = DuplicateFinder(self._ours, on_duplicate, probe)
        self._echo = AnnouncementEcho(self._server_name, self._announced_on, on_echo)
        self._check_network_every_s = check_network_every_s
        self._host = machine_name()
        self._lock = threading.Lock()  # guards _room_info, which any thread sets
        self._room_info = room_info
        self._preferred_name = room_info.name  # the name that the host chose, without a number
        self._listed_as = ""
        self._given_names: set[str] = set()  # names with a number that the host did not choose
        self._lost_labels: list[str] = []  # labels that we left to other rooms
        self._losses = 0
        self._recovered = False  # whether the preferred name has become free
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

    def check_network(self) -> None:
        """Announce the room on the networks of now. Any thread; never blocks."""
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
            rivals = RivalCheck(self._ours, self._probe)
            try:
                room_info = self._current_room_info()
                info = await self._register(zeroconf, room_info)
                label = label_of(info.name)
                self._report_network_state(network)
                self._take_name(label, room_info)
                claim = NameClaim(zeroconf.zeroconf, info, rivals, may_yield=self._losses < _MAX_NAME_CHANGES)
                await wait_first(
                    claim.watch_and_defend(),
                    self._keep_current(zeroconf, network, room_info, info),
                    self._recover_name(zeroconf.zeroconf, label, rivals),
                )
                if claim.lost:
                    self._lost_labels.append(label)
                    self._losses += 1
                    claim.withdraw()
            finally:
                rivals.close()
                if self._announcing is not None:
                    # An announcement after the goodbye would list a room that is gone.
                    self._announcing.cancel()

    def _take_name(self, label: str, room_info: RoomInfo) -> None:
        """Call the room as it is announced."""
        if has_label(room_info.name, label):
            return
        is_preferred = has_label(self._preferred_name, label)
        self._listed_as = self._preferred_name if is_preferred else display_name(label)
        if not is_preferred:
            self._given_names.add(self._listed_as)
        self._on_renamed(self._listed_as)

    async def _recover_name(self, zeroconf: Zeroconf, label: str, rivals: RivalCheck) -> None:
        """If the room has a number, wait until the name that the host chose is free again."""
        if has_label(self._preferred_name, label) or self._losses >= _MAX_NAME_CHANGES:
            await asyncio.get_running_loop().create_future()
        preferred = instance_label(self._preferred_name)
        recovery = NameRecovery(zeroconf, preferred, self._server_name, rivals)
        await recovery.wait_until_free(check_every_s(self._losses))
        self._recovered = True

    async def _register(self, zeroconf: AsyncZeroconf, room_info: RoomInfo) -> AsyncServiceInfo:
        """Find a label that no other room has, ignoring case, and announce the room under it."""
        if room_info.name != self._listed_as and room_info.name not in self._given_names:
            self._preferred_name = room_info.name
        if self._recovered:
            self._recovered = False
            return await self._announce(zeroconf, self._recovered_info(room_info))
        taken = set(self._lost_labels)

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
                label = self._available_label(room_info, taken)
                info = self._service_info(room_info, label)
                with contextlib.suppress(NonUniqueNameException):
                    await zeroconf.zeroconf.async_check_service(info, allow_name_change=False)
                    if self._available_label(room_info, taken) == label:
                        break
                taken.add(label)
        finally:
            await browser.async_cancel()
        # We probed above, because zeroconf does not ignore case.
        return await self._announce(zeroconf, info)

    def _recovered_info(self, room_info: RoomInfo) -> AsyncServiceInfo:
        """Return the service with the preferred name. It was found free; who claims it now has no room."""
        label = instance_label(self._preferred_name)
        self._lost_labels = [lost for lost in self._lost_labels if not has_label(lost, label)]
        return self._service_info(room_info, label)

    async def _announce(self, zeroconf: AsyncZeroconf, info: AsyncServiceInfo) -> AsyncServiceInfo:
        """Announce the room; the announcements go on in the background."""
        announcing = await zeroconf.async_register_service(info, cooperating_responders=True)
        self._announcing = asyncio.ensure_future(announcing)
        self._echo.announced()
        return info

    def _available_label(self, room_info: RoomInfo, taken: set[str]) -> str:
        """Return the label of the room's name, or if that is taken, of the preferred name with a number."""
        label = instance_label(room_info.name)
        if unique_label(room_info.name, taken) == label:
            return label
        return unique_label(self._preferred_name, taken, self._host if room_info.link else "")

    async def _keep_current(
        self, zeroconf: AsyncZeroconf, network: MdnsNetwork, room_info: RoomInfo, announced: AsyncServiceInfo
    ) -> None:
        registered_name, label = room_info.name, label_of(announced.name)
        while True:
            await wait_for_event(self._changed, self._check_network_every_s)
            self._changed.clear()
            before, network = network, await stable_network(network, self._interfaces())
            if not network.available or network.ip_version != before.ip_version:
                return
            room_info = self._current_room_info()
            if room_info.name != registered_name and not has_label(room_info.name, label):
                return
            info = self._service_info(room_info, label)
            changed = (info.text, info.parsed_addresses()) != (announced.text, announced.parsed_addresses())
            if changed:
                announced = info
                self._announcing = asyncio.ensure_future(await zeroconf.async_update_service(info))
                # Before the next step, which takes as long as its announcements by the new addresses.
                self._echo.announced()
            if network != before:
                # After the update, because this announces the room on new interfaces.
                await zeroconf.async_update_interfaces(network.zeroconf_interfaces)
                self._report_network_state(network)
            if changed:
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
            parsed_addresses=addresses,
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
