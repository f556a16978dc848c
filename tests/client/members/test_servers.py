"""Members in groups, one for each server of a linked room."""

from __future__ import annotations

from messango.client.members.servers import by_server, place_text


def test_ours_comes_first_and_the_others_by_their_names() -> None:
    """Members keep their order."""
    members = [("Ann", ""), ("Ben", "west"), ("Cleo", "East"), ("Deniz", ""), ("Emil", "west")]
    groups = [
        (server, [name for name, _ in group]) for server, group in by_server(members, lambda each: each[1])
    ]
    assert groups == [("", ["Ann", "Deniz"]), ("East", ["Cleo"]), ("west", ["Ben", "Emil"])]


def test_a_room_with_one_server_is_one_group() -> None:
    """And nobody is none."""
    assert by_server(["Ann", "Ben"], lambda _: "") == [("", ["Ann", "Ben"])]
    assert by_server([], lambda _: "") == []


def test_how_a_line_begins() -> None:
    """A name that could be read as something else is quoted."""
    assert place_text("", "") == "Here"
    assert place_text("", "desk-1") == "Here, at desk-1"
    assert place_text("desk-12", "desk-1") == "At desk-12"
    assert place_text("x: Ann, Ben", "") == "At “x: Ann, Ben”"
