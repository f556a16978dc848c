"""What the face knows beside the transcript."""

from __future__ import annotations

from messango.client.events import (
    Connecting,
    Interrupted,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageFailed,
    PasswordWanted,
)
from messango.errors import ConnectionLost, PasswordNeeded
from messango.terminal.chat_state import TYPING_SHOWN_S, Line, Stay, joined_names
from tests.terminal.fake_client import entered, heard, room_facts


class _Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def _plain(line: Line) -> str:
    return "".join(text for _, text in line)


def _in_room(*members: str) -> tuple[Stay, _Clock]:
    clock = _Clock()
    stay = Stay(clock)
    stay.hear(entered(*members))
    return stay, clock


def test_the_bottom_line_says_where_we_are() -> None:
    """Room, own name, how many there are."""
    stay, _ = _in_room("bob")
    assert _plain(stay.status()) == " “Kitchen”  ann  2 here  "


def test_before_we_are_in_it_says_that_we_connect() -> None:
    """An empty room name is not shown as one."""
    stay = Stay(_Clock())
    assert _plain(stay.status()).strip() == "connecting…"


def test_a_password_is_waited_for_until_it_is_given() -> None:
    """The line says what is typed now, and how to go without."""
    stay = Stay(_Clock())
    stay.hear(PasswordWanted(PasswordNeeded()))
    assert stay.asks_password
    assert "password" in _plain(stay.status())
    stay.asks_password = False
    stay.hear(Connecting(again=False))
    assert "connecting" in _plain(stay.status())


def test_a_break_is_counted_down() -> None:
    """The seconds fall with the clock, an attempt is told, and in the room again nothing is."""
    stay, clock = _in_room()
    stay.hear(Interrupted(ConnectionLost("Gone."), 8.0))
    assert "reconnecting in 8 s" in _plain(stay.status())
    clock.seconds += 5
    assert "reconnecting in 3 s" in _plain(stay.status())
    assert stay.restless
    clock.seconds += 50
    assert "in 0 s" in _plain(stay.status())
    stay.hear(Connecting(again=True))
    assert "connecting again" in _plain(stay.status())
    stay.hear(entered(back=True))
    assert "connecting" not in _plain(stay.status())
    assert not stay.restless


def test_leaving_is_told() -> None:
    """Who waits for the goodbye sees why."""
    stay, _ = _in_room()
    stay.leaving = True
    assert "leaving…" in _plain(stay.status())


def test_members_follow_who_comes_goes_and_changes() -> None:
    """The members are always those of the moment; we are one of them."""
    stay, _ = _in_room("bob")
    for event in (
        MemberJoined("cy"),
        MemberJoined("cy"),
        MemberLeft("bob", ""),
        MemberRenamed("cyril", "cy", you=False),
        MemberRenamed("anna", "ann", you=True),
        MemberLeft("nobody", ""),
    ):
        stay.hear(event)
    assert sorted(stay.members) == ["anna", "cyril"]
    assert stay.you == "anna"


def test_who_is_not_encrypted_is_known_by_whatever_name() -> None:
    """From the welcome, from coming, through a new name, until they leave."""
    stay, _ = _in_room()
    stay.hear(entered("bob", unencrypted=("bob",)))
    stay.hear(MemberJoined("cy", encrypted=False))
    stay.hear(MemberJoined("dan"))
    stay.hear(MemberRenamed("rob", "bob", you=False))
    assert stay.unencrypted == {"rob", "cy"}
    stay.hear(MemberLeft("cy", "left"))
    assert stay.unencrypted == {"rob"}
    stay.hear(entered("rob", back=True))
    assert stay.unencrypted == set()


def test_who_types_is_shown_until_the_message_or_a_pause() -> None:
    """Two who type are named together; a message ends it, and so does silence."""
    stay, clock = _in_room("bob", "cy")
    stay.hear(MemberTyping("bob"))
    stay.hear(MemberTyping("cy"))
    assert "bob and cy are typing…" in _plain(stay.status())
    stay.hear(heard("done", "bob"))
    assert "cy is typing…" in _plain(stay.status())
    clock.seconds += TYPING_SHOWN_S
    assert "typing" not in _plain(stay.status())


def test_what_waits_stands_above_the_line_being_typed() -> None:
    """A message waits until its own receipt; of many the last are shown and the others counted."""
    stay, _ = _in_room()
    assert stay.waiting() == []
    for number in range(1, 6):
        stay.said(f"id{number}", f"text {number}\nmore")
    shown = [_plain(row) for row in stay.waiting()]
    assert shown == ["… 2 more wait to be sent", *(f"… text {n}\\nmore" for n in (3, 4, 5))]
    stay.hear(heard("not ours", seq=4))
    assert len(stay.unsent) == 5
    stay.hear(heard("text 4", "ann", seq=4, own=True))
    stay.hear(MessageFailed("id5", "text 5", "No.", ""))
    assert len(stay.unsent) == 3
    stay.said("long", "x" * 500)
    assert max(len(_plain(row)) for row in stay.waiting()) < 70


def test_a_hostile_room_forges_nothing() -> None:
    """Names of rooms and members come from others: no escape and no line break gets through."""
    stay = Stay(_Clock())
    stay.hear(entered("bob\x1b[2J\n* eve came", room=room_facts("Kit\x1b]0;\nchen")))
    shown = _plain(stay.status()) + "".join(stay.members)
    assert "\x1b" not in shown
    assert "\n" not in shown


def test_names_are_joined_as_people_do() -> None:
    """One, two, several, and many with the rest counted."""
    assert joined_names(["ann"]) == "ann"
    assert joined_names(["ann", "bob"]) == "ann and bob"
    assert joined_names(["ann", "bob", "cy"]) == "ann, bob and cy"
    assert joined_names([*"abcdef"]) == "a, b, c and 3 others"
