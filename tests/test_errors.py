"""Each error says what happened and what to do next, and ends a command with its status."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

from messango import errors
from messango.errors import (
    AddressNotAvailable,
    BadAddress,
    BadName,
    BadPassword,
    ConnectionLost,
    CorruptFile,
    DisplayUnavailable,
    FileInUse,
    HistoryUnusable,
    InternalError,
    JoinRefused,
    ListenFailed,
    LocalProtocolError,
    MessangoError,
    PasswordNeeded,
    PasswordNotRequired,
    PasteFailed,
    PortInUse,
    RemoteProtocolError,
    RoomClosed,
    RoomMisbehaved,
    RoomNotFound,
    SaveFailed,
    StorageUnavailable,
    Unreachable,
    WrongPassword,
)
from messango.transport.identity import identity_errors
from messango.transport.identity.identity_errors import FingerprintMismatch, WordsMismatch, WrongInvite

ERRORS: list[tuple[MessangoError, int]] = [
    (BadAddress("That is not a valid address.", "Type another."), 2),
    (BadName("The name is empty.", "Type one."), 2),
    (BadPassword("The password is empty.", "Type one."), 2),
    (errors.SeveralRooms("Several rooms are open.", "Choose one."), 2),
    (RoomNotFound("No room was found.", "Open one."), 3),
    (errors.RoomNotAnswering("The room does not answer.", "Wake it up."), 5),
    (errors.AmbiguousInvite(["“Tea”", "“Milk”"]), 3),
    (JoinRefused("full", "The room is full.", "Wait for a seat."), 4),
    (PasswordNeeded(), 4),
    (WrongPassword(), 4),
    (PasswordNotRequired(), 4),
    (RoomClosed("closing", "The host has closed the room.", "Ask the host."), 1),
    (FingerprintMismatch("Office", "a" * 64, "b" * 64), 4),
    (WrongInvite("10.1.2.3:8000", "a" * 64, "b" * 64), 4),
    (WordsMismatch("Office", "one two three four"), 4),
    (Unreachable("Nobody answers.", "Is the room open?"), 5),
    (ConnectionLost("The connection broke.", "Is the cable in?"), 5),
    (PortInUse(8000), 6),
    (RemoteProtocolError("This is not Messango.", "Is the port right?"), 1),
    (RoomMisbehaved("The room sent messages out of order."), 1),
    (errors.UnprovedIdentity("192.0.2.1:8000"), 4),
    (errors.RoomInUse("Tea", 7), 1),
    (errors.RoomInUse("Tea", None), 1),
    (AddressNotAvailable("10.1.2.3"), 1),
    (ListenFailed("Port 80 is for the system.", "Choose one above 1023."), 1),
    (errors.ServerNotAnswering("The server does not answer.", "Is it stopped?"), 5),
    (CorruptFile(Path("/x/key.pem"), "The room's key", "Move it away."), 1),
    (HistoryUnusable(Path("/x/room.sqlite"), "The history is damaged.", "Choose another."), 1),
    (errors.LinkUnusable(Path("/x/hall.link"), "There is no file.", "Copy it again."), 1),
    (errors.EngineUnavailable("There is no nats-server.", "Install it."), 1),
    (StorageUnavailable(Path("/x"), "Permission denied"), 1),
    (SaveFailed(Path("/x/chat.md"), "Permission denied"), 1),
    (PasteFailed("There is no picture.", "Save it as a file."), 1),
    (errors.ExtraMissing("This needs the extra “web”.", "Install it."), 1),
    (FileInUse(Path("/x/room.sqlite")), 1),
    (InternalError(), 1),
    (LocalProtocolError("a welcome cannot follow a welcome"), 1),
    (DisplayUnavailable("There is no display.", "Chat in the terminal."), 1),
]


@pytest.mark.parametrize(("error", "status"), ERRORS, ids=lambda value: type(value).__name__)
def test_an_error_says_what_to_do_next(error: MessangoError, status: int) -> None:
    """Message and hint are whole sentences, and the exit status is the documented one."""
    assert error.exit_status == status
    for sentence in (str(error), error.hint):
        assert re.fullmatch(r"[A-Z“].*[.?…]", sentence)


def test_the_tree_at_the_top_is_the_tree() -> None:
    """The tree in each module's docstring names every error there, with its status and its parent."""
    trees = "\n".join(inspect.cleandoc(module.__doc__ or "") for module in (errors, identity_errors))
    drawn = re.findall(r"^ *([│ ]*[├└]── )(\w+) +(\d)", trees, re.M)
    parents: dict[str, str] = {}
    parent = "MessangoError"
    for branch, name, _ in drawn:
        nested = branch.startswith("│")
        parents[name] = parent if nested else "MessangoError"
        parent = parent if nested else name
    assert {name: int(status) for _, name, status in drawn} == {
        kind.__name__: kind.exit_status for kind in error_classes()
    }
    assert parents == {kind.__name__: kind.__base__.__name__ for kind in error_classes() if kind.__base__}


def error_classes() -> set[type[MessangoError]]:
    """Return every error class except the base."""
    modules = errors, identity_errors
    classes = {kind for module in modules for _, kind in inspect.getmembers(module, inspect.isclass)}
    return {kind for kind in classes if issubclass(kind, MessangoError)} - {MessangoError}


def test_every_error_is_tested() -> None:
    """A new error needs a line in ERRORS."""
    assert {type(error) for error, _ in ERRORS} == error_classes()


def test_facts_are_attributes() -> None:
    """A window can act on an error without parsing its sentence."""
    assert JoinRefused("full", "The room is full.").code == "full"
    assert (PasswordNeeded().code, WrongPassword().code) == ("password-required", "wrong-password")
    assert RoomClosed("kicked", "The host removed you.").code == "kicked"
    assert PortInUse(8000).port == 8000
    assert AddressNotAvailable("10.1.2.3").address == "10.1.2.3"
    mismatch = FingerprintMismatch("Office", "a" * 64, "b" * 64)
    assert (mismatch.room, mismatch.expected, mismatch.seen) == ("Office", "a" * 64, "b" * 64)
    assert (mismatch.room_id, mismatch.expected_words) == ("", "")
    assert CorruptFile(Path("/x/key.pem"), "The room's key", "").path == Path("/x/key.pem")
    assert StorageUnavailable(Path("/x"), "Permission denied").reason == "Permission denied"
    assert SaveFailed(Path("/x/chat.md"), "Permission denied").path == Path("/x/chat.md")


def test_our_own_fault_is_not_the_peers() -> None:
    """Code that disconnects a misbehaving peer must not do so for a bug of ours."""
    error = LocalProtocolError("a welcome cannot follow a welcome")
    assert isinstance(error, InternalError)
    assert not isinstance(error, RemoteProtocolError)
    assert error.violation in str(error)


@pytest.mark.parametrize("kind", [FingerprintMismatch, WrongInvite])
def test_a_mismatch_shows_what_to_compare(kind: type[FingerprintMismatch]) -> None:
    """Both fingerprints appear as words, or by their first digits if the words were not computed."""
    error = kind("Office", "a" * 64, "b" * 64, room_id="1f", words=("one two", "three four"))
    assert (error.room_id, error.expected_words, error.seen_words) == ("1f", "one two", "three four")
    assert "“one two”" in error.hint
    assert "“three four”" in error.hint
    bare = kind("Office", "a" * 64, "b" * 64)
    assert "“aaaaaaaaaaaaaaaa…”" in bare.hint
    assert "“bbbbbbbbbbbbbbbb…”" in bare.hint


@pytest.mark.parametrize(
    ("room", "room_id", "argument"),
    [
        ("Table 4", "1f", '"Table 4"'),
        ("Über Büro", "1f", '"Über Büro"'),
        ('x"; rm -rf ~ #', "1f", '"1f"'),
        ("$(id)", "`id`", "ROOM"),
        ("--yes", "", "ROOM"),
    ],
)
def test_the_command_in_a_hint_is_safe_to_copy(room: str, room_id: str, argument: str) -> None:
    """A stranger chose the room's name, and a shell could run a command in it."""
    mismatch = FingerprintMismatch(room, "a" * 64, "b" * 64, room_id=room_id)
    assert f"`messango trust accept {argument}`" in mismatch.hint


def test_each_protocol_violation_reads_as_a_part_of_its_sentence() -> None:
    """The error adds the beginning and the full stop."""
    package = Path(errors.__file__).parent
    texts = [
        text
        for path in package.rglob("*.py")
        for text in re.findall(r'LocalProtocolError\(\s*f?"(.+?)"\s*\)', path.read_text("utf-8"))
    ]
    assert texts
    assert [text for text in texts if text.endswith(".") or re.match(r"[A-Z]", text)] == []
