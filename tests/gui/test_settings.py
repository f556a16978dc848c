"""What a window remembers, without a display."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from messango.gui.settings import MAX_ADDRESSES, ColorScheme, Notify, Settings, SettingsStore, default_name

WAIT_S = 30.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the settings of a test are."""
    return tmp_path / "settings.json"


def change_settings(path: Path, **changes: object) -> None:
    """Change settings as a window does that is closed then."""
    store = SettingsStore(path)
    store.change(**changes)
    store.close(WAIT_S)


def test_what_was_chosen_is_there_the_next_time(path: Path) -> None:
    """Each kind of field comes back as it was."""
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
    """A window that is opened and closed leaves no file behind."""
    change_settings(path, name="")
    assert not path.exists()


def test_two_windows_do_not_undo_each_other(path: Path) -> None:
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
    ids=["empty", "cut", "a-list", "no-such-shade", "no-size", "no-text", "deep"],
)
def test_a_damaged_file_is_set_aside_and_told(path: Path, damage: bytes) -> None:
    """The window opens with fresh settings, and the old file can still be looked at."""
    path.write_bytes(damage)
    store = SettingsStore(path)
    assert store.current == Settings()
    assert "settings.json.damaged" in store.errors.get(timeout=WAIT_S).hint
    assert path.with_name("settings.json.damaged").read_bytes() == damage
    store.change(name="Ann")
    store.close(WAIT_S)
    assert json.loads(path.read_bytes())["name"] == "Ann"


def test_fields_of_a_later_version_do_no_harm(path: Path) -> None:
    """What is not known is passed over."""
    path.write_text('{"name": "Ann", "smell": "mango"}')
    assert SettingsStore(path).current.name == "Ann"


def test_a_file_that_can_not_be_written_is_told_once(path: Path) -> None:
    """The choice counts as long as the window is open."""
    path.parent.joinpath("settings.json").mkdir()
    store = SettingsStore(path / "below" / "nowhere")
    (path / "below").write_text("a file where a folder has to be")
    for name in ("Ann", "Ben"):
        store.change(name=name)
    store.close(WAIT_S)
    store.close(WAIT_S)
    assert store.current.name == "Ben"
    assert "can't be kept" in str(store.errors.get(timeout=WAIT_S))
    assert store.errors.empty()


def test_without_a_home_they_last_as_long_as_the_window(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder that can't be made is told, and never fatal."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MESSANGO_HOME", str(tmp_path / "file" / "home"))
    store = SettingsStore.load()
    store.change(name="Ann")
    store.close(WAIT_S)
    assert store.current.name == "Ann"
    assert "MESSANGO_HOME" in store.errors.get(timeout=WAIT_S).hint


def test_addresses_that_worked_are_offered_newest_first() -> None:
    """Each once, and not without end."""
    store = SettingsStore(None)
    for number in [*range(12), 5]:
        store.remember_address(f"10.0.0.{number}")
    assert store.current.recent_addresses[:3] == ("10.0.0.5", "10.0.0.11", "10.0.0.10")
    assert len(store.current.recent_addresses) == MAX_ADDRESSES


def test_the_usual_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """The environment's goes first, then the last one; a name against the rules is not offered."""
    monkeypatch.setenv("MESSANGO_NAME", "Env")
    assert default_name(Settings(name="Ann")) == "Env"
    monkeypatch.delenv("MESSANGO_NAME")
    monkeypatch.setenv("LOGNAME", "system")
    assert default_name(Settings(name="Ann")) == "Ann"
    assert default_name(Settings(name="\n")) == "system"
