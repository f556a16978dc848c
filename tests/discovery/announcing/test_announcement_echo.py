"""Whether the room's announcements come back, as multicast does, and what is said when they do not."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace

from messango.discovery.announcing.announcement_echo import (
    AnnouncementEcho,
    EchoChange,
    expected_interfaces,
    open_multicast_socket,
)
from messango.transport.networks.interfaces import Interface
from tests.support.networks import INTERFACES
from tests.support.raw_client import TIMEOUT_S

SERVER_NAME = "messango-1f1f-aa.local."
OURS = b"\x10messango-1f1f-aa\x05local"

#: Stand for interfaces of the LAN: packets really come from their addresses.
ETH0, ETH1 = (
    Interface(
        name,
        index,
        address,
        is_ipv6=False,
        is_loopback=False,
        is_link_local=False,
        kind="lan",
        prefix_length=24,
    )
    for index, (name, address) in enumerate([("eth0", "127.0.0.2"), ("eth1", "127.0.0.3")], start=1)
)
ETH0_LOST, ETH0_HEARD = (EchoChange("eth0", "127.0.0.2", heard=heard) for heard in (False, True))


class Network:
    """Sends packets to the socket with which the echo is listened for."""

    def __init__(self) -> None:
        self.interfaces = [ETH0]
        self.opened = asyncio.Event()
        self.changes: asyncio.Queue[EchoChange] = asyncio.Queue()
        self.sockets: list[socket.socket] = []
        self._port = 0

    def open_socket(self, addresses: Iterable[str]) -> socket.socket:
        """Return a socket like that of mDNS, without multicast."""
        assert [*addresses]
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.bind(("127.0.0.1", 0))
        sock.setblocking(False)
        self._port = sock.getsockname()[1]
        self.sockets.append(sock)
        self.opened.set()
        return sock

    def send(self, interface: Interface, data: bytes = OURS) -> None:
        """Send a packet from the address of an interface."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind((interface.literal, 0))
            sock.sendto(data, ("127.0.0.1", self._port))

    async def closed(self) -> None:
        """Wait until nobody listens any more."""
        while self.sockets[-1].fileno() != -1:
            await asyncio.sleep(0)

    async def next_change(self) -> EchoChange:
        """Return the next change."""
        return await asyncio.wait_for(self.changes.get(), TIMEOUT_S)

    async def next_socket(self) -> None:
        """Wait until somebody listens again."""
        await asyncio.wait_for(self.opened.wait(), TIMEOUT_S)
        self.opened.clear()


def run(test: Callable[[Network, AnnouncementEcho], Awaitable[None]], heard_within_s: float = 0.05) -> None:
    """Run a test while the echo is watched."""

    async def main() -> None:
        network = Network()
        echo = AnnouncementEcho(
            SERVER_NAME,
            lambda: network.interfaces,
            network.changes.put_nowait,
            network.open_socket,
            heard_within_s,
        )
        async with echo.watch():
            await test(network, echo)
        assert network.changes.empty()

    asyncio.run(main())


def test_silence_is_reported_once_and_its_end_once() -> None:
    """While it lasts, more announcements add nothing."""

    async def test(network: Network, echo: AnnouncementEcho) -> None:
        echo.announced()
        await network.next_socket()
        assert await network.next_change() == ETH0_LOST
        echo.announced()
        await network.next_socket()
        network.send(ETH0, b"another room's announcement")
        network.send(ETH1)
        network.send(ETH0)
        network.send(ETH0)
        assert await network.next_change() == ETH0_HEARD

    run(test)


def test_an_echo_is_no_news() -> None:
    """And the socket is closed at once, long before the time is up."""

    async def test(network: Network, echo: AnnouncementEcho) -> None:
        for _ in range(2):
            echo.announced()
            await network.next_socket()
            network.send(ETH0)
            await asyncio.wait_for(network.closed(), TIMEOUT_S)

    run(test, heard_within_s=TIMEOUT_S)


def test_each_interface_is_heard_for_itself() -> None:
    """One that works does not hide another."""

    async def test(network: Network, echo: AnnouncementEcho) -> None:
        network.interfaces = [ETH0, ETH1]
        echo.announced()
        await network.next_socket()
        network.send(ETH1)
        assert await network.next_change() == ETH0_LOST

    run(test, heard_within_s=0.5)


def test_an_interface_that_is_gone_is_not_waited_for() -> None:
    """It can't be heard again, and is no good news either."""

    async def test(network: Network, echo: AnnouncementEcho) -> None:
        echo.announced()
        assert await network.next_change() == ETH0_LOST
        network.interfaces = []
        echo.announced()
        network.opened.clear()
        await asyncio.sleep(0)
        network.interfaces = [ETH0]
        echo.announced()

    run(test)


def test_silence_at_a_lost_address_is_no_news() -> None:
    """This computer got another one while it listened, so nothing could come back."""

    async def test(network: Network, echo: AnnouncementEcho) -> None:
        echo.announced()
        await network.next_socket()
        network.interfaces = [replace(ETH0, address="127.0.0.4")]
        await asyncio.wait_for(network.closed(), TIMEOUT_S)

    run(test)


def test_without_a_socket_nothing_is_claimed() -> None:
    """Another program has the port for itself; that is reported elsewhere."""

    async def main() -> None:
        tried = asyncio.Event()

        def fail(_: Iterable[str]) -> socket.socket:
            tried.set()
            raise OSError("in use")

        changes: list[EchoChange] = []
        echo = AnnouncementEcho(SERVER_NAME, lambda: [ETH0], changes.append, fail, 0.0)
        async with echo.watch():
            for _ in range(2):
                echo.announced()
                await asyncio.wait_for(tried.wait(), TIMEOUT_S)
                tried.clear()
        assert changes == []

    asyncio.run(main())


def test_only_plugged_in_lans_are_expected_to_be_heard() -> None:
    """Not the loopback, a VPN, containers, a network without a cable, nor IPv6."""
    assert expected_interfaces(INTERFACES) == {"192.168.1.20": "eth0"}
    second = replace(ETH0, address="127.0.0.9")
    assert expected_interfaces([ETH0, second, ETH1]) == {
        "127.0.0.2": "eth0",
        "127.0.0.9": "eth0",
        "127.0.0.3": "eth1",
    }


def test_the_real_socket_shares_the_port() -> None:
    """With zeroconf's, which is there already; twice the same interface is no error."""
    with contextlib.closing(open_multicast_socket(["127.0.0.1"])) as first:
        assert first.getsockname()[1] == 5353
        open_multicast_socket(["127.0.0.1", "127.0.0.1"]).close()
