"""The errors that a person can meet, with the exit status that each ends a command with.

    MessangoError                 1   the base: never raised by itself
    ├── BadAddress                2   the typed text is neither an address nor an invite link
    ├── BadName                   2   the rules for names refuse this name
    ├── SeveralRooms              2   several rooms are meant, and one has to be chosen
    ├── BadPassword               2   the password is empty, too long or can't be typed
    ├── RoomNotFound              3   no room of that name, or no room at all
    │   ├── RoomNotAnswering      5   a room of that name is announced, but does not answer
    │   └── AmbiguousInvite       3   the invite link's host has several rooms, none of them where it says
    ├── JoinRefused               4   the room refused us: full, banned, closing
    │   ├── PasswordNeeded        4   the room has a password, and none was given
    │   └── WrongPassword         4   the given password is not the room's
    ├── PasswordNotRequired       4   a password was given, and the room has none: we refused
    ├── Unreachable               5   nothing answers at that address
    │   └── ConnectionLost        5   the connection broke
    ├── PortInUse                 6   another program listens on that port
    ├── RoomClosed                1   the room ended our session: it closed, or the host removed us
    ├── RemoteProtocolError       1   the peer broke the protocol
    │   ├── RoomMisbehaved        1   the room sent what no room may send: we left for good
    │   └── UnprovedIdentity      4   the room claims an id that is not its own: we refused
    ├── AddressNotAvailable       1   asked to listen on an address of another computer
    ├── ListenFailed              1   the system does not let us listen
    ├── ServerNotAnswering        5   the server of a room on this computer does not answer its host
    ├── CorruptFile               1   a file of ours can't be read; it is left as it is
    │   ├── HistoryUnusable       1   a history file can't be used, for one of many reasons
    │   └── LinkUnusable          1   the file of a linked room can't be used, for one of many reasons
    ├── EngineUnavailable         1   the engine of linked rooms, nats-server, is missing or does not start
    ├── StorageUnavailable        1   our folder can't be created or written to
    ├── SaveFailed                1   a file that the user chose can't be written
    ├── PasteFailed               1   the picture in the clipboard can't be read
    ├── ExtraMissing              1   an extra of Messango is needed and not installed
    ├── FileInUse                 1   another room writes to that file
    ├── RoomInUse                 1   the room is already open from the same folder
    ├── InternalError             1   a bug in Messango; the log has the traceback
    │   └── LocalProtocolError    1   we broke the protocol
    └── DisplayUnavailable        1   Tk or a display is missing

Those about a room with another certificate are in `transport.identity_errors`, and the one about a history
that is not the linked room's in `room.history.file.replica_owner`.

`str(error)` says what happened and `error.hint` what to do next, each in one or two whole sentences
for a person who has never seen the code. Facts that a program may need are attributes.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

#: Letters and symbols that look blank: the Hangul fillers, and Braille without dots.
_BLANKS: Final = re.compile("[\u115f\u1160\u2800\u3164\uffa0]+")


class MessangoError(Exception):
    """Base of all errors: a sentence that says what happened, and `hint`, what to do next."""

    exit_status = 1

    #: Whether the other side wrote the sentences. Then both are shown on one line that begins as ours do: on
    #: a line of its own, a hint could pass for a sentence of Messango's.
    from_peer = False

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class BadAddress(MessangoError):
    """The typed text is neither an address nor an invite link."""

    exit_status = 2


class BadName(MessangoError):
    """The rules for names refuse this name."""

    exit_status = 2


class SeveralRooms(MessangoError):
    """Several rooms are meant, and one has to be chosen."""

    exit_status = 2


class BadPassword(MessangoError):
    """The given text can't be a password; the sentence never repeats it."""

    exit_status = 2


class RoomNotFound(MessangoError):
    """No room has that name, or none was found at all."""

    exit_status = 3


class RoomNotAnswering(RoomNotFound):
    """A room of that name is announced, but it does not answer."""

    exit_status = 5


class AmbiguousInvite(RoomNotFound):
    """Nobody answers at an invite link's address, and its host has opened several rooms."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(
            f"The invite link's address does not answer, and its host has opened several rooms: "
            f"{', '.join(names)}.",
            "Ask the host which one is meant, and join it by its name or with a new link.",
        )


class JoinRefused(MessangoError):
    """The room refused us; `code` is the protocol's word for the reason."""

    exit_status = 4
    from_peer = True

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(on_one_line(reason) or "The room refused to let you in.", on_one_line(hint))
        self.code = code


class PasswordNeeded(JoinRefused):
    """The room has a password, and none was given."""

    from_peer = False

    def __init__(self) -> None:
        super().__init__(
            "password-required",
            "This room has a password.",
            "Ask the host for it. In a script, store it in a file and add --password-file FILE.",
        )


class WrongPassword(JoinRefused):
    """The password is wrong, or the peer only pretends to be the room."""

    from_peer = False

    def __init__(self) -> None:
        super().__init__(
            "wrong-password",
            "That is not the password of this room.",
            "Try again. If you are sure that it is right, another computer may be pretending to be the room: "
            "compare the room's four words with those that the host sees.",
        )


class PasswordNotRequired(MessangoError):
    """A password was given, but the room did not ask for one, so it has proved nothing."""

    exit_status = 4

    def __init__(self) -> None:
        super().__init__(
            "You gave a password, but this room does not ask for one, so it could not prove that it is the "
            "room you want. You have not joined.",
            "If the host opened the room without a password, join without one.",
        )


class RoomClosed(MessangoError):
    """The room ended our session; `code` is the protocol's word for the reason: closing, kicked, replaced."""

    from_peer = True

    def __init__(self, code: str, reason: str, hint: str = "") -> None:
        super().__init__(on_one_line(reason) or "The room ended your session.", on_one_line(hint))
        self.code = code


def on_one_line(sentence: str) -> str:
    """Return a peer's sentence without its line breaks: a second line could pass for one of ours.

    Nor can it be moved to the next line by blanks, as it would be at the end of a terminal's line.
    """
    return " ".join(_BLANKS.sub(" ", sentence).split())


class Unreachable(MessangoError):
    """Nothing answers at that address."""

    exit_status = 5


#: The hint of a connection that broke in the middle of a session.
RECONNECTING: Final = "Reconnecting…"


class ConnectionLost(Unreachable):
    """The connection broke, or the peer stopped responding."""


class PortInUse(MessangoError):
    """Another program listens on that port."""

    exit_status = 6

    def __init__(self, port: int) -> None:
        super().__init__(
            f"Port {port} is in use by another program.",
            "Choose another with --port, or leave out --port to use the next free one.",
        )
        self.port = port


class RemoteProtocolError(MessangoError):
    """The peer broke the protocol: it sent bytes or a frame that the protocol does not allow.

    The name is h11's. `LocalProtocolError` is the opposite: we broke it.
    """


#: The hint of such an error, where another version of Messango is the likeliest cause.
VERSION_HINT: Final = "Check that the other side runs a compatible version of Messango."


class RoomMisbehaved(RemoteProtocolError):
    """The room sent what its state does not allow, or more than a room can have: we do not reconnect."""

    def __init__(self, message: str) -> None:
        super().__init__(message, "Something is wrong with this room. Ask its host, or join another one.")


class UnprovedIdentity(RemoteProtocolError):
    """The room's id does not belong to its certificate, so it claims to be another room."""

    exit_status = 4

    def __init__(self, where: str) -> None:
        super().__init__(
            f"What answers at {where} claims to be a room that it is not. You have not joined.",
            "Somebody is pretending to be this room or intercepting your connection. Ask its host for an "
            "invite link, and join by that.",
        )
        self.where = where


class AddressNotAvailable(MessangoError):
    """Asked to listen on an address that this computer does not have."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"This computer does not have the address {address}.",
            "Leave out --host to listen on every network, or choose an address that `messango doctor` lists.",
        )
        self.address = address


class ListenFailed(MessangoError):
    """The system does not let us listen there."""


class ServerNotAnswering(MessangoError):
    """The server of a room on this computer does not answer its host's command."""

    exit_status = 5


class CorruptFile(MessangoError):
    """A file of ours can't be read; it is left as it is."""

    def __init__(self, path: Path, subject: str, hint: str) -> None:
        super().__init__(f"{subject} in {path} can't be read.", hint)
        self.path = path


class HistoryUnusable(CorruptFile):
    """A history file can't be used: damaged, foreign, of a later version, not ours to read."""

    def __init__(self, path: Path, reason: str, hint: str) -> None:
        MessangoError.__init__(self, reason, hint)
        self.path = path


class LinkUnusable(CorruptFile):
    """The file of a linked room can't be used: missing, damaged, of a later version, another room's."""

    def __init__(self, path: Path, reason: str, hint: str) -> None:
        MessangoError.__init__(self, reason, hint)
        self.path = path


class EngineUnavailable(MessangoError):
    """The engine of a linked room, `nats-server`, is not installed, does not start or is in use already."""


class StorageUnavailable(MessangoError):
    """The folder for keys, rooms and settings can't be created or written to."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(
            f"Messango can't use its folder {folder} ({reason}).",
            "Free some disk space, fix the folder's permissions, or set MESSANGO_HOME to another folder.",
        )
        self.folder, self.reason = folder, reason


class SaveFailed(MessangoError):
    """A file that the user chose can't be written; a file that was there before is left as it is."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"The conversation could not be saved in {path.name} ({reason}).",
            "Choose another folder or another name.",
        )
        self.path, self.reason = path, reason


class PasteFailed(MessangoError):
    """The picture in the clipboard can't be read."""


class ExtraMissing(MessangoError):
    """An extra of Messango is needed and not installed: libraries that come only if asked for."""


class FileInUse(MessangoError):
    """Another room writes to that file; `pid` is its process if that is known."""

    def __init__(self, path: Path, pid: int | None = None) -> None:
        super().__init__(
            f"Another open room{_in_process(pid)} stores its history in {path}.",
            "Close that room first, or choose another file for this one.",
        )
        self.path, self.pid = path, pid


class RoomInUse(MessangoError):
    """This room is already open from this Messango folder; `pid` is its process if that is known."""

    def __init__(self, name: str, pid: int | None) -> None:
        super().__init__(
            f"The room “{name}” is already open{_in_process(pid)}, with the same Messango folder.",
            "Join that one, close it first, or choose another name for this one.",
        )
        self.name, self.pid = name, pid


def _in_process(pid: int | None) -> str:
    if pid is None:
        return " in another process"
    return f" in this process ({pid})" if pid == os.getpid() else f" in process {pid}"


class InternalError(MessangoError):
    """A bug in Messango; the thread that met it has logged the traceback."""

    def __init__(
        self,
        hint: str = "Details are in the log.",
        *,
        message: str = "This failed because of a bug in Messango.",
    ) -> None:
        super().__init__(message, hint)


class LocalProtocolError(InternalError):
    """We broke the protocol: our own code tried to send what the connection's state does not allow.

    A bug of ours, so the peer is not to blame and reconnecting does not help. `violation` says which
    rule was broken, without a full stop. The name is h11's; `RemoteProtocolError` is the peer's fault.
    """

    def __init__(self, violation: str) -> None:
        super().__init__(message=f"A bug in Messango broke the chat protocol: {violation}.")
        self.violation = violation


class DisplayUnavailable(MessangoError):
    """Tk or a display is missing, so no window can open."""
