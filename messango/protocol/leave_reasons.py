"""Why a member left: the words for the values of `left.reason`."""

from __future__ import annotations

from typing import Final

from messango.protocol import error_codes

_WORDS: Final = {
    error_codes.LEFT: "left",
    error_codes.CONNECTION_BROKE: "the connection broke",
    error_codes.KICKED: "removed by the host",
    error_codes.BANNED: "banned by the host",
    error_codes.TOO_SLOW: "too slow to read",
    error_codes.NO_GUESTS: "the host takes no guests from the browser any more",
}

#: The member did not choose to leave, and the network was not the cause: everybody reads that.
BY_HOST: Final = frozenset({error_codes.KICKED, error_codes.BANNED, error_codes.NO_GUESTS})

#: The member does not come back as the same member: what is sent to them alone would never be read.
FOR_GOOD: Final = frozenset({error_codes.LEFT, *BY_HOST})


def leave_text(reason: str, note: str = "") -> str:
    """Return a reason in words: `left`, `the connection broke`, `removed by the host: spamming`.

    `note` is what the host wrote. A reason that a later version has added is shown as it is.
    """
    words = _WORDS.get(reason) or reason.replace("-", " ").strip().rstrip(".")
    return f"{words}: {note.rstrip('.')}" if note else words
