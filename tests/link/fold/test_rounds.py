"""Acts become rounds: whole, in order, one on its way at a time, none too large."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.link.fold.acts import AnyAct, Gone, Locked, Posted, Unbanned
from messango.link.fold.rounds import Rounds
from messango.link.fold.stream_entry import MAX_ENTRY_BYTES, Place, decode_entry
from messango.protocol.frames import FileInfo, Say, Share
from messango.protocol.limits import MAX_TEXT_CHARACTERS

PLACE = Place(7, 9, "00" * 8)


def said(member: str, *texts: str, time: float = 1.0, host: bool = False) -> Posted:
    """Return what a member said; the texts are the ids too."""
    return Posted(member, time, [Say(text[:60], text) for text in texts], host)


def shared(*numbers: int) -> Posted:
    """Return files that a member shared, each with a text as long as texts get."""
    files = [FileInfo(str(number), "a.txt", 1, "0" * 64) for number in numbers]
    return Posted(
        "ann", 1.0, [Share(f"id{n}", str(n), "\x7f" * MAX_TEXT_CHARACTERS) for n in numbers], files=files
    )


def all_rounds(rounds: Rounds) -> list[bytes]:
    """Return the bytes of all rounds, each seen before the next."""
    entries = []
    while (current := rounds.next_round(PLACE)) is not None:
        entries.append(current.data)
        rounds.seen(current.n)
    return entries


def acts_of(entries: list[bytes]) -> list[AnyAct]:
    """Return the acts in these entries, one after the other."""
    return [act for data in entries for act in decode_entry(data).acts]


def test_nothing_waits() -> None:
    """Without acts there is no round."""
    rounds = Rounds("a", "life")
    rounds.offer([])
    assert rounds.next_round(PLACE) is None
    assert rounds.waiting_bytes == 0


def test_what_was_encoded_waits_once_it_is_added() -> None:
    """So that it can be encoded without the lock of the owner."""
    rounds = Rounds("a", "life")
    encoded = rounds.encode([Locked(on=True)])
    assert rounds.waiting_bytes == 0
    waited = [rounds.has_waiting]
    rounds.add(encoded)
    waited.append(rounds.has_waiting)
    assert acts_of(all_rounds(rounds)) == [Locked(on=True)]
    waited.append(rounds.has_waiting)
    assert waited == [False, True, False]


def test_an_entry_says_who_wrote_it_and_where() -> None:
    """A round has the server, its life, the count and how far it had folded."""
    rounds = Rounds("server", "life")
    rounds.offer([Locked(on=True)])
    [data] = all_rounds(rounds)
    entry = decode_entry(data)
    assert (entry.server, entry.life, entry.n, entry.at) == ("server", "life", 1, PLACE)
    assert entry.acts == [Locked(on=True)]


def test_one_round_at_a_time() -> None:
    """The round in flight stays the same, to the byte, until it was seen; what comes meanwhile waits."""
    rounds = Rounds("a", "life")
    rounds.offer([said("ann", "one")])
    first = rounds.next_round(PLACE)
    assert first is not None
    rounds.offer([said("ann", "two"), said("bob", "three")])
    assert rounds.next_round(Place(99, 99, "ff")) == first
    rounds.seen(first.n)
    second = rounds.next_round(PLACE)
    assert second is not None
    assert second.n == 2
    assert decode_entry(second.data).acts == [said("ann", "two"), said("bob", "three")]


def test_only_the_round_in_flight_can_be_seen() -> None:
    """Rounds that come a second time change nothing."""
    rounds = Rounds("a", "life")
    rounds.offer([said("ann", "one")])
    all_rounds(rounds)
    rounds.offer([said("ann", "two")])
    second = rounds.next_round(PLACE)
    rounds.seen(1)
    assert rounds.next_round(PLACE) == second


def test_waiting_bytes_are_counted_until_they_are_seen() -> None:
    """They are those of the encoded acts, also while their round is under way."""
    rounds = Rounds("a", "life")
    rounds.offer([said("ann", "x" * 1_000), said("bob", "y" * 1_000)])
    waiting = rounds.waiting_bytes
    assert 2_000 < waiting < 2_300
    current = rounds.next_round(PLACE)
    assert current is not None
    assert rounds.waiting_bytes == waiting
    rounds.seen(current.n)
    assert rounds.waiting_bytes == 0


def test_what_one_member_says_at_once_is_one_act() -> None:
    """Consecutive requests of one member at one time are merged, and only those."""
    rounds = Rounds("a", "life")
    rounds.offer(
        [
            said("ann", "1"),
            said("ann", "2"),
            said("ann", "3", host=True),
            said("ann", "4", time=2.0),
            Gone("ann", "left"),
            said("bob", "5"),
            said("ann", "6", time=2.0),
        ]
    )
    assert acts_of(all_rounds(rounds)) == [
        said("ann", "1", "2"),
        said("ann", "3", host=True),
        said("ann", "4", time=2.0),
        Gone("ann", "left"),
        said("bob", "5"),
        said("ann", "6", time=2.0),
    ]


def test_offered_acts_stay_as_they_are() -> None:
    """Merging changes no act of the caller's."""
    acts = [said("ann", "1"), said("ann", "2"), said("ann", "3")]
    rounds = Rounds("a", "life")
    rounds.offer(acts)
    assert acts == [said("ann", "1"), said("ann", "2"), said("ann", "3")]


def test_an_act_too_large_for_an_entry_is_split() -> None:
    """Each part has some of the requests, with the files that these share."""
    rounds = Rounds("a", "life")
    rounds.offer([shared(*range(300))])
    entries = all_rounds(rounds)
    parts = [act for act in acts_of(entries) if isinstance(act, Posted)]
    assert len(parts) > 1
    assert max(map(len, entries)) <= MAX_ENTRY_BYTES
    assert [request.id for part in parts for request in part.requests] == [f"id{n}" for n in range(300)]
    for part in parts:
        assert [file.id for file in part.files] == [
            request.file for request in part.requests if isinstance(request, Share)
        ]


def test_an_act_that_fits_nowhere_is_an_error_of_ours() -> None:
    """Nothing of it waits then."""
    rounds = Rounds("a", "life")
    with pytest.raises(ValueError, match="fits into no entry"):
        rounds.offer([Locked(on=True), Unbanned(["x" * MAX_ENTRY_BYTES])])
    assert rounds.next_round(PLACE) is None
    assert rounds.waiting_bytes == 0


def test_a_full_entry_is_nearly_full() -> None:
    """Entries hold as much as they may, but not a byte more."""
    rounds = Rounds("a", "life")
    rounds.offer([said("ann", f"{n:>100}", time=n) for n in range(10_000)])
    sizes = [len(data) for data in all_rounds(rounds)]
    assert max(sizes) <= MAX_ENTRY_BYTES
    assert min(sizes[:-1]) > MAX_ENTRY_BYTES - 1_000


@given(
    st.lists(
        st.lists(
            st.tuples(
                st.sampled_from(["ann", "bob"]), st.integers(0, 1), st.integers(1, MAX_TEXT_CHARACTERS)
            ),
            max_size=30,
        ),
        max_size=4,
    )
)
def test_nothing_is_lost_and_order_is_kept(offers: list[list[tuple[str, int, int]]]) -> None:
    """Whatever is offered comes out whole and in order, in entries that are not too large."""
    rounds = Rounds("a", "life")
    offered: list[tuple[str, float, str]] = []
    for offer in offers:
        acts = [said(member, "\x01" * size, time=time) for member, time, size in offer]
        rounds.offer(acts)
        offered += [(act.member, act.time, act.requests[0].id) for act in acts]
    entries = all_rounds(rounds)
    assert [decode_entry(data).n for data in entries] == list(range(1, len(entries) + 1))
    assert all(len(data) <= MAX_ENTRY_BYTES for data in entries)
    assert [
        (act.member, act.time, request.id)
        for act in acts_of(entries)
        if isinstance(act, Posted)
        for request in act.requests
    ] == offered
    assert rounds.waiting_bytes == 0
