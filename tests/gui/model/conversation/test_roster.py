"""The rows of the window's member list."""

from __future__ import annotations

from messango.client.members.presence import LOST_SHOWN_S
from messango.gui.model.conversation.roster import MemberRow, Roster
from messango.protocol import error_codes
from messango.protocol.frames import Person
from messango.protocol.text.validation import HOST_NAME


class Clock:
    """A clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def new_roster(clock: Clock | None = None) -> Roster:
    """Return a roster of Ben and us, Ann."""
    roster = Roster(clock or Clock())
    roster.reset("Ann", [Person("", "Ben"), Person("", "Ann")])
    return roster


def test_a_lost_connection_is_listed_for_a_while() -> None:
    """Below the members, until the time is over or they are back."""
    clock = Clock()
    roster = new_roster(clock)
    roster.member_left("Ben", error_codes.CONNECTION_BROKE)
    assert roster.rows == [MemberRow("Ann", you=True), MemberRow("Ben", lost=True)]
    assert (len(roster), roster.rows[1].status) == (1, "lost connection")
    roster.member_joined(Person("", "Ben"))
    assert roster.rows[1] == MemberRow("Ben")
    roster.member_left("Ben", error_codes.CONNECTION_BROKE)
    clock.seconds += LOST_SHOWN_S
    assert [row.name for row in roster.rows] == ["Ann"]


def test_members_who_leave_by_choice_are_gone() -> None:
    """Only a broken connection leaves a row behind."""
    roster = new_roster()
    roster.member_left("Ben", "left")
    assert [row.name for row in roster.rows] == ["Ann"]


def test_an_unencrypted_member_is_marked_under_a_new_name_too() -> None:
    """The mark belongs to the connection: who joins under the name later does not inherit it."""
    roster = new_roster()
    roster.member_joined(Person("", "Eve", encrypted=False))
    roster.member_renamed("Mallory", "Eve")
    assert [row.encrypted for row in roster.rows] == [True, True, False]
    roster.member_left("Mallory", "left")
    roster.member_joined(Person("", "Mallory"))
    assert roster.rows[-1].encrypted


def test_what_others_should_know_stands_below_the_name() -> None:
    """Who only looks like somebody, before anything else; the host is marked behind the name."""
    roster = Roster(Clock())
    roster.reset(
        "Ann",
        [
            Person("a1", "Ann", host=True),
            Person("b1", "Ben", host=True),
            Person("c1", "C", encrypted=False, resembles="Ben Lee"),
            Person("d1", "D", resembles=HOST_NAME),
            Person("e1", "E", web=True),
            Person("f1", "F", encrypted=False),
            Person("g1", "G", web=True, resembles="Ben Lee"),
        ],
    )
    assert [row.status for row in roster.rows] == ["you, host", "host", "", "", "", "", ""]
    roster.typing_started(roster.rows[1].name)
    assert roster.rows[1].status == "host, typing…"
    assert [row.warnings for row in roster.rows] == [
        (),
        (),
        ("looks like “Ben Lee”",),
        ("looks like the host",),
        ("by browser",),
        ("not encrypted",),
        ("looks like “Ben Lee”", "by browser"),
    ]
    assert [row.id for row in roster.rows] == ["a1", "b1", "c1", "d1", "e1", "f1", "g1"]


def test_the_status_shows_the_most_urgent_text() -> None:
    """`typing…` comes before `you`."""
    roster = new_roster()
    assert [row.status for row in roster.rows] == ["you", ""]
    roster.typing_started("Ben")
    roster.typing_started("Ann")
    assert [row.status for row in roster.rows] == ["typing…", "typing…"]
    roster.clear_typing()
    assert roster.typing_text == ""


def test_members_are_in_groups_by_server() -> None:
    """Ours first; the heading stands above the first row of each. Whoever lost the connection comes last."""
    roster = new_roster()
    roster.server = "desk-1"
    assert [row.heading for row in roster.rows] == ["", ""], "nobody is elsewhere"
    for name, server in (("Cleo", "west"), ("Deniz", ""), ("Emil", "East"), ("Fay", "west"), ("Gil", "")):
        roster.member_joined(Person(name, name, server=server))
    roster.member_left("Gil", "connection-broke")
    assert [(row.heading, row.name) for row in roster.rows] == [
        ("desk-1", "Ann"),
        ("", "Ben"),
        ("", "Deniz"),
        ("East", "Emil"),
        ("west", "Cleo"),
        ("", "Fay"),
        ("Away", "Gil"),
    ]
