"""A hosted room: a server, and the advertiser that announces it on the network."""

from __future__ import annotations

import contextlib
import functools
import queue
from collections.abc import Sequence
from types import TracebackType
from typing import TYPE_CHECKING

from messango.app.address_watch import AddressWatch
from messango.app.self_checks import heard_notice, reachable_notice, unheard_warning, unreachable_warning
from messango.discovery.interfaces import ANY_HOST, advertised_addresses, listening_addresses
from messango.protocol.text.plain_names import quoted_name
from messango.room.host.host_events import (
    AddressesChanged,
    RoomEvent,
    RoomRenamed,
    ServerNotice,
    ServerWarning,
)
from messango.server.reachability.reachability import ReachChange
from messango.server.server import Server
from messango.server.server_options import ServerOptions
from messango.transport.addresses import Address, Invite, is_ip
from messango.transport.dialing.probe import probe

if TYPE_CHECKING:  # Slow to import, so the room opens first.
    from messango.discovery.announcing.advertise import Advertiser
    from messango.discovery.announcing.announcement_echo import EchoChange


class HostedRoom:
    """Owns a server and its advertiser; a context manager. Call `open` and `close` from one thread."""

    def __init__(self, options: ServerOptions, *, advertise: bool = True) -> None:
        self.server = Server(options)
        self.server.listed_addresses = self._numeric_addresses
        self.server.on_reach_changed = self._on_reach_changed
        self._options = options
        self._advertise = advertise
        self._own_name = ""
        #: What lists call this server of a linked room; only for the advertiser's thread.
        self._listed_name = ""
        self._advertiser: Advertiser | None = None
        self._resources = contextlib.ExitStack()

    @property
    def addresses(self) -> list[Address]:
        """The addresses that others on the network can join by, best first."""
        return listening_addresses(self._options.host, self.server.port)

    def _numeric_addresses(self) -> list[Address]:
        """Return the same as IP addresses; to look up a name that the host chose may take a while."""
        host, port = self._options.host, self.server.port
        if host in ANY_HOST or is_ip(host):
            return self.addresses
        return [Address(text, port) for text in advertised_addresses(host)]

    def open(self) -> None:
        """Open the room, then advertise it in the background; raises what `Server.open` raises."""
        self.server.open()
        self._resources.callback(self.server.close)
        if self._advertise:
            self._start_advertising()
        if self._watches_addresses:
            watch = AddressWatch(
                self._options.host,
                self.server.port,
                self._on_addresses_changed,
                self._advertiser.check_network if self._advertiser else lambda: None,
            )
            watch.start()
            self._resources.callback(watch.close)

    @property
    def _watches_addresses(self) -> bool:
        """Whether the room is open on every network, those of tomorrow included."""
        return self._options.host in ANY_HOST

    def _start_advertising(self) -> None:
        # Imported after the room is open, because zeroconf and asyncio are slow to load.
        from messango.discovery.announcing.advertise import Advertiser
        from messango.discovery.mdns import CHECK_NETWORK_EVERY_S

        room_info = self.server.room_info()
        self._own_name = room_info.name
        self._advertiser = advertiser = Advertiser(
            room_info,
            port=self.server.port,
            fingerprint=self.server.fingerprint,
            addresses=self._advertised_addresses(),
            on_renamed=self._on_name_changed,
            on_failure=self._on_advertising_failed,
            on_duplicate=self._on_duplicate,
            on_echo=self._on_echo,
            # The watch of the addresses says when: two that look every few seconds would only cost power.
            check_network_every_s=None if self._watches_addresses else CHECK_NETWORK_EVERY_S,
            probe=functools.partial(probe, session=self.server.own_token),
        )
        self.server.on_info_changed = advertiser.update
        advertiser.start()
        # Closed before the server, so that nobody picks a room that is about to close.
        self._resources.callback(advertiser.close)

    def _advertised_addresses(self) -> list[str] | None:
        """Return the address that the host chose, or None for all addresses, new ones included."""
        host = self._options.host
        return None if host in ANY_HOST else advertised_addresses(host)

    def opening_warnings(self) -> list[str]:
        """Take the events so far, for a host who does not watch them; return the warnings among them."""
        events: list[RoomEvent] = []
        with contextlib.suppress(queue.Empty):
            while True:
                events.append(self.server.events.get_nowait())
        return [event.reason for event in events if isinstance(event, ServerWarning)]

    def close(self) -> None:
        """Stop announcing the room, then close it. Twice is harmless."""
        self._resources.close()

    def __enter__(self) -> HostedRoom:
        self.open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # In the thread of the watch.

    def _on_addresses_changed(self, addresses: Sequence[Address]) -> None:
        """Tell the host where the room is now."""
        invite = str(Invite(addresses[0], self.server.fingerprint)) if addresses else ""
        self.server.addresses_changed()
        self.server.notify_host(AddressesChanged(tuple(map(str, addresses)), invite))

    # In a thread of the server.

    def _on_reach_changed(self, change: ReachChange) -> None:
        event = (
            ServerNotice(reachable_notice(change))
            if change.ok
            else ServerWarning(unreachable_warning(change))
        )
        self.server.notify_host(event)

    # These run in the advertiser's thread.

    def _on_name_changed(self, name: str) -> None:
        if self.server.room_info().link:
            self._note_listed_name(name)
            return
        recovered = name == self._own_name
        self.server.rename_room(name, renamed_notice(name, recovered=recovered))
        self.server.notify_host(RoomRenamed(name, recovered=recovered))

    def _note_listed_name(self, name: str) -> None:
        """Tell the host what lists call this server of a linked room: the room has one name everywhere."""
        if name != self._listed_name:
            self._listed_name = name
            self.server.notify_host(RoomRenamed(name, linked=True))

    def _on_advertising_failed(self, reason: str) -> None:
        self.server.notify_host(ServerWarning(f"{reason} The room is open; others can join by its address."))

    def _on_echo(self, change: EchoChange) -> None:
        event = ServerNotice(heard_notice(change)) if change.heard else ServerWarning(unheard_warning(change))
        self.server.notify_host(event)

    def _on_duplicate(self, address: Address) -> None:
        self.server.notify_host(ServerWarning(duplicate_warning(address)))


def renamed_notice(name: str, *, recovered: bool) -> str:
    """Return what the members should know of a new name that the host did not choose."""
    if recovered:
        return f"This room is called {quoted_name(name)} again: no other room has that name any more."
    return f"This room is now called {quoted_name(name)}: another room on this network has its name."


def duplicate_warning(address: Address) -> str:
    """Return what the host of a copied folder should know; the host of the other copy reads the same."""
    return (
        f"Another server, at {address}, has the same identity as this one: Messango's folder was copied, "
        "perhaps with the whole computer. People who want to join one may come into the other. On the copy, "
        "close the room and open it again with `messango server --identity new`."
    )
