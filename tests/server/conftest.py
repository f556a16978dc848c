"""Long timeouts, so that a slow machine does not fail a test of something else."""

from __future__ import annotations

import pytest

from messango.protocol.connection import server_connection
from messango.server.clients import client_thread, first_stage
from messango.transport import socket_options

_PATIENT_S = 600.0


@pytest.fixture(autouse=True)
def _patient_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", _PATIENT_S)
    monkeypatch.setattr(first_stage, "JOIN_DEADLINE_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "DEAD_AFTER_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "CLOSE_GRACE_S", _PATIENT_S)
    monkeypatch.setattr(server_connection, "DEAD_AFTER_S", _PATIENT_S)
    # The system would drop a client that acknowledges nothing, even if the test is only busy elsewhere.
    monkeypatch.setattr(socket_options, "_UNACKNOWLEDGED_MS", int(_PATIENT_S * 1_000))
