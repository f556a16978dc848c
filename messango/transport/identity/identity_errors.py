"""The errors about a room that is not the one that was expected, with their exit status.

MessangoError                 1   in `errors`
├── FingerprintMismatch       4   the room's certificate has changed: we refused
│   └── WrongInvite           4   the certificate is not the invite link's: we refused
└── WordsMismatch             4   the typed words are not those of the room to accept
"""

from __future__ import annotations

import re
from typing import Final

from messango.errors import MessangoError

#: Names without quotes and without characters that are special to a shell between quotes.
SHELL_SAFE: Final = re.compile(r"\w[\w .-]*")


class FingerprintMismatch(MessangoError):
    """The room shows another certificate than the known one.

    `expected` and `seen` are SHA-256 in hex, `expected_words` and `seen_words` the words that people
    compare (empty if they were not computed). `KnownRooms.accept(room_id, seen)` accepts the new
    certificate; if `room_id` is empty, there is nothing to accept.
    """

    exit_status = 4

    def __init__(
        self, room: str, expected: str, seen: str, *, room_id: str = "", words: tuple[str, str] = ("", "")
    ) -> None:
        self.room, self.room_id = room, room_id
        self.expected, self.seen = expected, seen
        self.expected_words, self.seen_words = words
        super().__init__(
            *self._message_and_hint(_quoted_words(words[0], expected), _quoted_words(words[1], seen))
        )

    def _message_and_hint(self, expected: str, seen: str) -> tuple[str, str]:
        return (
            f"The fingerprint of “{self.room}” has changed. You have not joined.",
            "The host may have set up Messango again or moved to another computer; or somebody is pretending "
            "to be this room or intercepting your connection. Ask the host which words the server shows: you "
            f"know the room by {expected}, and {seen} answered. Only if the host reads you the second, "
            f"run `messango trust accept {self._shell_argument()}` and join again.",
        )

    def _shell_argument(self) -> str:
        """Return the room's name or id if it is safe to copy into a shell; a stranger chose both."""
        for name in (self.room, self.room_id):
            if SHELL_SAFE.fullmatch(name):
                return f'"{name}"'
        return "ROOM"


class WrongInvite(FingerprintMismatch):
    """The room at an invite link's address is not the one in the link; `room` is the address."""

    def _message_and_hint(self, expected: str, seen: str) -> tuple[str, str]:
        return (
            f"The room at {self.room} does not have the invite link's fingerprint. You have not joined.",
            "The link may be old, another room may use this address now, or somebody is pretending to be the "
            "room. Ask the host for a new link, and which words the server shows: the link is for "
            f"{expected}, but {seen} answered.",
        )


class WordsMismatch(MessangoError):
    """The words that the host gave are not those of the room that answered."""

    exit_status = 4

    def __init__(self, room: str, seen_words: str) -> None:
        super().__init__(
            f"The room that answered as “{room}” has different words: “{seen_words}”. It was not accepted.",
            "Ask the host to read the words again. If they still differ, somebody is pretending to be this "
            "room: do not join it.",
        )
        self.room, self.seen_words = room, seen_words


def _quoted_words(words: str, fingerprint: str) -> str:
    return f"“{words or fingerprint[:16] + '…'}”"
