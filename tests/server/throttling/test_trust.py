"""Which clients are known."""

from __future__ import annotations

from messango.room.peer import Peer
from messango.server.throttling.trust import MAX_ADDRESSES, KnownAddresses, Trust

ANN = Peer("192.0.2.1", 1, local_host="192.0.2.200")


def test_an_address_is_known_after_the_password_was_proved() -> None:
    """The host's own computer always is."""
    known = KnownAddresses()
    assert known.trust_in(ANN) is Trust.NOTHING
    known.add(ANN.host)
    assert known.trust_in(ANN) is Trust.ADDRESS
    assert known.trust_in(Peer("::1", 1, local_host="::1")) is Trust.ADDRESS


def test_the_oldest_address_is_forgotten() -> None:
    """The table is bounded, and who comes again stays in it."""
    known = KnownAddresses()
    known.add(ANN.host)
    for number in range(MAX_ADDRESSES + 100):
        known.add(f"10.0.{number // 250}.{number % 250}")
        if number % 500 == 0:
            known.add(ANN.host)
    assert len(known) == MAX_ADDRESSES
    assert known.trust_in(ANN) is Trust.ADDRESS
    assert known.trust_in(Peer("10.0.0.0", 1)) is Trust.NOTHING
