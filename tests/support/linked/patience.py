"""Long waiting times for a link, since no test may depend on a fast computer."""

from __future__ import annotations

import pytest

from messango.link.nats import engine_connection, link_life, round_publisher, stream_reader

_PATIENCE_S = 20.0


def treat_nothing_as_dead(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a link wait for what is only slow."""
    monkeypatch.setattr(engine_connection, "STEP_TIMEOUT_S", _PATIENCE_S)
    monkeypatch.setattr(stream_reader, "SILENT_S", _PATIENCE_S)
    monkeypatch.setattr(link_life, "API_TIMEOUT_S", _PATIENCE_S)
    monkeypatch.setattr(round_publisher, "ACK_TIMEOUT_S", _PATIENCE_S)
    monkeypatch.setattr(round_publisher, "NOT_SEEN_S", _PATIENCE_S)
