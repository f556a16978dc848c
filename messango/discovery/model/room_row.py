"""A service of mDNS, and the row of the list that it becomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from messango.discovery.model.events import SLOW_PING_MS, FoundRoom, RoomStatus
from messango.discovery.model.txt_record import RoomRecord, instance_label
from messango.protocol.text.validation import normalized_name
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialAttempt
from messango.transport.dialing.probe import ProbeResult

#: Each status of a room that was probed in vain.
UNANSWERED: Final = frozenset({RoomStatus.SLOW, RoomStatus.SILENT})


@dataclass(frozen=True, slots=True)
class Service:
    """A resolved mDNS service; `name` is its instance name in lower case, which others may claim as well.

    `key` is all that was announced together, so that a forged record adds a service and changes none. One
    that is not `announced` is a known room at its last addresses, without a `name`: see `hints`.
    """

    key: str
    label: str
    addresses: tuple[Address, ...]
    record: RoomRecord
    host: str
    announced: bool = True
    name: str = ""


@dataclass(slots=True)
class Row:
    """A service and the state of its probes; times are in seconds of a monotonic clock."""

    service: Service
    next_probe: float
    number: int = 0  # in the order of their announcements
    last_probe: float = float("-inf")
    probing: bool = False
    probed: tuple[Address, ...] = ()  # where the last probe looks
    status: RoomStatus = RoomStatus.CHECKING
    probe_result: ProbeResult | None = None
    failures: int = 0
    failure: DialAttempt | None = None
    silent_since: float | None = None
    hidden: bool = False
    unanswered_questions: int = 0
    goodbye_s: float | None = None  # when the room said goodbye, until it is clear whether that was true
    goodbye_was_forged: bool = False
    last_shown: FoundRoom | None = None

    @property
    def addresses(self) -> tuple[Address, ...]:
        """The addresses to probe, starting with the one that answered last.

        That one stays also when it is no longer announced: anybody can forge address records.
        """
        known = self.service.addresses
        if self.probe_result is None:
            return known
        first = self.probe_result.address
        return first, *(address for address in known if address != first)

    @property
    def announced_fingerprint(self) -> str | None:
        """The fingerprint that the room must show, because its record says so; None if it says nothing."""
        return self.service.record.fingerprint or None

    @property
    def is_probe_outdated(self) -> bool:
        """Whether the room is announced at an address by now at which the last probe has not looked."""
        return not set(self.service.addresses).issubset(self.probed)

    @property
    def is_slow(self) -> bool:
        """Whether its last answer took long, so that one probe without an answer says little."""
        return self.probe_result is not None and self.probe_result.ping_ms >= SLOW_PING_MS

    @property
    def label_matches_name(self) -> bool:
        """Whether the room's own name is the one that its label was made from."""
        return self.probe_result is not None and normalized_name(
            instance_label(self.probe_result.room.name)
        ) == normalized_name(self.service.label)
