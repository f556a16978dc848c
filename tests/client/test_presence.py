"""The members of a room, as the window and the terminal show them."""

from __future__ import annotations

import pytest

from messango.client.presence import (
    LOST_SHOWN_S,
    MAX_LOST,
    TYPING_SHOWN_S,
    Presence,
    PresenceSummary,
)
from messango.protocol.error_codes import CONNECTION_BROKE


class _Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def _presence(*members: str) -> tuple[Presence, _Clock]:
    clock = _Clock()
    presence = Presence(clock)
    presence.reset("Ann", ["Ann", *members])
    return presence, clock


def test_members_are_kept_in_the_order_in_which_they_joined() -> None:
    """A second join changes nothing, nor does the leave of a stranger; a rename keeps the place."""
    presence, _ = _presence("Ben", "Cleo")
    presence.member_joined("Dan")
    presence.member_joined("Ben")
    presence.member_left("nobody", "left")
    presence.member_renamed("Benno", "Ben")
    presence.member_renamed("Anna", "Ann")
    presence.member_left("Cleo", "left")
    assert presence.names == ["Anna", "Benno", "Dan"]
    assert (presence.you, len(presence)) == ("Anna", 3)


def test_unencrypted_marks_follow_the_connection() -> None:
    """From the welcome or the join, through a new name, until the member leaves."""
    presence, _ = _presence()
    presence.reset("Ann", ["Ann", "Ben"], unencrypted=["Ben"])
    presence.member_joined("Cleo", encrypted=False)
    presence.member_joined("Dan")
    presence.member_renamed("Benno", "Ben")
    assert presence.unencrypted == {"Benno", "Cleo"}
    presence.member_left("Cleo", "left")
    presence.member_joined("Benno")
    assert presence.unencrypted == set()


@pytest.mark.parametrize(
    ("typing", "text"),
    [
        ([], ""),
        (["Ben"], "Ben is typing…"),
        (["Cleo", "Ben"], "Ben and Cleo are typing…"),
        (["Ben", "Cleo", "Dan"], "3 people are typing…"),
        (["a stranger"], ""),
    ],
)
def test_typing_members_are_named_or_counted(typing: list[str], text: str) -> None:
    """In the order of the members; a name that is not in the room is ignored."""
    presence, _ = _presence("Ben", "Cleo", "Dan")
    for name in typing:
        presence.typing_started(name)
    assert presence.typing_text == text


def test_typing_ends_with_the_message_or_a_leave_or_after_a_pause() -> None:
    """And when the connection is gone."""
    presence, clock = _presence("Ben", "Cleo", "Dan")
    for name in ("Ben", "Cleo", "Dan"):
        presence.typing_started(name)
    presence.message_received("Ben")
    presence.member_left("Cleo", "left")
    presence.member_renamed("Dana", "Dan")
    assert presence.typing_names == []
    presence.typing_started("Ben")
    clock.seconds += TYPING_SHOWN_S
    assert presence.typing_names == []
    presence.typing_started("Ben")
    presence.clear_typing()
    assert presence.typing_names == []


def test_lost_connections_are_listed_until_they_are_back() -> None:
    """By a join, by a welcome that has them, or for a while; the end of the session removes everybody."""
    presence, clock = _presence("Ben", "Cleo")
    for name in ("Ben", "Cleo"):
        presence.member_left(name, CONNECTION_BROKE)
    assert presence.lost == ["Ben", "Cleo"]
    presence.member_joined("Ben")
    assert presence.lost == ["Cleo"]
    presence.reset("Ann", ["Ann", "Cleo"])
    assert presence.lost == []
    presence.member_left("Cleo", CONNECTION_BROKE)
    clock.seconds += LOST_SHOWN_S
    assert presence.lost == []
    presence.member_left("Ann", CONNECTION_BROKE)
    presence.clear()
    assert (presence.names, presence.lost) == ([], [])


def test_each_kind_of_change_is_summarised_once() -> None:
    """Joins, returns, leaves and short visits, in this order."""
    summary = PresenceSummary()
    assert not summary
    for name in ("Ben", "Chiara", "Fay"):
        summary.member_joined(name)
    summary.member_left("Deniz", "left")
    summary.member_left("Eve", "the connection broke.")
    summary.member_left("Fay", "left")
    summary.member_left("Gus", "left")
    summary.member_joined("Gus")
    assert summary
    assert summary.text == (
        "Ben and Chiara joined · Gus left and came back · Deniz left · "
        "Eve left (the connection broke) · Fay joined and left"
    )
    assert summary.sentences(lasting_only=True) == [
        "Ben and Chiara joined",
        "Deniz left",
        "Eve left (the connection broke)",
    ]


def test_only_the_net_change_counts() -> None:
    """A member who joins and leaves a hundred times is mentioned once."""
    summary = PresenceSummary()
    for _ in range(100):
        summary.member_joined("Ben")
        summary.member_left("Ben", "left")
    assert summary.text == "Ben joined and left"
    assert summary.sentences(lasting_only=True) == []
    summary.member_joined("Ben")
    assert summary.text == "Ben joined"


def test_people_who_were_never_here_leave_no_trace() -> None:
    """A room could name new ones without end."""
    presence, _ = _presence("Ann", "Ben")
    presence.typing_started("Nobody")
    presence.member_left("Nobody", CONNECTION_BROKE)
    presence.member_renamed("Somebody", "Nobody")
    presence.reset("Ann", ["Ann", "Ben", "Ben"], unencrypted=["Nobody"])
    assert (presence.names, presence.typing_names, presence.lost) == (["Ann", "Ben"], [], [])
    assert presence.unencrypted == set()


def test_only_so_many_lost_connections_are_listed() -> None:
    """The latest ones."""
    presence, _ = _presence("Ann")
    for number in range(MAX_LOST + 1):
        presence.member_joined(str(number))
        presence.member_left(str(number), CONNECTION_BROKE)
    assert presence.lost == [str(number) for number in range(1, MAX_LOST + 1)]


def test_a_new_name_keeps_its_place() -> None:
    """Also among many."""
    presence, _ = _presence("Ann", "Ben", "Cleo")
    presence.member_renamed("Benno", "Ben")
    presence.member_joined("Dora")
    assert presence.names == ["Ann", "Benno", "Cleo", "Dora"]
