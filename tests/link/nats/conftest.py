"""An engine of each kind; and patience, since no test may depend on a fast computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.linked.nats_server import NatsServer
from tests.support.linked.patience import treat_nothing_as_dead


@pytest.fixture(params=["syncing", "older"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NatsServer]:
    """An engine of each kind, which runs."""
    with NatsServer(request.param, tmp_path / "engine") as server:
        yield server


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat nothing as dead that is only slow, except in tests that are about that (`impatient`)."""
    if "impatient" not in request.fixturenames:
        treat_nothing_as_dead(monkeypatch)


@pytest.fixture
def impatient() -> None:
    """Have the waiting times of the program itself."""
