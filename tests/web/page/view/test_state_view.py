"""What the page says of the connection, and what it offers."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

VIEW = "view/state_view.js"


def session(state: str, **fields: Any) -> dict[str, Any]:
    """Return a session in this state."""
    empty = {"code": "", "reason": "", "hint": "", "isWaiting": False, "room": None, "people": {"count": 0}}
    return {"state": state, **empty, **fields}


@pytest.mark.parametrize(
    ("state", "count", "line"),
    [
        ("new", 0, "Not joined yet"),
        ("connecting", 0, "Connecting…"),
        ("joined", 2, "2 of 5 seats taken"),
        ("joined", 6, "6 members"),
        ("reconnecting", 2, "Reconnecting…"),
        ("refused", 0, "Not in the room"),
        ("closed", 2, "Not in the room"),
        ("elsewhere", 2, "Not in the room"),
    ],
)
def test_the_line_below_the_name(modules: Modules, state: str, count: int, line: str) -> None:
    """How full the room is, or that we are not in it."""
    shown = session(state, room={"seats": 5}, people={"count": count})
    assert modules.call(VIEW, "stateLine", shown) == line


def test_the_line_says_waiting(modules: Modules) -> None:
    """Not that there is a connection coming, for as long as somebody waits for a seat."""
    assert modules.call(VIEW, "stateLine", session("connecting", isWaiting=True)) == "Waiting…"


@pytest.mark.parametrize("state", ["new", "connecting", "joined", "reconnecting"])
def test_as_long_as_nothing_is_wrong_there_is_no_banner(modules: Modules, state: str) -> None:
    """A break of a moment is only in the line."""
    assert modules.call(VIEW, "bannerOf", session(state)) is None


@pytest.mark.parametrize(
    ("shown", "text", "buttons", "is_final"),
    [
        (session("elsewhere"), "The conversation goes on in another tab", ["Continue here"], False),
        (session("connecting", reason="No answer."), "No answer. Trying again…", ["Retry now"], False),
        (session("reconnecting", reason="No answer."), "No answer. Reconnecting…", ["Retry now"], False),
        (session("refused", code="full", reason="Full."), "Full.", ["Wait for a seat"], False),
        (
            session("connecting", code="full", reason="Full.", isWaiting=True),
            "Waiting. Full.",
            ["Stop waiting"],
            False,
        ),
        (session("refused", code="wrong-key", reason="Old."), "Old.", [], True),
        (session("refused", code="key-required", reason="No."), "No.", [], True),
        (session("refused", code="bad-name", reason="Bad."), "Bad.", [], False),
        (session("refused", code="other-room", reason="Other."), "Other.", [], False),
        (session("closed", code="no-guests", reason="Off."), "Off.", [], True),
        (session("closed", code="kicked", reason="Out."), "Out.", ["Rejoin"], False),
        (session("closed", code="left", reason="Left."), "Left.", ["Rejoin"], False),
        (session("closed", code="closing", reason="Over."), "Over.", ["Try again"], False),
        (session("refused", code="banned", reason="Banned."), "Banned.", ["Try again"], False),
    ],
)
def test_the_banner(
    modules: Modules, shown: dict[str, Any], text: str, buttons: list[str], *, is_final: bool
) -> None:
    """Says what happened, and offers what helps."""
    banner = modules.call(VIEW, "bannerOf", shown)
    assert banner["text"].startswith(text)
    assert [button["label"] for button in banner["buttons"]] == buttons
    assert banner["isFinal"] is is_final


@pytest.mark.parametrize(
    ("code", "until"),
    [("full", "You'll join when a seat is free."), ("locked", "You'll join when the host unlocks")],
)
def test_what_is_waited_for(modules: Modules, code: str, until: str) -> None:
    """A seat, or the host."""
    waiting = session("connecting", code=code, reason="R.", isWaiting=True)
    assert modules.call(VIEW, "bannerOf", waiting)["hint"].startswith(until)


def test_what_is_written_meanwhile_is_not_lost(modules: Modules) -> None:
    """And the person reads that."""
    banner = modules.call(VIEW, "bannerOf", session("reconnecting", reason="R.", hint="H."))
    assert banner["hint"] == "Keep writing; it will be sent when you are back. H."


def test_the_line_counts_the_servers_of_a_linked_room(modules: Modules) -> None:
    """Each has its own seats."""
    people = {"count": 30, "servers": ["a", "b", "c"]}
    line = modules.call(VIEW, "stateLine", session("joined", room={"seats": 5}, people=people))
    assert line == "30 members at 3 servers"


def test_a_server_without_its_link_has_a_banner_without_buttons(modules: Modules) -> None:
    """Nothing is to be done; a broken connection matters more."""
    link = {"reason": "The link is down.", "hint": "What you say waits."}
    banner = {"text": link["reason"], "hint": link["hint"], "isFinal": False, "buttons": []}
    assert modules.call(VIEW, "bannerOf", session("joined", linkDown=link)) == banner
    broken = session("reconnecting", linkDown=link, reason="The connection was lost.")
    assert modules.call(VIEW, "bannerOf", broken)["text"] == "The connection was lost. Reconnecting…"
