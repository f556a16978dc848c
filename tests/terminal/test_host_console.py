"""The host's end of the terminal, without a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from messango.protocol.frames import RoomInfo
from messango.server.host_events import HostDid, Joined, Left, Renamed
from messango.terminal.host_console import HostConsole


class Hand:
    """Notes what is asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def __getattr__(self, name: str) -> Any:
        return lambda *arguments: self.asked.append((name, *arguments))


def facts(*, locked: bool = False) -> RoomInfo:
    return RoomInfo(
        protocol=1, id="1f", name="Tea\n", version="1", members=2, seats=5, locked=locked, history=False
    )


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def console(hand: Hand) -> HostConsole:
    """A console in a room where Ann Lee and Bob are, who was Ben."""
    console = HostConsole(hand, facts)
    for event in (
        Joined("192.0.2.1:1", "Ann Lee", 1, 5, back=False),
        Joined("192.0.2.1:2", "Ben", 2, 5, back=False),
        Joined("192.0.2.1:3", "Cy", 3, 5, back=False),
        Renamed("Bob", "Ben"),
        Left("Cy", "left", 2, 5),
    ):
        console.hear(event)
    return console


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("kick ann lee bye", ("kick", "ann lee", "bye")),
        ("ban bob for 1m spam", ("ban", "bob", 60.0, "spam")),
        ("ban 192.0.2.1", ("ban_address", "192.0.2.1", None, "")),
        ("unban bob", ("unban", "bob")),
        ("say hello", ("say", "hello")),
        ("who", ("who",)),
        ("bans", ("bans",)),
        ("lock", ("lock",)),
        ("unlock", ("unlock",)),
    ],
)
def test_what_is_typed_is_done(console: HostConsole, hand: Hand, line: str, asked: tuple[Any, ...]) -> None:
    """The hand is asked, and the answer comes as an event."""
    assert console.enter(line) == []
    assert hand.asked == [asked]
    assert console.hear(HostDid("Done.")) == ["Done."]


def test_a_mistake_is_answered_at_once(console: HostConsole, hand: Hand) -> None:
    """And what was typed can't steer the terminal."""
    (sentence,) = console.enter("kik\x1b[2J Bob")
    assert "no command" in sentence
    assert "\x1b" not in sentence
    assert hand.asked == []


def test_several_lines_are_several_commands(console: HostConsole, hand: Hand) -> None:
    """Pasted at once, none becomes the reason of another; what is said to all may have lines of its own."""
    assert len(console.enter("lock\nkick bob\n\nnonsense\n")) == 1
    console.enter("say one\ntwo\nkick bob")
    console.enter("kick bob\nquit\nunlock")
    assert hand.asked == [
        ("lock",),
        ("kick", "bob", ""),
        ("say", "one\ntwo\nkick bob"),
        ("kick", "bob", ""),
    ]
    assert console.quits


def test_names_are_known_while_they_are_there(console: HostConsole) -> None:
    """Who came, under the name of now, and nobody who has left."""
    assert [offer.text for offer in console.complete("kick ")] == ['"Ann Lee" ', "Bob "]


def test_quit_closes(console: HostConsole) -> None:
    """Whoever types the word means it."""
    assert console.enter("quit") == []
    assert console.quits


def test_the_end_of_the_input_asks_first(console: HostConsole) -> None:
    """Ctrl-D closes the room for others only the second time, and nobody else's coming counts as a yes."""
    (question,) = console.end()
    assert "2 people are in the room" in question
    assert not console.quits
    console.hear(Joined("192.0.2.1:3", "Cy", 3, 5, back=False))
    assert "3 people" in console.end()[0]
    console.enter("who")
    assert console.end()
    assert not console.quits
    assert console.end() == []
    assert console.quits


def test_an_empty_room_is_closed_without_a_question() -> None:
    """There is nobody to ask for."""
    console = HostConsole(Hand(), facts)
    assert console.end() == []
    assert console.quits


def test_the_status_tells_how_the_room_does(console: HostConsole) -> None:
    """Its name on one line, the seats, and whether it takes newcomers."""
    assert "2 of 5" in console.status()
    assert "\n" not in console.status()
    console.enter("lock")
    assert "locked" in console.status()
    console.enter("unlock")
    assert "locked" not in console.status()
    with_password = HostConsole(Hand(), lambda: facts(locked=True))
    assert "password" in with_password.status()
