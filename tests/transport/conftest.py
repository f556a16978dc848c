"""A writer for each test that needs one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.transport.writer import WriterThread


@pytest.fixture
def writer() -> Iterator[WriterThread]:
    """A writer that flushes the outboxes of one test."""
    writer = WriterThread("test")
    yield writer
    writer.close()
