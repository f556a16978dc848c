"""Each member has a few file connections, and those of others do not count."""

from __future__ import annotations

from messango.protocol.limits import MAX_TRANSFERS
from messango.server.clients.registry.transfer_slots import TransferSlots


def test_a_member_has_a_few_slots() -> None:
    """A further one is refused, until one is free."""
    slots = TransferSlots[int]()
    assert all(slots.add(number, "ann", str(number)) for number in range(MAX_TRANSFERS))
    assert not slots.add(7, "ann", "7")
    assert slots.add(8, "ben", "7")
    slots.remove(0)
    slots.remove(7)
    assert slots.add(9, "ann", "9")


def test_a_transfer_is_found_by_its_file() -> None:
    """As long as it lasts."""
    slots = TransferSlots[int]()
    slots.add(1, "ann", "u1")
    assert (slots.find("ann", "u1"), slots.find("ann", "u2"), slots.find("ben", "u1")) == (1, None, None)
    slots.remove(1)
    assert slots.find("ann", "u1") is None
