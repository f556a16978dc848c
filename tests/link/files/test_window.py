"""How many pieces are on their way: many on a fast network, few where they would queue."""

from __future__ import annotations

from messango.link.files.window import MAX_PIECES, Window


def test_it_grows_on_a_fast_network_also_over_a_long_way() -> None:
    """That each piece takes as long does not mean that they queue."""
    window = Window()
    for _ in range(200):
        window.arrived(0.3)
    assert window.size == MAX_PIECES


def test_it_shrinks_to_one_where_pieces_queue() -> None:
    """So what is said never waits behind many."""
    window = Window()
    window.arrived(0.01)
    for _ in range(20):
        window.arrived(0.2)
    assert window.size == 1


def test_it_halves_when_pieces_are_lost_and_grows_again() -> None:
    """A lossy network is not flooded."""
    window = Window()
    window.lost()
    assert window.size == 2
    for _ in range(200):
        window.arrived(0.001)
    assert window.size == MAX_PIECES
