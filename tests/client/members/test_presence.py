"""The members of a room, as the window and the terminal show them."""

from __future__ import annotations

import pytest

from messango.client.members.presence import (
    LOST_SHOWN_S,
    MAX_LOST,
    TYPING_SHOWN_S,
    Presence,
    Whereabouts,
)
from messango.protocol.error_codes import CONNECTION_BROKE, KICKED, LEFT
from messango.protocol.frames import Person


class _Clock:
    seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def people(*names: str) -> list[Person]:
    """Return members of whom no more than the name is known."""
    return [Person("", name) for name in names]


def _presence(*members: str) -> tuple[Presence, _Clock]:
    clock = _Clock()
    presence = Presence(clock)
    presence.reset("Ann", people("Ann", *members))
    return presence, clock


def test_members_are_kept_in_the_order_in_which_they_joined() -> None:
    """A second join changes nothing, nor does the leave of a stranger; a rename keeps the place."""
    presence, _ = _presence("Ben", "Cleo")
    presence.member_joined(Person("", "Dan"))
    presence.member_joined(Person("", "Ben"))
    presence.member_left("nobody", "left")
    presence.member_renamed("Benno", "Ben")
    presence.member_renamed("Anna", "Ann")
    presence.member_left("Cleo", "left")
    assert presence.names == ["Anna", "Benno", "Dan"]
    assert (presence.you, len(presence)) == ("Anna", 3)


def test_what_is_known_of_a_member_follows_the_name() -> None:
    """From the welcome or the join, through a new name, until the member leaves."""
    presence, _ = _presence()
    presence.reset("Ann", [Person("a1", "Ann"), Person("b1", "Ben", encrypted=False, host=True)])
    presence.member_joined(Person("c1", "Cleo", resembles="Ann"))
    presence.member_renamed("Benno", "Ben", "Be\u0301nno")
    presence.member_renamed("Cloe", "Cleo")
    assert presence.person("Benno") == Person(
        "b1", "Benno", host=True, encrypted=False, resembles="Be\u0301nno"
    )
    assert presence.person("Cloe") == Person("c1", "Cloe")
    presence.member_left("Benno", "left")
    presence.member_joined(Person("b2", "Benno"))
    assert presence.person("Benno") == Person("b2", "Benno")


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
    presence.member_joined(Person("", "Ben"))
    assert presence.lost == ["Cleo"]
    presence.reset("Ann", people("Ann", "Cleo"))
    assert presence.lost == []
    presence.member_left("Cleo", CONNECTION_BROKE)
    clock.seconds += LOST_SHOWN_S
    assert presence.lost == []
    presence.member_left("Ann", CONNECTION_BROKE)
    presence.clear()
    assert (presence.names, presence.lost) == ([], [])


def test_people_who_were_never_here_leave_no_trace() -> None:
    """A room could name new ones without end."""
    presence, _ = _presence("Ann", "Ben")
    presence.typing_started("Nobody")
    presence.member_left("Nobody", CONNECTION_BROKE)
    presence.member_renamed("Somebody", "Nobody")
    presence.reset("Ann", people("Ann", "Ben", "Ben"))
    assert (presence.names, presence.typing_names, presence.lost) == (["Ann", "Ben"], [], [])


def test_only_so_many_lost_connections_are_listed() -> None:
    """The latest ones."""
    presence, _ = _presence("Ann")
    for number in range(MAX_LOST + 1):
        presence.member_joined(Person("", str(number)))
        presence.member_left(str(number), CONNECTION_BROKE)
    assert presence.lost == [str(number) for number in range(1, MAX_LOST + 1)]


def test_a_new_name_keeps_its_place() -> None:
    """Also among many."""
    presence, _ = _presence("Ann", "Ben", "Cleo")
    presence.member_renamed("Benno", "Ben")
    presence.member_joined(Person("", "Dora"))
    assert presence.names == ["Ann", "Benno", "Cleo", "Dora"]


def test_a_former_member_is_away_or_gone() -> None:
    """Somebody whose connection broke may come back as the same member; who left or was removed does not."""
    presence = Presence(lambda: 0.0)
    members = [Person(f"id {name}", name) for name in ("Ann", "Ben", "Chiara", "Deniz")]
    presence.reset("Ann", members)
    presence.member_left("Ben", CONNECTION_BROKE)
    presence.member_left("Chiara", LEFT)
    presence.member_left("Deniz", KICKED)
    assert presence.whereabouts("id Ann") is Whereabouts.HERE
    assert presence.whereabouts("id Ben") is Whereabouts.AWAY
    assert presence.whereabouts("never seen") is Whereabouts.AWAY
    assert presence.whereabouts("id Chiara") is presence.whereabouts("id Deniz") is Whereabouts.GONE
    assert presence.lost_id("Ben") == "id Ben"
    presence.member_joined(Person("id Ben", "Ben"))
    assert presence.whereabouts("id Ben") is Whereabouts.HERE
    assert presence.lost_id("Ben") == ""
    assert presence.person_by_id("id Ben") == Person("id Ben", "Ben")


def test_a_member_who_goes_on_at_another_server() -> None:
    """Is the same one, at the same place in the list."""
    presence = Presence(lambda: 0.0)
    presence.reset("Ann", [Person("a", "Ann"), Person("b", "Ben", server="west"), Person("c", "Cleo")])
    presence.member_renamed("Ben", "Ben", server="north")
    assert presence.names == ["Ann", "Ben", "Cleo"]
    assert presence.person("Ben").server == "north"
