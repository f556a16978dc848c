"""A browser for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from messango.discovery.browse import Browser
from tests.discovery.factories import FakeProbe


@pytest.fixture
def browser() -> Iterator[Browser]:
    """A browser whose probes reach nobody, so it shows only what mDNS announces."""
    browser = Browser(probe=FakeProbe())
    browser.start()
    yield browser
    browser.close()
