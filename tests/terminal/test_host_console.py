"""The host's end of the terminal, without a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from messango.protocol.frames import RoomInfo
from messango.server.host_events import CommandDone, HostMemberJoined, HostMemberLeft, HostMemberRenamed
from messango.terminal.host_console import HostConsole


class FakeModeration:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.calls: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.calls.append((name, *arguments))


def room_info(*, locked: bool = False) -> RoomInfo:
    return RoomInfo(
        protocol=1, id="1f", name="Tea\n", version="1", members=2, seats=5, locked=locked, history=False
    )


@pytest.fixture
def moderation() -> FakeModeration:
    return FakeModeration()


@pytest.fixture
def console(moderation: FakeModeration) -> HostConsole:
    """A console in a room where Ann Lee and Bob are, who was Ben."""
    console = HostConsole(moderation, room_info)
    for event in (
        HostMemberJoined("192.0.2.1:1", "Ann Lee", 1, 5, back=False),
        HostMemberJoined("192.0.2.1:2", "Ben", 2, 5, back=False),
        HostMemberJoined("192.0.2.1:3", "Cy", 3, 5, back=False),
        HostMemberRenamed("Bob", "Ben"),
        HostMemberLeft("Cy", "left", 2, 5),
    ):
        console.handle(event)
    return console


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("kick ann lee bye", ("kick", "ann lee", "bye")),
        ("ban bob for 1m spam", ("ban", "bob", 60.0, "spam")),
        ("ban 192.0.2.1", ("ban_address", "192.0.2.1", None, "")),
        ("unban bob", ("unban", "bob")),
        ("say hello", ("announce", "hello")),
        ("who", ("who",)),
        ("bans", ("bans",)),
        ("lock", ("lock",)),
        ("unlock", ("unlock",)),
    ],
)
def test_what_is_typed_is_done(
    console: HostConsole, moderation: FakeModeration, line: str, call: tuple[Any, ...]
) -> None:
    """The hand is asked, and the answer comes as an event."""
    assert console.submit_input(line) == []
    assert moderation.calls == [call]
    assert console.handle(CommandDone("Done.")) == ["Done."]


def test_a_mistake_is_answered_at_once(console: HostConsole, moderation: FakeModeration) -> None:
    """And what was typed can't steer the terminal."""
    (sentence,) = console.submit_input("kik\x1b[2J Bob")
    assert "no command" in sentence
    assert "\x1b" not in sentence
    assert moderation.calls == []


def test_several_lines_are_several_commands(console: HostConsole, moderation: FakeModeration) -> None:
    """Pasted at once, none becomes the reason of another; what is said to all may have lines of its own."""
    assert len(console.submit_input("lock\nkick bob\n\nnonsense\n")) == 1
    console.submit_input("say one\ntwo\nkick bob")
    console.submit_input("kick bob\nquit\nunlock")
    assert moderation.calls == [
        ("lock",),
        ("kick", "bob", ""),
        ("announce", "one\ntwo\nkick bob"),
        ("kick", "bob", ""),
    ]
    assert console.should_quit


def test_names_are_known_while_they_are_there(console: HostConsole) -> None:
    """Who came, under the name of now, and nobody who has left."""
    assert [completion.text for completion in console.complete("kick ")] == ['"Ann Lee" ', "Bob "]


def test_quit_closes(console: HostConsole) -> None:
    """Whoever types the word means it."""
    assert console.submit_input("quit") == []
    assert console.should_quit


def test_the_end_of_the_input_asks_first(console: HostConsole) -> None:
    """Ctrl-D closes the room for others only the second time, and nobody else's coming counts as a yes."""
    (question,) = console.on_eof()
    assert "2 people are in the room" in question
    assert not console.should_quit
    console.handle(HostMemberJoined("192.0.2.1:3", "Cy", 3, 5, back=False))
    assert "3 people" in console.on_eof()[0]
    console.submit_input("who")
    assert console.on_eof()
    assert not console.should_quit
    assert console.on_eof() == []
    assert console.should_quit


def test_an_empty_room_is_closed_without_a_question() -> None:
    """There is nobody to ask for."""
    console = HostConsole(FakeModeration(), room_info)
    assert console.on_eof() == []
    assert console.should_quit


def test_the_status_tells_how_the_room_does(console: HostConsole) -> None:
    """Its name on one line, the seats, and whether it takes newcomers."""
    assert "2 of 5" in console.status_text()
    assert "\n" not in console.status_text()
    console.submit_input("lock")
    assert "locked" in console.status_text()
    console.submit_input("unlock")
    assert "locked" not in console.status_text()
    with_password = HostConsole(FakeModeration(), lambda: room_info(locked=True))
    assert "password" in with_password.status_text()
