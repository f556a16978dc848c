"""The step that says by which own network a room is reached."""

from __future__ import annotations

import pytest

from messango.doctor.findings import Severity
from messango.doctor.way.room_steps import network_step
from messango.transport.addresses import Address
from tests.doctor.factories import own

NETWORKS = own(
    "eth0 192.168.1.7/24", "tun0 10.8.0.2/24", via={"10.9.0.1": "10.8.0.2", "172.20.0.1": "192.168.1.7"}
)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("192.168.1.20", "own network: eth0 (192.168.1.7)"),
        ("192.168.1.7", "an address of this computer"),
        ("10.9.0.1", "leave by the VPN tun0"),
        ("172.20.0.1", "leave by eth0 (192.168.1.7) to a router"),
    ],
)
def test_the_way_of_packets(host: str, words: str) -> None:
    """By the own subnet, a VPN or a router."""
    step = network_step(NETWORKS, Address(host))
    assert step.severity is Severity.OK
    assert words in step.message


def test_no_way() -> None:
    """What is wrong is said where the connection fails."""
    assert network_step(NETWORKS, Address("203.0.113.9")).severity is Severity.NOTE


def test_a_self_made_address_is_told() -> None:
    """Two computers that gave themselves one reach each other."""
    step = network_step(own("eth0 169.254.1.1/16"), Address("169.254.7.9"))
    assert "gave itself" in step.message
