"""What the host reads about guests from the browser: the QR code, the links, what a phone will warn of."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Final

from messango.room.guest_moderation import IN_BETWEEN_WARNING
from messango.terminal.local_time import short_time
from messango.transport.addresses import Address
from messango.transport.identity.fingerprint_words import group_digits
from messango.web.invite.guest_link import guest_links
from messango.web.invite.phone_warning import phone_warning
from messango.web.invite.qr_code import qr_rows, terminal_lines

#: Longer lines are tiring to read.
_MAX_COLUMNS: Final = 100

_NO_ADDRESS: Final = (
    "No browser can open an address of this computer. Connect it to a Wi-Fi or a cable: then `web` shows the "
    "link for guests."
)
_COMMANDS: Final = (
    "`web renew` makes a new link and `web off` removes guests, here or after `messango host`. More is in "
    "`messango help phones`."
)


def guest_lines(
    addresses: Sequence[Address],
    key: str,
    expires_at_s: float,
    fingerprint: str,
    *,
    columns: int,
    draws_codes: bool,
    has_password: bool,
) -> list[str]:
    """Return what the host passes on to guests, as lines for a terminal with so many columns.

    The code and the first link are those of the best address, and the other links come below. `draws_codes`:
    whether the terminal shows 256 colours and half blocks; the lines of a code have escape sequences.
    """
    links = guest_links(map(str, addresses), key)
    if not links:
        return _wrapped(_NO_ADDRESS, columns)
    return [
        *(_code_lines(links[0], columns) if draws_codes else []),
        *(f"{'' if number else 'Guests':<13}{link}" for number, link in enumerate(links)),
        f"{'Valid':<13}until {short_time(expires_at_s)}, and not after the room has closed",
        *(_wrapped(IN_BETWEEN_WARNING, columns) if has_password else []),
        *_wrapped(phone_warning(links[0], group_digits(fingerprint)), columns),
        *_wrapped(_COMMANDS, columns),
    ]


def _code_lines(link: str, columns: int) -> list[str]:
    rows = qr_rows(link)
    if len(rows) <= columns:
        return terminal_lines(rows)
    return _wrapped(
        f"The QR code needs {len(rows)} columns, and this terminal has {columns}. Make it wider and type "
        "`web`, or let guests type the link.",
        columns,
    )


def _wrapped(sentences: str, columns: int) -> list[str]:
    # A link or an address is copied and compared as a whole.
    return textwrap.wrap(
        sentences, min(columns, _MAX_COLUMNS), break_long_words=False, break_on_hyphens=False
    )
