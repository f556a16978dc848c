"""Remembers why known rooms did not answer at their last addresses, for the error that ends a search."""

from __future__ import annotations

from collections.abc import Sequence

from messango.discovery.hints import RoomHint
from messango.discovery.probe_pool import Probe
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialFailed
from messango.transport.dialing.probe import PROBE_PATIENCE_S, ProbeResult


class HintFailures:
    """A `Probe` that passes each probe on, and keeps the error of those at the addresses of hints.

    For the threads that probe, and for the one that reads `last` after them.
    """

    def __init__(self, probe: Probe, hints: Sequence[RoomHint]) -> None:
        self._probe = probe
        self._hinted = {hint.addresses for hint in hints}
        #: The error of the last failed probe of a hint, or None.
        self.last: DialFailed | None = None

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = PROBE_PATIENCE_S,
    ) -> ProbeResult:
        """Probe; raises as the probe itself."""
        try:
            return self._probe(addresses, fingerprint=fingerprint, timeout_s=timeout_s, patience_s=patience_s)
        except DialFailed as error:
            if tuple(addresses) in self._hinted:
                self.last = error
            raise
