"""A LAN of three hosts for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.lan.lan import Lan


@pytest.fixture
def lan() -> Iterator[Lan]:
    """Three hosts on one network, removed after the test."""
    with Lan(3) as network:
        yield network
