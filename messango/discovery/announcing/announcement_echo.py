"""Notices that our announcements do not come back to this computer, as multicast does: something blocks it.

A socket listens beside zeroconf's for a moment after each announcement, because zeroconf does not tell by
which interface a packet came. It stays only while something is wrong, to notice that it is over.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from messango.discovery.loop_thread import wait_for_event
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.mdns_socket import membership, open_mdns_socket

#: An announcement is repeated twice within half a second, and comes back within milliseconds.
HEARD_WITHIN_S: Final = 2.5

#: Linux lets a socket join twenty groups unless it is told otherwise.
_MAX_INTERFACES: Final = 8


@dataclass(frozen=True, slots=True)
class EchoChange:
    """Announcements on the interface `name` do not come back to its `address`, or (`heard`) do again."""

    name: str
    address: str
    heard: bool


class AnnouncementEcho:
    """Calls `on_change` when an interface of the LAN stops or starts to be heard. For one event loop.

    `interfaces` returns those on which the room is announced now; `server_name` is in each announcement.
    """

    def __init__(
        self,
        server_name: str,
        interfaces: Callable[[], Sequence[Interface]],
        on_change: Callable[[EchoChange], None],
        open_socket: Callable[[Iterable[str]], socket.socket] | None = None,
        heard_within_s: float = HEARD_WITHIN_S,
    ) -> None:
        self._label = server_name.partition(".")[0].encode()
        self._interfaces = interfaces
        self._on_change = on_change
        self._open_socket = open_socket or open_multicast_socket
        self._heard_within_s = heard_within_s
        self._announced = asyncio.Event()
        #: The addresses of the interfaces that were reported, by their names.
        self._unheard: dict[str, str] = {}

    def announced(self) -> None:
        """Listen for an announcement that is being sent."""
        self._announced.set()

    @contextlib.asynccontextmanager
    async def watch(self) -> AsyncIterator[None]:
        """Listen during the block, after each call of `announced`."""
        task = asyncio.ensure_future(self._run())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            await self._announced.wait()
            self._announced.clear()
            expected = expected_interfaces(self._interfaces())
            with contextlib.suppress(OSError):  # Then zeroconf has the same trouble, and reports it.
                await self._listen(expected)

    async def _listen(self, expected: Mapping[str, str]) -> None:
        """Listen until all of `expected`, names by address, are heard, or the next announcement."""
        addresses = {name: address for address, name in reversed([*expected.items()])}
        for gone in self._unheard.keys() - addresses.keys():
            del self._unheard[gone]
        if not expected:
            return
        receiver = _Receiver(self._label, expected)
        loop = asyncio.get_running_loop()
        sock = self._open_socket(expected)
        try:
            transport, _ = await loop.create_datagram_endpoint(lambda: receiver, sock=sock)
        except BaseException:
            sock.close()
            raise
        try:
            deadline_s = loop.time() + self._heard_within_s
            while (missing := addresses.keys() - receiver.heard) and (left_s := deadline_s - loop.time()) > 0:
                await wait_for_event(receiver.changed, left_s)
                receiver.changed.clear()
            # Nothing comes back to an address that this computer has lost meanwhile.
            present = expected_interfaces(self._interfaces())
            self._report({name: addresses[name] for name in missing if addresses[name] in present})
            while self._unheard and not self._announced.is_set():
                await self._wait_for_either(receiver.changed)
                receiver.changed.clear()
                self._report({name: self._unheard[name] for name in self._unheard.keys() - receiver.heard})
        finally:
            transport.close()

    async def _wait_for_either(self, changed: asyncio.Event) -> None:
        waiters = [asyncio.ensure_future(event.wait()) for event in (changed, self._announced)]
        try:
            await asyncio.wait(waiters, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in waiters:
                waiter.cancel()

    def _report(self, unheard: dict[str, str]) -> None:
        before, self._unheard = self._unheard, unheard
        for name, address in before.items():
            if name not in unheard:
                self._on_change(EchoChange(name, address, heard=True))
        for name, address in unheard.items():
            if name not in before:
                self._on_change(EchoChange(name, address, heard=False))


class _Receiver(asyncio.DatagramProtocol):
    """Collects the interfaces whose own announcements come in."""

    def __init__(self, label: bytes, expected: Mapping[str, str]) -> None:
        self.heard: set[str] = set()
        self.changed = asyncio.Event()
        self._label = label
        self._expected = expected

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        name = self._expected.get(address[0])
        if name is not None and name not in self.heard and self._label in data:
            self.heard.add(name)
            self.changed.set()


def expected_interfaces(interfaces: Iterable[Interface]) -> dict[str, str]:
    """Return where announcements have to come back, names by IPv4 address: on LANs that are plugged in."""
    chosen = [
        interface
        for interface in interfaces
        if interface.kind == "lan" and interface.has_carrier and not interface.is_ipv6
    ]
    names = [*dict.fromkeys(interface.name for interface in chosen)][:_MAX_INTERFACES]
    return {interface.literal: interface.name for interface in chosen if interface.name in names}


def open_multicast_socket(addresses: Iterable[str]) -> socket.socket:
    """Return a socket that hears mDNS on the interfaces with these IPv4 addresses; raises `OSError`."""
    with contextlib.ExitStack() as undo:
        sock = undo.enter_context(open_mdns_socket())
        for address in addresses:
            try:
                sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, membership(address))
            except OSError as error:
                # Two addresses of one interface are one membership. Without one, silence would mean nothing.
                if error.errno != errno.EADDRINUSE:
                    raise
        sock.setblocking(False)
        undo.pop_all()
    return sock
