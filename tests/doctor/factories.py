"""Made-up interfaces and rooms for the checks."""

from __future__ import annotations

import ifaddr

from messango.discovery.events import FoundRoom, RoomStatus
from messango.discovery.interfaces import Interface, own_interfaces
from messango.doctor.findings import Finding, Severity
from messango.transport.addresses import Address


def interfaces(**addresses: str) -> list[Interface]:
    """Return interfaces by name, each with its addresses, separated by spaces."""
    adapters = []
    for index, (name, texts) in enumerate(addresses.items(), start=1):
        ips = [ifaddr.IP((text, 0, 0) if ":" in text else text, 24, name) for text in texts.split()]
        adapters.append(ifaddr.Adapter(name, name, ips, index=index))
    return own_interfaces(adapters)


def room(status: RoomStatus, *, name: str = "Office", ping_ms: float | None = None) -> FoundRoom:
    """Return a room on Ann's machine with this status."""
    return FoundRoom(
        key=f"{name}._messango._tcp.local.",
        id="5f2e",
        name=name,
        host="ann-laptop",
        addresses=(Address("192.168.1.20", 8003),),
        members=1,
        seats=5,
        locked=False,
        fingerprint="",
        version="1.0",
        protocol=7 if status is RoomStatus.OTHER_VERSION else 1,
        status=status,
        ping_ms=ping_ms,
    )


def severities(findings: list[Finding]) -> dict[str, Severity]:
    """Return the severity of each check; of several findings, the last."""
    return {finding.check: finding.severity for finding in findings}
