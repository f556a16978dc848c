"""The names in use, found by what they look like."""

from __future__ import annotations

import pytest

from messango.protocol.text.validation import HOST_NAME
from messango.room.name_index import NameIndex

#: `Ann` with a Cyrillic A.
FAKE_ANN = "\u0410nn"


def index_of(*names: str) -> NameIndex:
    index = NameIndex()
    for name in names:
        index.add(name)
    return index


def test_a_taken_name_gets_a_number() -> None:
    """Also one that looks the same; one's own name is free."""
    index = index_of("Ann", "Ann 2", "Ben")
    assert index.available("Cleo") == "Cleo"
    assert index.available("ANN") == "ANN 3"
    assert index.available("ann\u2800") == "ann\u2800 3"
    assert index.available("ANN", own="Ann") == "ANN"
    index.remove("Ann 2")
    assert index.available("Ann") == "Ann 2"


@pytest.mark.parametrize("name", ["Host", "ℹ Host", "i host", "(HOST)"])
def test_the_hosts_name_is_reserved(name: str) -> None:
    """A number tells the member from the host."""
    assert index_of().available(name) == f"{name} 2"


def test_who_came_later_resembles_who_was_here() -> None:
    """Until that one has left; both are alike for a search."""
    index = index_of("Ann", FAKE_ANN)
    assert index.resembles(FAKE_ANN) == "Ann"
    assert index.resembles("Ann") == ""
    assert index.alike("ann") == index.alike(FAKE_ANN) == ["Ann", FAKE_ANN]
    index.remove("Ann")
    assert index.resembles(FAKE_ANN) == ""
    index.add("Ann")
    assert index.resembles("Ann") == FAKE_ANN


@pytest.mark.parametrize("name", ["\u041dost", "H\u043est", "\u0397\u039fST", "IH0st"])
def test_a_name_that_looks_like_the_hosts(name: str) -> None:
    """The host is always here first."""
    assert index_of(name).resembles(name) == HOST_NAME
    assert index_of("Hostess").resembles("Hostess") == ""
