"""Dark mode of each system, from the output of its commands."""

from __future__ import annotations

import pytest

from messango.gui.desktop.dark_mode import DarkModeWatcher, linux_is_dark, mac_is_dark


@pytest.mark.parametrize(
    ("portal", "scheme", "theme", "dark"),
    [
        ("(<<uint32 1>>,)\n", "", "", True),
        ("(<<uint32 2>>,)\n", "'prefer-dark'\n", "", False),
        ("(<<uint32 0>>,)\n", "'prefer-dark'\n", "'Adwaita'\n", True),
        ("", "'prefer-light'\n", "'Yaru-dark'\n", False),
        ("", "'default'\n", "'Yaru-dark'\n", True),
        ("", "", "'Adwaita'\n", False),
        ("", "", "", None),
    ],
)
def test_linux_queries_portal_then_gnome(portal: str, scheme: str, theme: str, dark: bool | None) -> None:  # noqa: FBT001
    """The portal comes first, if it has a preference; without any answer, the result is None."""

    def run(words: tuple[str, ...]) -> str:
        return {"gdbus": portal, "color-scheme": scheme, "gtk-theme": theme}[
            "gdbus" if words[0] == "gdbus" else words[-1]
        ]

    assert linux_is_dark(run) is dark


def test_macos_has_the_key_only_in_dark_mode() -> None:
    """In light mode the command fails, without output."""
    assert mac_is_dark(lambda _: "Dark\n")
    assert not mac_is_dark(lambda _: "")


def test_only_a_new_answer_is_an_event() -> None:
    """Two refreshes at once run one query; an unknown answer is not an event."""
    queries: list[None] = []

    def query() -> bool | None:
        queries.append(None)
        return True

    watcher = DarkModeWatcher(query)
    watcher.refresh()
    watcher.refresh()
    watcher.finish(30.0)
    assert len(queries) == 1
    assert watcher.events.get_nowait() is True
    silent_watcher = DarkModeWatcher(lambda: None)
    silent_watcher.refresh()
    silent_watcher.finish(30.0)
    assert silent_watcher.events.empty()
