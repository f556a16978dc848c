"""Whether this window hosts the room, and the question before it closes it for all."""

from __future__ import annotations

from messango.gui.model.banner import BannerAction
from messango.gui.model.hosting_state import HostingState


def open_hosting() -> HostingState:
    """Return a room that is open here."""
    hosted = HostingState()
    hosted.start_opening()
    hosted.mark_open()
    return hosted


def test_a_room_elsewhere_is_left_without_a_question() -> None:
    """Nor is one asked while nobody can be in yet, or after it could not be opened."""
    hosted = HostingState()
    assert not hosted.needs_confirmation(closing_window=True)
    hosted.start_opening()
    assert not hosted.needs_confirmation(closing_window=False)
    hosted.mark_failed()
    assert not hosted.needs_confirmation(closing_window=True)
    assert hosted.banner("Office") is None


def test_opening_takes_a_moment_and_says_so() -> None:
    """Without a button that could open it twice."""
    hosted = HostingState()
    hosted.start_opening()
    banner = hosted.banner("Office")
    assert banner is not None
    assert "“Office” is being opened" in banner.text
    assert banner.actions == ()
    hosted.mark_open()
    assert hosted.banner("Office") is None


def test_leaving_is_asked_until_it_is_answered() -> None:
    """A second press of the same button may be a double click."""
    hosted = open_hosting()
    assert hosted.needs_confirmation(closing_window=False)
    assert hosted.needs_confirmation(closing_window=False)
    banner = hosted.banner("Office")
    assert banner is not None
    assert banner.actions == (BannerAction.CLOSE_FOR_ALL, BannerAction.STAY)
    assert "everybody" in banner.text
    hosted.cancel_leave()
    assert hosted.banner("Office") is None


def test_the_window_is_asked_about_once() -> None:
    """Who closes it again means it; who stayed, or had only wanted to leave, is asked."""
    hosted = open_hosting()
    assert hosted.needs_confirmation(closing_window=False)
    assert hosted.needs_confirmation(closing_window=True)
    assert hosted.closing_window
    assert not hosted.needs_confirmation(closing_window=True)
    hosted.cancel_leave()
    assert hosted.needs_confirmation(closing_window=True)
