"""The model of the host's prompt."""

from __future__ import annotations

import pytest

from messango.protocol.frames import RoomInfo
from messango.room.host.host_command import (
    Announce,
    BanAddress,
    BanName,
    HostCommand,
    Kick,
    ListMembers,
    Lock,
    SetPassword,
)
from messango.room.host.host_events import (
    CommandDone,
    FileList,
    FileShared,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    PrivateMessagesSent,
    StoredFile,
)
from messango.terminal.host.host_console import HostConsole
from tests.terminal.host.guest_invites import guest_invite


def room_info(*, password: bool = False) -> RoomInfo:
    return RoomInfo(1, "1f", "Tea\n", "1", 2, 5, locked=False, history=False, password=password)


@pytest.fixture
def commands() -> list[HostCommand]:
    """The commands that the console has run."""
    return []


@pytest.fixture
def console(commands: list[HostCommand]) -> HostConsole:
    """A console in a room with the members Ann Lee and Bob, who was called Ben before."""
    console = HostConsole(commands.append, room_info, guest_invite())
    for event in (
        MemberJoined("192.0.2.1:1", "Ann Lee", 1, 5, resumed=False),
        MemberJoined("192.0.2.1:2", "Ben", 2, 5, resumed=False),
        MemberJoined("192.0.2.1:3", "Cy", 3, 5, resumed=False),
        MemberRenamed("Bob", "Ben"),
        MemberLeft("Cy", "left", 2, 5),
    ):
        console.handle(event)
    return console


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("kick ann lee bye", Kick("ann lee", "bye")),
        ("ban bob for 1m spam", BanName("bob", 60.0, "spam")),
        ("ban 192.0.2.1", BanAddress("192.0.2.1")),
        ("say hello", Announce("hello")),
        ("who", ListMembers()),
    ],
)
def test_a_typed_command_is_run(
    console: HostConsole, commands: list[HostCommand], line: str, command: HostCommand
) -> None:
    """Its result comes later, as an event."""
    assert console.submit_input(line) == []
    assert commands == [command]
    assert console.handle(CommandDone("Done.")) == ["Done."]


def test_an_invalid_line_is_answered_at_once(console: HostConsole, commands: list[HostCommand]) -> None:
    """The answer contains no control characters."""
    (sentence,) = console.submit_input("kik\x1b[2J Bob")
    assert "no command" in sentence
    assert "\x1b" not in sentence
    assert commands == []


def test_several_lines_are_several_commands(console: HostConsole, commands: list[HostCommand]) -> None:
    """Of pasted lines, none becomes the reason of another; but after `say`, all of them are one message."""
    assert len(console.submit_input("lock\nkick bob\n\nnonsense\n")) == 1
    console.submit_input("say one\ntwo\nkick bob")
    console.submit_input("kick bob\nquit\nunlock")
    assert commands == [Lock(), Kick("bob"), Announce("one\ntwo\nkick bob"), Kick("bob")]
    assert console.should_quit


def test_members_names_are_completed(console: HostConsole) -> None:
    """Under their present names, and only while they are members."""
    assert [completion.text for completion in console.complete("kick ")] == ['"Ann Lee" ', "Bob "]


def test_quit_closes_without_a_question(console: HostConsole) -> None:
    """Unlike Ctrl-D, nobody types `quit` by accident."""
    assert console.submit_input("quit") == []
    assert console.should_quit


def test_ctrl_d_asks_first(console: HostConsole) -> None:
    """Only a second Ctrl-D closes the room; after a join or a command it asks again."""
    (question,) = console.on_eof()
    assert "2 people are in the room" in question
    assert not console.should_quit
    console.handle(MemberJoined("192.0.2.1:3", "Cy", 3, 5, resumed=False))
    assert "3 people" in console.on_eof()[0]
    console.submit_input("who")
    assert console.on_eof()
    assert not console.should_quit
    assert console.on_eof() == []
    assert console.should_quit


def test_ctrl_d_closes_an_empty_room() -> None:
    """Without a question."""
    console = HostConsole(lambda _: None, room_info, guest_invite())
    assert console.on_eof() == []
    assert console.should_quit


def test_the_status_line() -> None:
    """It shows the name, the seats, and whether new members can join, wherever that was decided."""
    locked = False
    console = HostConsole(lambda _: None, room_info, guest_invite(), lambda: locked)
    assert "2 of 5" in console.status_text()
    assert "\n" not in console.status_text()
    assert "locked" not in console.status_text()
    locked = True
    assert "locked" in console.status_text()
    with_password = HostConsole(lambda _: None, lambda: room_info(password=True), guest_invite())
    assert "password" in with_password.status_text()


def test_a_password_is_asked_for(console: HostConsole, commands: list[HostCommand]) -> None:
    """What is typed meanwhile is secret, and never a command."""
    assert "not shown" in console.submit_input("password")[0]
    assert console.is_secret
    console.submit_input("quit")
    console.submit_input("quit")
    assert (console.is_secret, console.should_quit) == (False, False)
    (command,) = commands
    assert isinstance(command, SetPassword)
    assert command.password is not None
    assert command.password.secret == b"quit"
    assert "quit" not in repr(command)


@pytest.mark.parametrize("key", ["on_eof", "on_interrupt"])
def test_a_key_that_would_close_the_room_ends_the_question(console: HostConsole, key: str) -> None:
    """The second one closes it."""
    console.submit_input("password")
    assert "stays as it is" in getattr(console, key)()[0]
    assert not console.is_secret
    assert not console.should_quit
    getattr(console, key)()
    assert console.should_quit or key == "on_eof"


def test_a_password_can_be_pasted_with_its_command(console: HostConsole, commands: list[HostCommand]) -> None:
    """All in one piece."""
    console.submit_input("password\nsesame\nsesame\nlock")
    assert [type(command) for command in commands] == [SetPassword, Lock]


def test_the_status_line_counts_private_messages(console: HostConsole) -> None:
    """They are no lines of their own."""
    assert "private" not in console.status_text()
    assert console.handle(PrivateMessagesSent(3)) == []
    assert console.status_text() == "“Tea”  2 of 5  3 private messages  type help for commands"


def test_the_names_of_files_are_completed(console: HostConsole) -> None:
    """Of those shared since, and of the list."""
    assert "file" in console.handle(FileShared("Ann", "holiday.jpg", 5))[0]
    assert [each.text for each in console.complete("files remove h")] == ["holiday.jpg"]
    console.handle(FileList((StoredFile(1, "a", "report.pdf", 5, "Ann", 0.0, 1.0),)))
    assert [each.text for each in console.complete("files remove ")] == ["report.pdf"]
