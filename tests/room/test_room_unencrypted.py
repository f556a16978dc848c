"""Members whose connections anybody on the network can read: everybody else is told."""

from __future__ import annotations

from messango.protocol.codec import encode
from messango.protocol.frames import Joined, Left, Message, Renamed, Welcome
from messango.protocol.limits import MAX_FRAME_BYTES
from messango.room.batch import CameIn
from messango.room.remote_peer import Peer
from tests.room.batches import AGAIN, ANN, BEN, Table

DORA, EMIL = 4, 5


def join_openly(table: Table, link: int, name: str, session: str | None = None) -> bool:
    """Join over a connection that is not encrypted."""
    table.peers[link] = Peer("192.0.2.99", 1, encrypted=False)
    return table.join(link, name, session)


def test_the_others_and_the_host_are_told(table: Table) -> None:
    """Once, when somebody unencrypted comes; of others nothing is said."""
    join_openly(table, DORA, "Dora")
    table.join(EMIL, "Emil")
    assert table.told(ANN) == [Joined("Dora", encrypted=False), Joined("Emil")]
    assert table.notices == [
        CameIn(DORA, "Dora", back=False, encrypted=False),
        CameIn(EMIL, "Emil", back=False),
    ]


def test_who_comes_later_is_told(table: Table) -> None:
    """The welcome names them, also by a new name; once they have left it does not."""
    join_openly(table, DORA, "Dora")
    assert table.last(DORA, Welcome).unencrypted == ["Dora"]
    table.rename(DORA, "Dorothea")
    assert table.enter(EMIL, "Emil").unencrypted == ["Dorothea"]
    table.part(DORA)
    assert table.enter(6, "Fay").unencrypted == []


def test_what_was_said_in_the_open_proves_nothing(table: Table) -> None:
    """A session that was given over TLS and comes without it may be a thief's, who is somebody else then."""
    first = table.enter(DORA, "Dora")
    table.lose(DORA)
    table.hush()
    assert join_openly(table, AGAIN, "Dora", first.session)
    thief = table.last(AGAIN, Welcome)
    assert (thief.you, thief.member != first.member) == ("Dora 2", True)
    assert table.told(ANN) == [Joined("Dora 2", encrypted=False)]
    table.part(BEN)
    table.join(6, "Dora", thief.session)
    assert table.last(6, Welcome).you == "Dora 3"


def test_without_encryption_one_comes_back_too(table: Table) -> None:
    """A framed client keeps its seat through a break, and nobody is told of a blip."""
    join_openly(table, DORA, "Dora")
    session = table.last(DORA, Welcome).session
    table.lose(DORA)
    table.hush()
    join_openly(table, AGAIN, "Dora", session)
    assert table.last(AGAIN, Welcome).you == "Dora"
    table.rename(AGAIN, "Dorothea")
    table.say(AGAIN, "hello")
    table.part(AGAIN)
    assert [type(frame) for frame in table.told(ANN)] == [Renamed, Message, Left]


def test_a_hall_of_them_fits_into_frames() -> None:
    """Whoever has no room in the welcome is told of one by one, with what is known of each."""
    table = Table(seats=1_000)
    table.begin()
    for link in range(1_000):
        table.peers[link] = Peer("192.0.2.99", 1, encrypted=link % 2 == 0)
        table.join(link, f"{link} {'🥭' * 28}")
    table.end()
    welcome = table.last(999, Welcome)
    assert len(encode(welcome)) < MAX_FRAME_BYTES
    rest = [frame for frame in table.heard[999] if isinstance(frame, Joined)]
    told = [(name, name not in welcome.unencrypted) for name in welcome.members]
    told += [(frame.name, frame.encrypted) for frame in rest]
    assert [encrypted for _, encrypted in told] == [link % 2 == 0 for link in range(1_000)]
