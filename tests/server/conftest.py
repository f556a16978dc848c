"""Rooms that are patient: no test of another promise may fail because the machine is slow."""

from __future__ import annotations

import pytest

from messango.server import client_thread, handshake

_PATIENT_S = 600.0


@pytest.fixture(autouse=True)
def _patient_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handshake, "JOIN_DEADLINE_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "DEAD_AFTER_S", _PATIENT_S)
    monkeypatch.setattr(client_thread, "LAST_WORDS_S", _PATIENT_S)
