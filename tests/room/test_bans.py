"""Bans, and which clients they match."""

from __future__ import annotations

import pytest

from messango.room.bans import MAX_KICKED_SESSIONS, Ban, Bans, format_duration


def test_an_empty_part_matches_nobody() -> None:
    """A ban without a name does not apply to empty names."""
    assert not Ban(networks=("192.0.2.1",)).matches([""], "", "")
    assert not Ban("Ann").matches([""], "192.0.2.1", "")


def test_names_are_compared_as_in_the_room() -> None:
    """Without case, width and invisible characters."""
    for name in ("ANN", "\uff21nn", "an\u200dn", " ann "):
        assert Ban("Ann").matches([name], "", "")
    assert not Ban("Ann").matches(["Ann 2"], "", "")


def test_a_ban_ends() -> None:
    """At its time, and is removed then."""
    bans = Bans([Ban("Ann", until_s=100.0), Ban("Bob")])
    assert bans.find(["ann"], "", "", 99.9)
    assert bans.find(["ann"], "", "", 100.0) is None
    assert [str(ban) for ban in bans] == ["Bob"]


def test_kicked_sessions() -> None:
    """As many as the room remembers; the oldest is dropped."""
    bans = Bans(kicked_sessions=[f"{number}" for number in range(MAX_KICKED_SESSIONS)])
    bans.add_kicked("0")
    bans.add_kicked("new")
    assert bans.was_kicked("0")
    assert bans.was_kicked("new")
    assert not bans.was_kicked("1")
    assert len(bans.kicked_sessions) == MAX_KICKED_SESSIONS


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "1 second"),
        (0.2, "1 second"),
        (60, "1 minute"),
        (3_600.0000001, "1 hour"),
        (61, "61 seconds"),
        (119.5, "120 seconds"),
        (600, "10 minutes"),
        (599.1, "10 minutes"),
        (7_199, "120 minutes"),
        (7_200, "2 hours"),
        (3 * 86_400, "3 days"),
    ],
)
def test_durations_in_words(seconds: float, words: str) -> None:
    """Rounded up, in the largest unit of which there are two."""
    assert format_duration(seconds) == words
