"""Bans outlive the server."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from messango.errors import CorruptFile
from messango.room.bans import Ban, Bans
from messango.server.ban_store import BanStore


def test_save_and_load(tmp_path: Path) -> None:
    """Names, networks, sessions, times, reasons, and kicked sessions."""
    path = tmp_path / "a.bans"
    bans = Bans([Ban("Zoë 🥭", ("192.0.2.1",), "ab", 1_700_000_000.5, "spam"), Ban("", ("2001:db8::/64",))])
    bans.add_kicked("cd")
    BanStore(path).save(bans)
    again = BanStore(path).load()
    assert ([*again], again.kicked_sessions) == ([*bans], ["cd"])
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 or os.name == "nt"


def test_bans_of_an_earlier_version_cover_the_network(tmp_path: Path) -> None:
    """They were for one IPv6 address, which can be changed; those of this version stay as they are."""
    path = tmp_path / "a.bans"
    path.write_text('{"bans": [{"name": "Eve", "networks": ["fe80::7/128"]}, {"networks": ["192.0.2.1"]}]}')
    eve, address = BanStore(path).load()
    assert (eve.networks, eve.address) == (("fe80::/64",), "fe80::7/128")
    assert eve.matches(["Mallory"], "fe80::8%eth0", "")
    assert not eve.matches(["Ann"], "fe80::8%eth0", "", is_newcomer=False)
    assert address == Ban("", ("192.0.2.1",))
    exact = Bans([Ban("", ("2001:db8::7/128",))])
    BanStore(path).save(exact)
    assert [*BanStore(path).load()] == [*exact]


def test_no_file_without_bans(tmp_path: Path) -> None:
    """Once there is a file, it stays current."""
    path = tmp_path / "a.bans"
    file = BanStore(path)
    bans = file.load()
    file.save(bans)
    assert not path.exists()
    bans.add(Ban("Ann"))
    file.save(bans)
    bans.remove("Ann")
    file.save(bans)
    assert [*BanStore(path).load()] == []


@pytest.mark.parametrize(
    "data", ["", "{", '{"bans": 1}', '{"bans": [{"networks": ["nowhere"]}]}', "[" * 100_000]
)
def test_a_damaged_file(tmp_path: Path, data: str) -> None:
    """It is not changed, and the room does not open without its bans."""
    path = tmp_path / "a.bans"
    path.write_text(data)
    with pytest.raises(CorruptFile):
        BanStore(path).load()
    assert path.read_text() == data
