"""Every error that a person can meet, with the exit status it ends a command with.

    MessangoError                 1   the base: never raised by itself
    ├── BadAddress                2   what was typed is no address and no invite link
    ├── BadName                   2   a name that the rules for names refuse
    ├── BadPassword               2   empty, too long, or with what nobody can type
    ├── RoomNotFound              3   no room of that name, or none at all
    ├── JoinRefused               4   the room said no: full, banned, closing
    │   ├── PasswordNeeded        4   it has a password, and none was given
    │   └── WrongPassword         4   it has another password than the one that was given
    ├── PasswordNotRequired       4   a password was given, and the room has none: we said no
    ├── FingerprintMismatch       4   the room is not the one it was: we said no
    │   └── WrongInvite           4   nor the one that the invite link is for
    ├── WordsMismatch             4   the words are not those of the room that would be accepted
    ├── Unreachable               5   nobody answers there
    │   └── ConnectionLost        5   somebody did, and is gone
    ├── PortInUse                 6   another program listens on that port
    ├── RoomClosed                1   the room ended our stay: it closes, or the host said so
    ├── RemoteProtocolError       1   the other side does not speak our protocol
    ├── AddressNotAvailable       1   asked to listen on an address of another machine
    ├── ListenFailed              1   the system does not let us listen
    ├── CorruptFile               1   a file of ours can't be read; it is left as it is
    ├── StorageUnavailable        1   our folder can't be made or written to
    ├── FileInUse                 1   another room writes to that file
    ├── InternalError             1   we made a mistake, which the log has
    │   └── LocalProtocolError    1   we were about to break our own protocol
    ├── UnsupportedTerminal       1   the terminal can't move its cursor
    └── DisplayUnavailable        1   Tk or a display is missing

`str(error)` says what happened and `error.hint` what to do next, each in one or two whole sentences
for a person who has never seen the code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

#: No quotes, and nothing that a shell takes for more than a letter between them.
SHELL_SAFE: Final = re.compile(r"\w[\w .-]*")


class MessangoError(Exception):
    """What happened, in a sentence; `hint` says what to do next."""

    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadAddress(MessangoError):
    """What was typed is no address and no invite link."""

    exit_status = 2


class BadName(MessangoError):
    """A name that the rules for names refuse."""

    exit_status = 2


class BadPassword(MessangoError):
    """What was given can't be a password; the sentence never repeats it."""

    exit_status = 2


class RoomNotFound(MessangoError):
    """No room of that name is seen, or none at all."""

    exit_status = 3


class JoinRefused(MessangoError):
    """The room said no; `code` is the protocol's word for why."""

    exit_status = 4

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.code = code


class PasswordNeeded(JoinRefused):
    """The room has a password, and none was given."""

    def __init__(self) -> None:
        super().__init__(
            "password-required",
            "This room has a password.",
            "Ask the host for it; where nobody can type it, give a file that holds it: --password-file FILE.",
        )


class WrongPassword(JoinRefused):
    """The password is another one, or the other end only pretends to be the room."""

    def __init__(self) -> None:
        super().__init__(
            "wrong-password",
            "That is not the password of this room.",
            "Try it once more. If you are sure of it, a machine in between may pretend to be the room: "
            "compare its words with those that the host's terminal or window shows.",
        )


class PasswordNotRequired(MessangoError):
    """A password was given, and the room let us in without: so it has proved nothing."""

    exit_status = 4

    def __init__(self) -> None:
        super().__init__(
            "This room asks for no password, so it has not proved to be the one you mean. "
            "You have not joined.",
            "If its host has opened it without a password, join without one.",
        )


class RoomClosed(MessangoError):
    """The room ended our stay; `code` is the protocol's word for why: closing, kicked, replaced."""

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(reason, hint)
        self.code = code


class FingerprintMismatch(MessangoError):
    """The room shows another certificate than the one we know it by.

    `expected` and `seen` are SHA-256 in hex, the words what people compare (empty: not worked out).
    `KnownRooms.accept(room_id, seen)` takes the new one on purpose; without a `room_id` there is nothing
    that could be accepted.
    """

    exit_status = 4

    def __init__(
        self, room: str, expected: str, seen: str, *, room_id: str = "", words: tuple[str, str] = ("", "")
    ) -> None:
        self.room = room
        self.room_id = room_id
        self.expected = expected
        self.seen = seen
        self.expected_words, self.seen_words = words
        super().__init__(
            *self._message_and_hint(_quoted_words(words[0], expected), _quoted_words(words[1], seen))
        )

    def _message_and_hint(self, expected: str, seen: str) -> tuple[str, str]:
        return (
            f"“{self.room}” is not the room it was: its fingerprint has changed. You have not joined.",
            "Its host may have set Messango up anew or moved to another machine; or somebody pretends to be "
            "this room, or sits between you and it. Ask the host which words the server shows: "
            f"{expected} is the room as you know it, {seen} is what answered. Only if the host reads the "
            f"second, run `messango trust accept {self._shell_argument()}` and join again.",
        )

    def _shell_argument(self) -> str:
        """Return what names the room in a command that is safe to copy, whatever a stranger called it."""
        for name in (self.room, self.room_id):
            if SHELL_SAFE.fullmatch(name):
                return f'"{name}"'
        return "ROOM"


class WrongInvite(FingerprintMismatch):
    """Who answers at an invite link's address is not who the link is for; `room` is the address."""

    def _message_and_hint(self, expected: str, seen: str) -> tuple[str, str]:
        return (
            f"What answers at {self.room} has another fingerprint than the invite link. You have not joined.",
            "The link may be an old one, another room may have this address now, or somebody pretends to be "
            "the room. Ask the host for a new link, and which words the server shows: the link is for "
            f"{expected}, and {seen} answered.",
        )


class WordsMismatch(MessangoError):
    """The words that the host gave are not those of what answered in the room's place."""

    exit_status = 4

    def __init__(self, room: str, seen_words: str) -> None:
        super().__init__(
            f"What answered in place of “{room}” has other words: “{seen_words}”. It was not accepted.",
            "Ask the host to read the words once more. Where they stay different, somebody else pretends to "
            "be this room: do not join it.",
        )
        self.room = room
        self.seen_words = seen_words


def _quoted_words(words: str, fingerprint: str) -> str:
    return f"“{words or fingerprint[:16] + '…'}”"


class Unreachable(MessangoError):
    """Nobody answers there."""

    exit_status = 5


class ConnectionLost(Unreachable):
    """The connection broke, or the other side fell silent."""


class PortInUse(MessangoError):
    """Another program listens on that port."""

    exit_status = 6

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use by another program.",
            "Choose another with --port, or leave --port out and the next free one is taken.",
        )
        self.port = port


class RemoteProtocolError(MessangoError):
    """The other side does not speak our protocol."""


class AddressNotAvailable(MessangoError):
    """Asked to listen on an address that this machine does not have."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"This machine has no address {address}.",
            "Leave --host out to listen on every network, or give one that `messango doctor` lists.",
        )
        self.address = address


class ListenFailed(MessangoError):
    """The system does not let us listen there."""


class CorruptFile(MessangoError):
    """A file of ours that can't be read; nothing in it was changed."""

    def __init__(self, path: Path, subject: str, hint: str) -> None:
        super().__init__(f"{subject} in {path} can't be read.", hint)
        self.path = path


class StorageUnavailable(MessangoError):
    """The folder for keys, rooms and settings can't be made or written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"Messango can't use its folder {folder} ({reason}).",
            "Free some space, mend its permissions, or set MESSANGO_HOME to a folder you may write to.",
        )
        self.folder = folder


class FileInUse(MessangoError):
    """Another room of this machine writes to that file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Another room is open that keeps its history in {path}.",
            "Close that one first, or give this one a file of its own.",
        )
        self.path = path


class InternalError(MessangoError):
    """A thread met a mistake of ours, and has logged it."""

    def __init__(self, hint: str = "The log has the details.") -> None:
        super().__init__("Messango made a mistake of its own.", hint)


class LocalProtocolError(InternalError):
    """Our own end was about to break the protocol: a bug here, where `RemoteProtocolError` is the peer's."""


class UnsupportedTerminal(MessangoError):
    """The terminal can't move its cursor, so there can be no line to type in below the talk."""

    def __init__(self) -> None:
        super().__init__(
            "This terminal can't show a chat: TERM says that it moves no cursor.",
            "Use another one, or `messango chat --json`, which speaks line by line.",
        )


class DisplayUnavailable(MessangoError):
    """Tk or a display is missing, so there can be no window."""
