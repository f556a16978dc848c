"""Whom a typed name means, if names look the same or alike."""

from __future__ import annotations

from messango.protocol import error_codes
from messango.protocol.frames import Problem
from messango.room.host.host_command import BanName, Kick
from tests.room.batches import BEN, RoomHarness
from tests.room.host_commands import fail, run
from tests.room.test_moderation import NEW, expect_refusal

#: `Ann` with a Cyrillic A.
FAKE_ANN = "\u0410nn"


def test_names_that_look_alike(harness: RoomHarness) -> None:
    """The host chooses by the number; nobody is removed by a guess, whichever name was typed."""
    harness.join_admitted(NEW, FAKE_ANN)
    ids = {member.name: member.id for member in harness.room.members}
    for typed in ("Ann", FAKE_ANN, "an"):
        question = fail(harness, Kick(typed))
        assert f"“Ann” (#{ids['Ann'][:4]}, 192.0.2.1)" in question
        assert f"“{FAKE_ANN}” (#{ids[FAKE_ANN][:4]}, 192.0.2.20)" in question
    assert not harness.closed
    run(harness, Kick(f"#{ids[FAKE_ANN][:4]}"))
    assert harness.closed == {NEW}
    assert "removed" in run(harness, Kick("Ann"))


def test_a_name_that_looks_only_as_typed_like_another(harness: RoomHarness) -> None:
    """`lan` is `Lan`, who does not look like `Ian`: nobody has to be asked."""
    harness.join_admitted(NEW, "Lan")
    harness.join_admitted(NEW + 1, "Ian")
    assert "“Lan” was removed" in run(harness, Kick("lan"))
    assert harness.closed == {NEW}


def test_a_name_as_it_is_shown(harness: RoomHarness) -> None:
    """Lists show a quotation mark in a name as a single one, and the host types what they read."""
    harness.join_admitted(NEW, 'Tom "T" Ray')
    assert "“Tom 'T' Ray” was removed" in run(harness, Kick("tom 't' ray"))
    assert harness.closed == {NEW}


def test_by_the_whole_id(harness: RoomHarness) -> None:
    """As the window does, which knows whom the host has clicked."""
    fake = harness.join_admitted(NEW, FAKE_ANN).member
    run(harness, Kick("Ann", member=fake))
    assert harness.closed == {NEW}


def test_a_name_like_an_id_is_not_guessed(harness: RoomHarness) -> None:
    """A member can't hide behind the number of another."""
    ann = next(iter(harness.room.members))
    harness.join_admitted(NEW, f"#{ann.id[:4]}")
    assert "may be" in fail(harness, Kick(f"#{ann.id[:4]}"))


def test_a_name_that_looks_the_same_is_banned_too(harness: RoomHarness) -> None:
    """With invisible characters, and in other letters."""
    run(harness, BanName("Zoe"))
    for number, name in enumerate(("zoe\u2800", "Z\u034foe", "Z\u043ee")):
        assert expect_refusal(harness, NEW + number, name).code == error_codes.BANNED
    harness.rename(BEN, "Zo\u0435")
    assert "banned" in harness.last_frame(BEN, Problem).reason
