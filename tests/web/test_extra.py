"""Whether the extra `web` is installed."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from messango.errors import ExtraMissing
from messango.web.extra import guest_obstacle, is_web_installed, require_web


def test_it_is_there() -> None:
    """The tests need it themselves."""
    assert is_web_installed()
    assert guest_obstacle() == ""
    require_web()


@pytest.mark.parametrize("module", ["h11", "wsproto", "segno"])
def test_a_part_is_missing(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of it is not enough, and the error says what to type."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == module else find_spec(name))
    assert not is_web_installed()
    with pytest.raises(ExtraMissing, match="extra “web”") as error:
        require_web()
    assert 'pip install "messango[web]"' in error.value.hint
    assert guest_obstacle() == f"{error.value} {error.value.hint}"


def test_nothing_is_imported() -> None:
    """To look costs no memory and no time."""
    program = (
        "import sys; from messango.web.extra import is_web_installed; assert is_web_installed(); "
        "print(*sorted({'h11', 'wsproto', 'segno'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []
