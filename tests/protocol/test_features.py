"""Tests of the names of features."""

from __future__ import annotations

from messango.protocol.features import FEATURES, clean_features
from messango.protocol.limits import MAX_FEATURES


def test_features_of_this_and_of_later_versions_stay() -> None:
    """Each once, in order."""
    assert clean_features([*FEATURES, "files", "x-2", "search"]) == (*FEATURES, "files", "x-2")


def test_what_can_not_be_a_feature_is_left_out() -> None:
    """A stranger's list stays short, and has nothing that a terminal would obey."""
    strange = ["", "Search", "a b", "a,b", "\x1b[2J", "1st", "é", "a" * 33, "a" * 32]
    assert clean_features(strange) == ("a" * 32,)
    assert len(clean_features(f"f{number}" for number in range(10_000))) == MAX_FEATURES
