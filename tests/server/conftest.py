"""Rooms that are patient: no test of another promise may fail because the machine is slow."""

from __future__ import annotations

import pytest

from messango.protocol import server_connection
from messango.server import client_thread
from messango.transport import dial

_PATIENT_S = 600.0


@pytest.fixture(autouse=True)
def _patient_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "DEAD_AFTER_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "CLOSE_GRACE_S", _PATIENT_S)
    monkeypatch.setattr(server_connection, "DEAD_AFTER_S", _PATIENT_S)
    # The system gives a peer up that lets nothing more come, also where it is a test that is busy elsewhere.
    monkeypatch.setattr(dial, "_UNACKNOWLEDGED_MS", int(_PATIENT_S * 1_000))
