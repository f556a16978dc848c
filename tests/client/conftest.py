"""Rooms with long timeouts, as in the tests of the server."""

from __future__ import annotations

from tests.server.conftest import _patient_server

__all__ = ["_patient_server"]
