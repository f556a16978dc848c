"""Names the reason why no room is found or reached, from what can be seen; waits no longer than a moment."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from messango.discovery.interfaces import configured_addresses, select_interfaces
from messango.doctor.checks.network import limited
from messango.doctor.findings import Finding, Severity
from messango.doctor.recognizers.addressing import (
    dead_router,
    narrow_netmask,
    no_network,
    only_ipv6,
    own_address,
    self_assigned,
    wrong_netmask,
    wrong_subnet,
)
from messango.doctor.recognizers.host_facts import read_facts
from messango.doctor.recognizers.host_state import (
    alone,
    host_drops,
    inside_a_nat,
    isolated,
    large_packets_lost,
)
from messango.doctor.recognizers.own_echo import hears_itself
from messango.doctor.recognizers.own_filter import own_filter_drops, own_mdns_blocked, read_ruleset
from messango.doctor.recognizers.scene import UNANSWERED, Scene
from messango.doctor.recognizers.wrong_route import (
    doubled_subnet,
    two_interfaces,
    vpn_takes_all,
    vpn_takes_lan,
    vpn_takes_neighbors,
)
from messango.errors import BadAddress
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt, FailureKind
from messango.transport.networks.interfaces import Interface
from messango.transport.networks.own_networks import OwnNetworks, own_networks

Recognizer = Callable[[Scene], "Finding | None"]

#: For a room that was tried, the most certain first.
_WAY_TO_ROOM: Final[tuple[Recognizer, ...]] = (
    no_network,
    self_assigned,
    vpn_takes_lan,
    large_packets_lost,
    wrong_netmask,
    only_ipv6,
    dead_router,
    wrong_subnet,
    two_interfaces,
    own_filter_drops,
    host_drops,
    isolated,
    inside_a_nat,
)

#: For a search that found nothing.
_WHOLE_NETWORK: Final[tuple[Recognizer, ...]] = (
    no_network,
    limited,
    own_filter_drops,
    own_mdns_blocked,
    inside_a_nat,
    self_assigned,
    narrow_netmask,
    only_ipv6,
    vpn_takes_all,
    alone,
)

#: For the doctor without a room: `check_interfaces` and `check_tunnels` report the others.
_OWN_ADDRESSES: Final[tuple[Recognizer, ...]] = (
    narrow_netmask,
    vpn_takes_neighbors,
    doubled_subnet,
    inside_a_nat,
    alone,
)

#: Kinds of failure that say themselves what is wrong, whatever the network looks like.
_TOLD_BY_PEER: Final = frozenset(FailureKind) - UNANSWERED - {FailureKind.STALLED}


def recognize(scene: Scene) -> Finding | None:
    """Return the reason, or None if nothing that can be seen explains it."""
    if finding := own_address(scene):
        return finding
    if any(attempt.kind in _TOLD_BY_PEER for attempt in scene.attempts):
        return own_filter_drops(scene) or two_interfaces(scene)
    recognizers = _WAY_TO_ROOM if scene.rooms else _WHOLE_NETWORK
    return next((finding for recognizer in recognizers if (finding := recognizer(scene))), None)


def check_addresses(interfaces: Sequence[Interface]) -> Iterator[Finding]:
    """Report what is wrong with this computer's addresses, whatever room is meant, and who is around."""
    scene = look_around(own=OwnNetworks(tuple(interfaces)))
    for recognizer in _OWN_ADDRESSES:
        if finding := recognizer(scene):
            is_usual = recognizer is alone
            yield dataclasses.replace(finding, severity=Severity.NOTE) if is_usual else finding


def look_around(
    rooms: Sequence[Address] = (),
    attempts: Sequence[DialAttempt] = (),
    *,
    heard: bool | None = None,
    own: OwnNetworks | None = None,
    listen: bool = False,
) -> Scene:
    """Return what can be seen now; asks the router whether it answers, at most 0.3 s.

    With `listen`, also whether this computer hears itself by mDNS, at most 0.3 s more.
    """
    networks = own or own_networks()
    limit = _limit()
    usable = select_interfaces(networks.interfaces, limit) if limit else networks.interfaces
    ask_router = not attempts or any(attempt.kind in UNANSWERED for attempt in attempts)
    return Scene(
        networks,
        tuple(rooms) or tuple(attempt.address for attempt in attempts),
        tuple(attempts),
        heard,
        read_facts(usable, ask_router=ask_router),
        ruleset=read_ruleset(),
        deaf=_deaf(usable) if listen else None,
        limit=tuple(limit),
    )


def _deaf(interfaces: Sequence[Interface]) -> Interface | None:
    """Return the LAN address on which rooms are looked for first, if this computer does not hear itself."""
    lan = (own for own in interfaces if own.kind == "lan" and own.has_carrier and not own.is_ipv6)
    first = next(lan, None)
    return first if first is not None and hears_itself(first.literal) is False else None


def _limit() -> Sequence[str]:
    """Return the own addresses to which a person has limited Messango, or none."""
    try:
        return configured_addresses() or ()
    except BadAddress:
        return ()
