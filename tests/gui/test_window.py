"""What the window loads, and when."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.gui.conftest import WindowDriver
from tests.gui.fakes import FakeServices

SESSION = "messango.gui.session"


def test_the_list_of_rooms_needs_no_conversation() -> None:
    """Nor what shows and sends files: the list opens sooner without them."""
    program = (
        "import sys, messango.gui.window; "
        "print(sorted({'messango.gui.session', 'messango.gui.conversation', 'PIL', 'tkinterdnd2'}"
        " & sys.modules.keys()))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.window
def test_a_conversation_is_loaded_while_the_list_is_shown(
    driver: WindowDriver, fakes: FakeServices, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that joining does not stop the window."""
    monkeypatch.delitem(sys.modules, SESSION, raising=False)
    driver.open(fakes.services())
    driver.until(lambda: SESSION in sys.modules)
