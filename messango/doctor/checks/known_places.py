"""Tries the places where known rooms were last: one that answers unheard shows that multicast is filtered."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Protocol

from messango.doctor.findings import Finding
from messango.doctor.recognizers.multicast import unheard
from messango.doctor.recognizers.own_echo import hears_itself
from messango.doctor.recognizers.recognize import look_around
from messango.errors import MessangoError
from messango.transport.addresses import Address
from messango.transport.dialing.probe import ProbeResult, probe
from messango.transport.networks.own_networks import OwnNetworks, own_networks

#: The rooms of the last visits; who has been in more of them goes on hearing the others.
_MAX_ROOMS: Final = 6


class KnownPlace(Protocol):
    """A room of an earlier visit, as `client.known_rooms.KnownRoom`."""

    @property
    def id(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def addresses(self) -> Sequence[Address]: ...


def answering(places: Sequence[KnownPlace], timeout_s: float) -> list[ProbeResult]:
    """Return what answers now with the certificate of a known room, at its last addresses."""
    wanted = [place for place in places[:_MAX_ROOMS] if place.addresses]
    if not wanted:
        return []
    with ThreadPoolExecutor(len(wanted), "messango-doctor-known") as pool:
        results = pool.map(functools.partial(_try, timeout_s=timeout_s), wanted)
        return [result for result in results if result is not None]


def unheard_rooms(answers: Sequence[ProbeResult], heard_ids: Collection[str]) -> Iterator[Finding]:
    """Yield why the first room that answered on our own networks is not among those that are heard."""
    networks = own_networks()
    for answer in answers:
        address = answer.address
        is_near = networks.network_of(address.host) is not None and not networks.is_own(address.host)
        if answer.room.id not in heard_ids and is_near:
            scene = look_around([address], heard=False, own=networks)
            yield unheard(scene, address, answer.room.name, hears_itself=is_echo_heard(networks, address))
            return


def is_echo_heard(own: OwnNetworks, address: Address) -> bool:
    """Return false if this computer does not hear itself on the network of an address; takes 0.3 s then."""
    source = own.source_of(address.host)
    return source is None or source.is_ipv6 or hears_itself(source.literal) is not False


def _try(place: KnownPlace, *, timeout_s: float) -> ProbeResult | None:
    try:
        return probe(place.addresses, fingerprint=place.fingerprint, timeout_s=timeout_s)
    except MessangoError:
        return None
