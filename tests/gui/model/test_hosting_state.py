"""Whether this window hosts the room, and the question before it closes it for all."""

from __future__ import annotations

from messango.gui.model.banner import Step
from messango.gui.model.hosting_state import Hosted


def hosting() -> Hosted:
    """Return a room that is open here."""
    hosted = Hosted()
    hosted.begin()
    hosted.opened()
    return hosted


def test_a_room_elsewhere_is_left_without_a_question() -> None:
    """Nor is one asked while nobody can be in yet, or after it could not be opened."""
    hosted = Hosted()
    assert not hosted.must_ask(quits=True)
    hosted.begin()
    assert not hosted.must_ask(quits=False)
    hosted.failed()
    assert not hosted.must_ask(quits=True)
    assert hosted.banner("Office") is None


def test_opening_takes_a_moment_and_says_so() -> None:
    """Without a button that could open it twice."""
    hosted = Hosted()
    hosted.begin()
    banner = hosted.banner("Office")
    assert banner is not None
    assert "“Office” is being opened" in banner.text
    assert banner.steps == ()
    hosted.opened()
    assert hosted.banner("Office") is None


def test_leaving_is_asked_until_it_is_answered() -> None:
    """A second press of the same button may be a double click."""
    hosted = hosting()
    assert hosted.must_ask(quits=False)
    assert hosted.must_ask(quits=False)
    banner = hosted.banner("Office")
    assert banner is not None
    assert banner.steps == (Step.CLOSE_FOR_ALL, Step.STAY)
    assert "everybody" in banner.text
    hosted.stay()
    assert hosted.banner("Office") is None


def test_the_window_is_asked_about_once() -> None:
    """Who closes it again means it; who stayed, or had only wanted to leave, is asked."""
    hosted = hosting()
    assert hosted.must_ask(quits=False)
    assert hosted.must_ask(quits=True)
    assert hosted.quits
    assert not hosted.must_ask(quits=True)
    hosted.stay()
    assert hosted.must_ask(quits=True)
