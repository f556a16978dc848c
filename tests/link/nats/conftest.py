"""An engine of each kind; and patience, since no test may depend on a fast computer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from messango.link.nats import engine_connection, round_publisher, stream_reader
from tests.support.linked.nats_server import NatsServer


@pytest.fixture(params=["syncing", "older"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NatsServer]:
    """An engine of each kind, which runs."""
    with NatsServer(request.param, tmp_path / "engine") as server:
        yield server


@pytest.fixture(autouse=True)
def _patience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Treat nothing as dead that is only slow, except in tests that are about that (`impatient`)."""
    if "impatient" not in request.fixturenames:
        monkeypatch.setattr(engine_connection, "STEP_TIMEOUT_S", 20.0)
        monkeypatch.setattr(stream_reader, "SILENT_S", 20.0)
        monkeypatch.setattr(round_publisher, "NOT_SEEN_S", 20.0)


@pytest.fixture
def impatient() -> None:
    """Have the waiting times of the program itself."""
