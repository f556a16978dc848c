"""The state of hosting, and the confirmation before a state room closes."""

from __future__ import annotations

from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.conversation.hosting_state import HostingState


def open_hosting() -> HostingState:
    """Return the state of a window that hosts its room."""
    state = HostingState()
    state.start_opening()
    state.mark_open()
    return state


def test_leaving_needs_no_confirmation_without_hosting() -> None:
    """Nor while the room is being opened, or after that failed."""
    state = HostingState()
    assert not state.needs_confirmation(closing_window=True)
    state.start_opening()
    assert not state.needs_confirmation(closing_window=False)
    state.mark_failed()
    assert not state.needs_confirmation(closing_window=True)
    assert state.banner("Office") is None


def test_opening_has_a_banner_without_buttons() -> None:
    """So that the room can't be opened twice."""
    state = HostingState()
    state.start_opening()
    banner = state.banner("Office")
    assert banner is not None
    assert "Opening “Office”" in banner.text
    assert banner.actions == ()
    state.mark_open()
    assert state.banner("Office") is None


def test_leaving_needs_confirmation_every_time() -> None:
    """A second press of the same button may be a double click."""
    state = open_hosting()
    assert state.needs_confirmation(closing_window=False)
    assert state.needs_confirmation(closing_window=False)
    banner = state.banner("Office")
    assert banner is not None
    assert banner.actions == (BannerAction.CLOSE_FOR_ALL, BannerAction.STAY)
    assert "everybody" in banner.text
    state.cancel_leave()
    assert state.banner("Office") is None


def test_closing_the_window_twice_confirms_it() -> None:
    """Unless the user stayed in between, or wanted only to leave the room."""
    state = open_hosting()
    assert state.needs_confirmation(closing_window=False)
    assert state.needs_confirmation(closing_window=True)
    assert state.closing_window
    assert not state.needs_confirmation(closing_window=True)
    state.cancel_leave()
    assert state.needs_confirmation(closing_window=True)
