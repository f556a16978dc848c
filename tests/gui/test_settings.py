"""The window's settings, without a display."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messango.gui.settings import (
    MAX_ADDRESSES,
    MAX_RECENT_EMOJI,
    ColorScheme,
    Notify,
    Settings,
    SettingsStore,
    default_name,
)

WAIT_S = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The settings file of a test."""
    return tmp_path / "settings.json"


def change_settings(path: Path, **changes: object) -> None:
    """Change settings, and wait until they are written."""
    store = SettingsStore(path)
    store.change(**changes)
    store.close(WAIT_S)


def test_settings_are_saved(path: Path) -> None:
    """Every kind of field."""
    change_settings(
        path,
        name="Ann",
        color_scheme=ColorScheme.DARK,
        notify=Notify.MENTIONS,
        zoom_percent=130,
        size=(800, 600),
    )
    assert SettingsStore(path).current == Settings(
        name="Ann", color_scheme=ColorScheme.DARK, notify=Notify.MENTIONS, zoom_percent=130, size=(800, 600)
    )


def test_nothing_is_written_without_a_change(path: Path) -> None:
    """Not even an empty file."""
    change_settings(path, name="")
    assert not path.exists()


def test_two_windows_do_not_overwrite_each_other(path: Path) -> None:
    """Each writes only what it has changed."""
    one, other = SettingsStore(path), SettingsStore(path)
    one.change(name="Ann")
    one.close(WAIT_S)
    other.change(color_scheme=ColorScheme.DARK)
    other.close(WAIT_S)
    assert SettingsStore(path).current == Settings(name="Ann", color_scheme=ColorScheme.DARK)


@pytest.mark.parametrize(
    "damage",
    [b"", b"{", b"[]", b'{"shade": "mauve"}', b'{"size": "wide"}', b"\xff\xfe", b"[" * 100_000],
    ids=["empty", "cut", "a-list", "unknown-scheme", "invalid-size", "invalid-utf-8", "deep"],
)
def test_damaged_file_is_renamed(path: Path, damage: bytes) -> None:
    """The window uses new settings and says so; the old file stays readable."""
    path.write_bytes(damage)
    store = SettingsStore(path)
    assert store.current == Settings()
    assert "settings.json.damaged" in store.errors.get(timeout=WAIT_S).hint
    assert path.with_name("settings.json.damaged").read_bytes() == damage
    store.change(name="Ann")
    store.close(WAIT_S)
    assert json.loads(path.read_bytes())["name"] == "Ann"


def test_unknown_fields_are_ignored(path: Path) -> None:
    """They may be of a later version."""
    path.write_text('{"name": "Ann", "smell": "mango"}')
    assert SettingsStore(path).current.name == "Ann"


def test_write_error_is_reported_once(path: Path) -> None:
    """The settings are still used while the window is open."""
    path.parent.joinpath("settings.json").mkdir()
    store = SettingsStore(path / "below" / "nowhere")
    (path / "below").write_text("a file where a folder has to be")
    for name in ("Ann", "Ben"):
        store.change(name=name)
    store.close(WAIT_S)
    store.close(WAIT_S)
    assert store.current.name == "Ben"
    assert "can't be saved" in str(store.errors.get(timeout=WAIT_S))
    assert store.errors.empty()


def test_settings_work_without_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The error is reported, and they are not saved."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file" / "home"))
    store = SettingsStore.load()
    store.change(name="Ann")
    store.close(WAIT_S)
    assert store.current.name == "Ann"
    assert "MESSANGO_HOME" in store.errors.get(timeout=WAIT_S).hint


def test_recent_addresses_are_newest_first() -> None:
    """Each once, and limited in number."""
    store = SettingsStore(None)
    for number in [*range(12), 5]:
        store.remember_address(f"10.0.0.{number}")
    assert store.current.recent_addresses[:3] == ("10.0.0.5", "10.0.0.11", "10.0.0.10")
    assert len(store.current.recent_addresses) == MAX_ADDRESSES


def test_default_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """MESSANGO_NAME first, then the last name used, if it is valid, then the system's."""
    monkeypatch.setenv("MESSANGO_NAME", "Env")
    assert default_name(Settings(name="Ann")) == "Env"
    monkeypatch.delenv("MESSANGO_NAME")
    monkeypatch.setenv("LOGNAME", "system")
    assert default_name(Settings(name="Ann")) == "Ann"
    assert default_name(Settings(name="\n")) == "system"


def test_recent_emoji_newest_first(path: Path) -> None:
    """Each once, and a bounded number of them; they are there again next time."""
    store = SettingsStore(path)
    for emoji in ("👍", "🥭", "👍", *map(chr, range(0x1F600, 0x1F600 + MAX_RECENT_EMOJI - 1))):
        store.remember_emoji(emoji)
    store.close(WAIT_S)
    recent = SettingsStore(path).current.recent_emoji
    assert len(recent) == MAX_RECENT_EMOJI
    assert recent[-1] == "👍"
    assert recent.count("👍") == 1
