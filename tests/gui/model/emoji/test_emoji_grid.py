"""The picker's rows, and the selection in them, without a display."""

from __future__ import annotations

import pytest

from messango.client.emoji.catalog import GROUPS
from messango.gui.model.emoji.emoji_grid import FOUND, NOTHING_FOUND, RECENT, EmojiGrid, describe
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.settings import SettingsStore

COLUMNS = 8


@pytest.fixture
def settings() -> SettingsStore:
    """Settings that are not saved."""
    return SettingsStore(None)


@pytest.fixture
def grid(settings: SettingsStore) -> EmojiGrid:
    """A grid without recent emoji."""
    return EmojiGrid(RecentEmoji(settings), COLUMNS)


def test_groups_below_headings(grid: EmojiGrid) -> None:
    """In rows of the same length, but for the last one of each group."""
    assert [row.heading for row in grid.rows if row.heading] == [*GROUPS]
    assert all(len(row.signs) <= COLUMNS for row in grid.rows)
    assert grid.selected == "😀"
    assert grid.group_at(grid.go_to_group("Food and drink")) == "Food and drink"
    assert grid.selected == "🍇"
    assert grid.next_group(1) == "Travel and places"
    grid.go_to_group(GROUPS[-1])
    assert grid.next_group(1) == GROUPS[0]


def test_recent_ones_come_first(settings: SettingsStore, grid: EmojiGrid) -> None:
    """When the picker is opened the next time, so that nothing moves under the pointer."""
    RecentEmoji(settings).remember("👍🏿")
    RecentEmoji(settings).remember("🥭")
    assert grid.selected == "😀"
    grid.restart()
    assert grid.rows[0].heading == RECENT
    assert grid.rows[1].signs == ("🥭", "👍🏿")
    assert grid.selected == "🥭"


def test_a_search_selects_the_best(grid: EmojiGrid) -> None:
    """So that Enter picks it."""
    grid.search("mango")
    assert (grid.rows[0].heading, grid.selected) == (FOUND, "🥭")
    grid.search("qwertz")
    assert (grid.rows[0].heading, grid.selected) == (NOTHING_FOUND, "")
    grid.move(1, 0)
    grid.move(0, -1)
    assert grid.selected == ""
    grid.search(" ")
    assert grid.selected == "😀"


def test_the_chosen_skin_tone(settings: SettingsStore, grid: EmojiGrid) -> None:
    """Of all but the recent ones, which are shown as they were used."""
    recent = RecentEmoji(settings)
    recent.set_tone(3)
    grid.search("thumbsup")
    assert grid.selected == "👍🏽"
    recent.remember("👍")
    grid.restart()
    assert grid.selected == "👍"


def test_arrows_go_through_rows_and_over_headings(grid: EmojiGrid) -> None:
    """Right of the last one is the first of the next row; the ends hold."""
    grid.move(0, -1)
    grid.move(-1, 0)
    assert (grid.row, grid.column) == (1, 0)
    grid.move(0, COLUMNS)
    assert (grid.row, grid.column) == (2, 0)
    grid.move(0, -1)
    assert (grid.row, grid.column) == (1, COLUMNS - 1)
    people = grid.groups["People"]
    grid.select(people - 1, 0)
    grid.move(1, 0)
    assert (grid.row, grid.selected) == (people + 1, "👋")
    grid.move(0, -1)
    assert grid.row == people - 1
    grid.move(10_000, 0)
    assert grid.row == len(grid.rows) - 1
    before = grid.selected
    grid.move(0, COLUMNS)
    assert grid.selected == before


def test_places_without_an_emoji(grid: EmojiGrid) -> None:
    """Clicks beside the emoji select nothing."""
    for place in ((0, 0), (1, COLUMNS), (-1, 0), (1, -1), (99_999, 0)):
        assert not grid.select(*place)
    assert grid.selected == "😀"


def test_fewer_columns(grid: EmojiGrid) -> None:
    """In a narrow window."""
    grid.set_columns(5)
    assert max(len(row.signs) for row in grid.rows) == 5


def test_without_pictures(settings: SettingsStore) -> None:
    """A heart on fire would be one more heart; a flag has its letters."""
    grid = EmojiGrid(RecentEmoji(settings), COLUMNS, lambda: False)
    signs = {sign for row in grid.rows for sign in row.signs}
    assert {"❤️", "🇩🇪", "👪", "👍", "1️⃣"} <= signs
    assert not {"❤️‍🔥", "👨‍👩‍👧", "👩‍💻"} & signs


def test_names() -> None:
    """For the line below the grid."""
    assert describe("👍🏽") == ("thumbs up", ":thumbsup:")
    assert describe("") == ("", "")


def test_recent_emoji_of_a_damaged_file(settings: SettingsStore) -> None:
    """What is not an emoji is not offered; what people use most fills the quick choices."""
    settings.change(recent_emoji=("no", "🥭", "👍👍"))
    recent = RecentEmoji(settings)
    assert recent.signs == ["🥭"]
    assert recent.quick_choices(4) == ["🥭", "👍", "❤️", "😂"]
    recent.remember("no emoji")
    recent.remember("❤️")
    assert recent.quick_choices(3) == ["❤️", "🥭", "👍"]
