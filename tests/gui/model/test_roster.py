"""Who is in, who types, who may be back."""

from __future__ import annotations

from messango.client.events import MemberLeft
from messango.gui.model.roster import LOST_SHOWN_S, MemberRow, Roster
from messango.protocol import error_codes


class Clock:
    """A clock that a test moves."""

    seconds = 0.0

    def __call__(self) -> float:
        """Return the seconds."""
        return self.seconds


def new(clock: Clock | None = None) -> Roster:
    """Return a roster of Ben and us."""
    roster = Roster(clock or Clock())
    roster.reset("Ann", ["Ben", "Ann"])
    return roster


def test_who_lost_the_connection_stays_in_sight_for_a_while() -> None:
    """Below those who are in; they are gone after a while, or in again when they come back."""
    clock = Clock()
    roster = new(clock)
    roster.member_left(MemberLeft("Ben", error_codes.CONNECTION_BROKE))
    assert roster.rows == [MemberRow("Ann", you=True), MemberRow("Ben", lost=True)]
    assert (len(roster), roster.rows[1].status) == (1, "lost connection")
    roster.member_joined("Ben")
    assert roster.rows[1] == MemberRow("Ben")
    roster.member_left(MemberLeft("Ben", error_codes.CONNECTION_BROKE))
    clock.seconds += LOST_SHOWN_S
    assert [row.name for row in roster.rows] == ["Ann"]


def test_who_left_by_choice_is_gone() -> None:
    """They will say hello when they are back."""
    roster = new()
    roster.member_left(MemberLeft("Ben", "left"))
    assert [row.name for row in roster.rows] == ["Ann"]


def test_who_is_not_encrypted_keeps_the_mark_under_another_name() -> None:
    """The mark is the connection's, and a name is only a name."""
    roster = new()
    roster.member_joined("Eve", encrypted=False)
    roster.member_renamed("Mallory", "Eve")
    assert [row.encrypted for row in roster.rows] == [True, True, False]
    roster.member_left(MemberLeft("Mallory", "left"))
    roster.member_joined("Mallory")
    assert roster.rows[-1].encrypted


def test_the_first_note_is_the_most_urgent() -> None:
    """Typing counts more than being oneself."""
    roster = new()
    assert [row.status for row in roster.rows] == ["you", ""]
    roster.typing_started("Ben")
    assert [row.status for row in roster.rows] == ["you", "typing…"]
    roster.clear_typing()
    assert roster.typing_text == ""
