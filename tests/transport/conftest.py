"""A flusher for each test that needs one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.transport.writer import Flusher


@pytest.fixture
def flusher() -> Iterator[Flusher]:
    """Empties the outboxes of one test."""
    flusher = Flusher("test")
    yield flusher
    flusher.close()
