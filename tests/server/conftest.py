"""Rooms that are patient: no test of another promise may fail because the machine is slow."""

from __future__ import annotations

import pytest

from messango.protocol import server_connection
from messango.server import client_thread

_PATIENT_S = 600.0


@pytest.fixture(autouse=True)
def _patient_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_thread, "JOIN_DEADLINE_S", _PATIENT_S)
    monkeypatch.setattr(server_connection, "DEAD_AFTER_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "DEAD_AFTER_S", _PATIENT_S)
