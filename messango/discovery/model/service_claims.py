"""Who claims which service name. Has no network and no clock.

A name in mDNS should belong to one host. It may still be claimed by several: two networks were joined, two
rooms opened at the same moment, or somebody forges records. A cache keeps only the latest of them (RFC 6762,
section 10.2), so one host would hide the other. Here each claim is kept by what was announced together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from messango.discovery.model.txt_record import RoomRecord, from_txt

#: More than honest hosts ever need; a forger may claim any number.
MAX_CLAIMS_OF_A_NAME: Final = 20
MAX_NAMES: Final = 1_000

_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Claim:
    """One host's claim to a service name: its host name in mDNS, its port and its TXT record."""

    name: str
    server: str
    port: int
    record: RoomRecord

    @property
    def key(self) -> str:
        """What tells the claims of all names apart; a new number of members is the same claim."""
        return claim_key(self.name, self.server, self.port, self.record)


def claim_key(name: str, server: str, port: int, record: RoomRecord) -> str:
    """Return the key of a claim; nobody can change a row of the list except by claiming just the same."""
    return f"{name} {server} {port} {record.id} {record.fingerprint}".lower()


class ServiceClaims:
    """The claims heard so far, by name. Names and host names are compared without case."""

    def __init__(self) -> None:
        self._claims: dict[str, dict[str, Claim]] = {}
        self._hosts: dict[str, dict[tuple[str, int], None]] = {}  # SRV records without a TXT record so far
        self._texts: dict[str, list[RoomRecord]] = {}  # and the reverse

    def of(self, name: str) -> list[Claim]:
        """Return the claims of a name, the latest last."""
        return list(self._claims.get(name.lower(), {}).values())

    def apply_packet(
        self,
        hosts: Mapping[str, Sequence[tuple[str, int]]],
        texts: Mapping[str, Sequence[Mapping[bytes, bytes | None]]],
    ) -> set[str]:
        """Add the SRV records (server, port) and TXT pairs of one packet, by name; return the names changed.

        What stands in one packet belongs together. A record that comes by itself is joined to what its name
        lacks.
        """
        return {
            name for name in {*hosts, *texts} if self._apply(name, hosts.get(name, ()), texts.get(name, ()))
        }

    def remove(self, name: str, server: str = "") -> None:
        """Remove the claims of one host to a name, or all."""
        key = name.lower()
        kept = {
            claim_key: claim
            for claim_key, claim in self._claims.get(key, {}).items()
            if server and claim.server.lower() != server.lower()
        }
        self._hosts.pop(key, None)
        self._texts.pop(key, None)
        if kept:
            self._claims[key] = kept
        else:
            self._claims.pop(key, None)

    def _apply(
        self, name: str, hosts: Sequence[tuple[str, int]], texts: Sequence[Mapping[bytes, bytes | None]]
    ) -> bool:
        key, records = name.lower(), [from_txt(pairs) for pairs in texts]
        if hosts and not records:
            known = {(claim.server.lower(), claim.port) for claim in self.of(name)}
            hosts = [host for host in hosts if (host[0].lower(), host[1]) not in known]
            records = self._texts.pop(key, [])
            if not records:
                if hosts:
                    _set_latest(self._hosts, key, dict.fromkeys(hosts[:MAX_CLAIMS_OF_A_NAME]))
                return False
        elif records and not hosts:
            hosts = [*self._hosts.pop(key, {})] or self._hosts_of_texts(name, records)
            if not hosts:
                if not self.of(name):
                    _set_latest(self._texts, key, records[:MAX_CLAIMS_OF_A_NAME])
                return False
        added = [self._add(key, Claim(name, *host, record)) for host in hosts for record in records]
        return any(added)

    def _hosts_of_texts(self, name: str, records: Iterable[RoomRecord]) -> list[tuple[str, int]]:
        """Return the hosts whose claims a TXT record by itself renews: those with its id and fingerprint."""
        identities = {(record.id, record.fingerprint) for record in records}
        return [
            (claim.server, claim.port)
            for claim in self.of(name)
            if (claim.record.id, claim.record.fingerprint) in identities
        ]

    def _add(self, key: str, claim: Claim) -> bool:
        """Add or renew a claim; return whether it is another than before."""
        if key not in self._claims:
            _set_latest(self._claims, key, {})
        claims = self._claims[key]
        before = claims.pop(claim.key, None)
        while len(claims) >= MAX_CLAIMS_OF_A_NAME:
            del claims[next(iter(claims))]
        claims[claim.key] = claim
        return claim != before


def _set_latest(table: dict[str, _Value], key: str, value: _Value) -> None:
    table.pop(key, None)
    while len(table) >= MAX_NAMES:
        del table[next(iter(table))]
    table[key] = value
