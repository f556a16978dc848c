"""How many files a server gives to others at once."""

from __future__ import annotations

from messango.link.files.given_files import IDLE_S, MAX_GIVEN, GivenFiles


def test_only_so_many_at_once() -> None:
    """Those under way go on."""
    given = GivenFiles()
    for number in range(MAX_GIVEN):
        assert given.has_room(f"t{number}", 0.0)
        given.note(f"t{number}", 0.0)
    assert not given.has_room("more", 1.0)
    assert given.has_room("t0", 1.0)


def test_a_transfer_that_has_stopped_makes_room() -> None:
    """Nobody says that it is over."""
    given = GivenFiles()
    for number in range(MAX_GIVEN):
        given.note(f"t{number}", float(number))
    assert given.has_room("more", IDLE_S)
    assert given.take_idle(IDLE_S) == ["t0"]
    assert given.take_idle(IDLE_S) == []


def test_a_transfer_that_fails_makes_room() -> None:
    """As when its file was deleted."""
    given = GivenFiles()
    for number in range(MAX_GIVEN):
        given.note(f"t{number}", 0.0)
    given.end("t1")
    assert given.has_room("more", 0.0)
    given.end("t1")
