"""Made-up interfaces, networks, rulesets and rooms for the checks."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

import ifaddr

from messango.discovery.model.events import FoundRoom, RoomStatus
from messango.doctor.findings import Finding, Severity
from messango.doctor.firewall.packet_filter import Ruleset
from messango.doctor.recognizers.scene import HostFacts, Scene
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.networks.interfaces import Interface, own_interfaces
from messango.transport.networks.own_networks import OwnNetworks


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


def own(*texts: str, via: Mapping[str, str] | None = None, carrier: bool = True) -> OwnNetworks:
    """Return own networks written as `eth0 192.168.2.7/24`; `via` says by which own address each is reached.

    Other addresses are reached by the first own subnet that holds them.
    """
    adapters = []
    for index, text in enumerate(texts, start=1):
        name, _, address = text.partition(" ")
        literal, _, prefix = address.partition("/")
        ip = (literal, 0, 0) if ":" in literal else literal
        adapters.append(ifaddr.Adapter(name, name, [ifaddr.IP(ip, int(prefix), name)], index=index))
    found = tuple(
        dataclasses.replace(interface, has_carrier=carrier) for interface in own_interfaces(adapters)
    )

    def find_source(host: str) -> str:
        holding = (interface.literal for interface in found if interface.holds(host))
        return (via or {}).get(host) or next(holding, "")

    return OwnNetworks(found, find_source)


def scene(
    networks: OwnNetworks,
    room_host: str = "",
    kind: FailureKind | None = None,
    *,
    heard: bool | None = None,
    facts: HostFacts | None = None,
    ruleset: str = "",
) -> Scene:
    """Return what is seen on Linux if the room at port 8000 of a host meets this kind of failure."""
    address = Address(room_host)
    return Scene(
        networks,
        (address,) if room_host else (),
        (DialAttempt(address, kind, 4.0),) if kind else (),
        heard,
        facts or HostFacts(),
        "linux",
        Ruleset.parse(ruleset) if ruleset else None,
    )


def ruleset(*rules: Any, policy: str = "accept", hook: str = "input", family: str = "inet") -> str:
    """Return a ruleset as `nft -j` prints it: the table `filter`, one chain named like its hook."""
    base = {"family": family, "table": "filter", "name": hook}
    chain = {**base, "type": "filter", "hook": hook, "prio": 0, "policy": policy}
    rows = [{"rule": {"family": family, "table": "filter", "chain": hook, "expr": rule}} for rule in rules]
    return json.dumps({"nftables": [{"metainfo": {}}, {"chain": chain}, *rows]})


def match(protocol: str, field: str, right: Any, op: str = "==") -> dict[str, Any]:
    """Return an expression of nftables that compares a field of a packet."""
    left = {"payload": {"protocol": protocol, "field": field}}
    return {"match": {"op": op, "left": left, "right": right}}


def text_of(finding: Finding | None) -> str:
    """Return what a finding says and advises; there has to be one."""
    assert finding is not None
    return f"{finding.message} {finding.remedy}"
