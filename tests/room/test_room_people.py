"""What everybody is told about a member: who only looks like another one, and who is host."""

from __future__ import annotations

import pytest

from messango.protocol import error_codes
from messango.protocol.frames import Joined, Refused, Renamed
from messango.protocol.limits import MAX_RAW_NAME_CHARACTERS
from messango.room import bans
from messango.room.bans import Ban
from messango.room.host.host_events import MemberJoined, MemberRenamed
from messango.room.peer import Peer
from tests.room.batches import ANN, BEN, RoomHarness, peer_at


def test_a_name_that_looks_the_same_is_taken(harness: RoomHarness) -> None:
    """With spaces, invisible characters or blanks in it."""
    assert harness.join_admitted(4, "A\u034fn\u3164n\u2800").you == "Ann 2"
    assert harness.join_admitted(5, "Ann\ufe0f").you == "Ann 3"


def test_a_name_that_looks_like_another_is_told_to_everybody(harness: RoomHarness) -> None:
    """To those who are here, to those who come later, and to the host."""
    fake = "\u0410nn"
    harness.join(4, fake)
    assert harness.take_received(BEN) == [Joined(fake, resembles="Ann")]
    assert harness.events == [MemberJoined(str(peer_at(4)), fake, 4, 5, resumed=False, resembles="Ann")]
    people = {person.name: person for person in harness.join_admitted(5, "Eve").people}
    assert (people[fake].resembles, people["Ann"].resembles) == ("Ann", "")
    harness.clear_received()
    harness.rename(5, "B\u0435n")
    assert harness.take_received(ANN) == [Renamed("B\u0435n", "Eve", resembles="Ben")]
    assert MemberRenamed("B\u0435n", "Eve", "Ben") in harness.events


def test_a_name_that_fills_a_frame_is_never_compared(
    harness: RoomHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Comparing it would cost the room time, and what is remembered of a comparison would cost memory."""
    harness.room.admission.bans.add(Ban(name="Mallory"))
    compared: list[str] = []
    monkeypatch.setattr(bans, "looks_like", lambda _, name: compared.append(name))
    harness.join(4, "\u0416" * 30_000)
    assert harness.last_frame(4, Refused).code == error_codes.BAD_NAME
    assert [len(name) for name in compared] == [MAX_RAW_NAME_CHARACTERS]


def test_the_host_is_known_by_a_secret(harness: RoomHarness) -> None:
    """Everybody is told, by each frame about members; a guess or an address proves nothing."""
    harness.room.admission.host_secret = "s3cret"  # noqa: S105
    harness.join(4, "Dora", host="s3cret")
    assert harness.take_received(BEN) == [Joined("Dora", host=True)]
    harness.peers[5] = Peer("127.0.0.1", 1, local_host="127.0.0.1")
    welcome_5 = harness.join_admitted(5, "Eve", host="s3crét")
    assert [(person.name, person.host) for person in welcome_5.people][-2:] == [
        ("Dora", True),
        ("Eve", False),
    ]
    harness.clear_received()
    harness.rename(4, "Dolly")
    assert harness.take_received(BEN) == [Renamed("Dolly", "Dora", host=True)]


def test_what_others_can_read_does_not_prove_the_host(harness: RoomHarness) -> None:
    """Over a connection that is not encrypted, or in a room without a secret."""
    harness.join(4, "Dora", host="")
    harness.room.admission.host_secret = "s3cret"  # noqa: S105
    harness.peers[5] = Peer("192.0.2.99", 1, encrypted=False)
    welcome = harness.join_admitted(5, "Eve", host="s3cret")
    assert not any(person.host for person in welcome.people)
