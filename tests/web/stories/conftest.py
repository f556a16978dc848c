"""What the stories need: the driver of the real windows."""

from __future__ import annotations

from tests.gui.conftest import driver

__all__ = ["driver"]
