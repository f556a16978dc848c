"""A window and a terminal in each of two networks, in one room."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lan.linked_rooms import ROOM, TwoSites, command, link_to, messages, start_engine_host
from tests.lan.rooms import Member
from tests.lan.window import Window

pytestmark = [
    pytest.mark.lan,
    pytest.mark.engine,
    pytest.mark.nft,
    pytest.mark.window,
    pytest.mark.situation,
    pytest.mark.skipif(shutil.which("xdotool") is None, reason="xdotool is not there."),
]


@pytest.fixture
def sites() -> Iterator[TwoSites]:
    """Two networks without a way from one to the other, but for an engine's port."""
    with TwoSites() as both:
        yield both


def test_windows_and_terminals_in_two_networks(sites: TwoSites, tmp_path: Path) -> None:
    """All four see the same conversation, and who is at the other server; pictures are in `tmp_path`."""
    (left, ann_host), (right, ben_host) = sites.left, sites.right
    start_engine_host(left)
    link_to(left, right)
    ann, ben = Member(ann_host, ROOM, "Ann"), Member(ben_host, ROOM, "Ben")
    wendy, walt = Window(ann_host, ROOM, "Wendy"), Window(ben_host, ROOM, "Walt")
    for window in (wendy, walt):
        window.wait_for(*(rf"\n{name}\b" for name in ("Ann", "Ben", "Wendy", "Walt")))
    ann.send_message("from the left terminal")
    walt.wait_for("from the left terminal")
    walt.send_message("from the right window")
    wendy.wait_for("from the right window")
    wendy.send_message("from the left window")
    ben.await_event(event="message", name="Wendy", text="from the left window")
    ben.send_message("from the right terminal")
    shown = [window.wait_for("from the right terminal") for window in (wendy, walt)]
    for member in (ann, ben):
        member.await_event(event="message", name="Ben", text="from the right terminal")
    assert messages(ann) == messages(ben)
    for text in shown:
        places = [text.index(said) for *_, said in messages(ann)]
        assert places == sorted(places)
    for window, name in ((wendy, "left"), (walt, "right")):
        window.take_picture(tmp_path / f"{name}.png")

    command(right, "host", "kick", "Wendy", "Please be quiet")
    kicked = wendy.wait_for("The host removed you")
    assert "Please be quiet" in kicked
    wendy.take_picture(tmp_path / "kicked.png")
