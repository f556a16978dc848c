"""To which addresses another server's list can make a client connect."""

from __future__ import annotations

import pytest

from messango.client.linked.listed_addresses import allowed_addresses
from messango.protocol.limits import MAX_SERVER_ADDRESSES
from messango.transport.addresses import Address
from tests.support.networks import NETWORKS

HERE = Address("192.168.1.7")


def allowed(text: str, here: Address = HERE) -> bool:
    """Return whether an address of a list that came over a connection to `here` is tried."""
    return bool(allowed_addresses([text], here, NETWORKS))


@pytest.mark.parametrize(
    "text",
    ["192.168.1.8:8000", "10.20.0.5:8001", "172.30.1.2:41000", "[fd00::5]:8000", "[2001:db8:1::9]:8000"],
)
def test_a_server_on_this_or_another_site_is_tried(text: str) -> None:
    """Linked rooms are there for people in different networks."""
    assert allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        *("127.0.0.1:8000", "[::1]:8000", "localhost:8000", "[::ffff:127.0.0.1]:8000"),  # ourselves
        *("192.168.1.20:8000", "10.8.0.2:9000"),  # our own addresses
        *("192.168.1.8:25", "10.20.0.5:22", "192.168.1.8:0", "192.168.1.8:70000"),  # other services
        *("hall.example:8000", "2130706433:8000", "0x7f.1:8000"),  # names, and what a system takes for one
        *("0.0.0.0:8000", "224.0.0.251:8000", "255.255.255.255:8000", "240.0.0.1:8000"),
        *("[fe80::5]:8000", "[fe80::5%eth0]:8000", "[ff02::1]:8000", "[2002:7f00:1::]:8000", "", "x"),
        *("8.8.8.8:8000", "[2606:4700::1111]:8000"),  # computers on the internet
    ],
)
def test_a_hostile_list_leads_nowhere_else(text: str) -> None:
    """Not to ourselves, not to other services, not to the internet, and to no name."""
    assert not allowed(text)


def test_where_our_connection_is_others_may_be_too() -> None:
    """On one computer all servers are on loopback, and a campus with public addresses has public ones."""
    assert allowed("127.0.0.1:9000", Address("127.0.0.1", 8000))
    assert allowed("192.168.1.20:9000", Address("127.0.0.1", 8000))
    assert allowed("192.168.1.20:9000", Address("192.168.1.20", 8000))
    assert not allowed("127.0.0.1:9000", Address("192.168.1.20", 8000))
    assert allowed("8.8.8.8:8000", Address("9.9.9.9", 8000))
    assert not allowed("8.8.8.8:8000", Address("room.example", 8000))
    assert allowed("192.168.1.8:443", Address("192.168.1.7", 443))


def test_the_first_few_are_tried_each_once() -> None:
    """However long the list is."""
    texts = ["192.168.1.9:8000", "192.168.1.9:8000", *(f"192.168.1.{n}:8000" for n in range(30, 90))]
    found = allowed_addresses(texts, HERE, NETWORKS)
    assert len(found) == len(set(found)) == MAX_SERVER_ADDRESSES
    assert found[:2] == [Address("192.168.1.9"), Address("192.168.1.30")]
