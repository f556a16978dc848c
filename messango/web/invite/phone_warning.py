"""What a guest reads in the phone's browser before the page, and what to compare there."""

from __future__ import annotations

from typing import Final

from messango.web.invite.guest_link import shown_address

#: Groups of digits from each end of a fingerprint; nobody can make a certificate with both.
_SHOWN_GROUPS: Final = 4


def phone_warning(link: str, grouped_fingerprint: str) -> str:
    """Return what the host tells guests; the fingerprint's digits are in groups of four."""
    groups = grouped_fingerprint.split()
    first, last = " ".join(groups[:_SHOWN_GROUPS]), " ".join(groups[-_SHOWN_GROUPS:])
    return (
        "The phone will warn that the connection is not private, because no authority knows this computer. "
        f"Before guests go on, they compare the address bar: {shown_address(link)}. To rule out somebody in "
        f"between, they compare the certificate's SHA-256, too: it begins with {first} and ends with {last}."
    )
