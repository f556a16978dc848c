"""Remembers why known rooms did not answer at their last addresses, for the error that ends a search."""

from __future__ import annotations

from collections.abc import Sequence

from messango.discovery.hints import RoomHint
from messango.discovery.probe_pool import Probe
from messango.errors import RoomNotAnswering
from messango.protocol.text.escaping import excerpt
from messango.transport.addresses import Address
from messango.transport.dialing.dial_failure import DialFailed
from messango.transport.dialing.probe import PROBE_PATIENCE_S, ProbeResult
from messango.transport.identity.identity_errors import FingerprintMismatch


class HintFailures:
    """A `Probe` that passes each probe on, and keeps the error of those at the addresses of hints.

    For the threads that probe, and for the one that calls `error` after them.
    """

    def __init__(self, probe: Probe, hints: Sequence[RoomHint]) -> None:
        self._probe = probe
        self._ids = {hint.addresses: hint.id for hint in hints}
        #: The error of the last failed probe of a hint, or None.
        self.last: DialFailed | None = None
        #: Where another room answered last instead of that of a hint, or "".
        self._taken = ""

    def error(self, name: str) -> RoomNotAnswering | None:
        """Return why the room of this name, which nobody has announced, was not found where it was last."""
        missing = f"The room “{excerpt(name)}” is not announced here, and"
        if self._taken:
            return RoomNotAnswering(
                f"{missing} another room answers at {self._taken}, where it was last. "
                "You have not joined it.",
                "Your room may be closed, or have another address: ask the host for an invite link.",
            )
        if self.last is None:
            return None
        return RoomNotAnswering(
            f"{missing} it does not answer where it was last. {self.last}", self.last.hint
        )

    def __call__(
        self,
        addresses: Sequence[Address],
        *,
        fingerprint: str | None = None,
        timeout_s: float = 3.0,
        patience_s: float = PROBE_PATIENCE_S,
    ) -> ProbeResult:
        """Probe; raises as the probe itself."""
        room_id = self._ids.get(tuple(addresses))
        try:
            result = self._probe(
                addresses, fingerprint=fingerprint, timeout_s=timeout_s, patience_s=patience_s
            )
        except DialFailed as error:
            self.last = error if room_id else self.last
            raise
        except FingerprintMismatch as error:
            self._taken = error.room if room_id else self._taken
            raise
        if room_id and result.room.id != room_id:
            self._taken = str(result.address)
        return result
