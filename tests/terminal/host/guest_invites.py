"""How guests get into a room, for tests of what its host reads."""

from __future__ import annotations

from messango.room.guests import GuestKey
from messango.terminal.host.guest_invite import GuestInvite
from messango.transport.addresses import Address

KEY = "kJ3x_9-Qh0aZbYcXdWeVfU"
ADDRESS = Address("192.168.1.20", 8000)
LINK = f"https://{ADDRESS}/#k={KEY}"


def guest_invite(
    *, key: GuestKey | None = None, draws_codes: bool = False, has_password: bool = False
) -> GuestInvite:
    """Return the invitation to a room at `ADDRESS`, in a terminal of 80 columns."""
    return GuestInvite(
        lambda: [ADDRESS],
        "ab" * 32,
        columns=lambda: 80,
        draws_codes=draws_codes,
        has_password=lambda: has_password,
        key=lambda: key,
    )
