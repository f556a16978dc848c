"""The secret that proves who is host."""

from __future__ import annotations

import os
import stat

import pytest

from messango.storage import home
from messango.transport.identity import host_secret
from messango.transport.identity.host_secret import FILE_NAME, create_host_secret, load_host_secret


def test_only_the_own_rooms_get_the_secret() -> None:
    """The fingerprint decides; the same servers keep the same secret, in a file for its owner only."""
    assert load_host_secret("aa") is None
    secret = create_host_secret("aa")
    assert create_host_secret("aa") == load_host_secret("aa") == secret
    assert load_host_secret("bb") is None
    assert load_host_secret(None) is None
    if os.name == "posix":
        assert stat.S_IMODE((home() / FILE_NAME).stat().st_mode) == 0o600


def test_another_certificate_or_a_damaged_file_gets_a_new_one() -> None:
    """An old secret may be known to whoever has the old certificate."""
    first = create_host_secret("aa")
    second = create_host_secret("bb")
    assert second != first
    assert load_host_secret("aa") is None
    (home() / FILE_NAME).write_bytes(b"{")
    assert load_host_secret("bb") is None
    assert create_host_secret("bb") not in (first, second)


def test_a_full_disk_does_not_keep_the_room_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can prove to be host then."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(host_secret, "write_private", full)
    assert create_host_secret("aa")
    assert load_host_secret("aa") is None
