"""The rows of the emoji picker, and which emoji is selected in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from messango.client.emoji.catalog import GROUPS, Emoji, catalog
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.protocol.text.emoji_signs import has_own_sign

RECENT: Final = "Recent"
FOUND: Final = "Found"
NOTHING_FOUND: Final = "Nothing found"


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of emoji, or a heading, which has none."""

    heading: str = ""
    signs: tuple[str, ...] = ()


class EmojiGrid:
    """All emoji in groups below headings, the recent ones first; or what a search has found.

    The selected emoji is a row and a column; there is none if there are no emoji.
    """

    def __init__(
        self, recent: RecentEmoji, columns: int, has_pictures: Callable[[], bool] = lambda: True
    ) -> None:
        """Without pictures, what would look like another emoji is left out."""
        self._recent, self._columns, self._has_pictures = recent, columns, has_pictures
        self._recent_signs: list[str] = []
        self.query = ""
        self.rows: list[GridRow] = []
        self.row = self.column = 0
        #: The rows of the headings, by group.
        self.groups: dict[str, int] = {}
        self.restart()

    def restart(self) -> None:
        """Show everything, with the emoji that were used since."""
        self._recent_signs = self._recent.signs
        self.search("")

    def search(self, query: str) -> None:
        """Show what a query finds, and select the best; an empty one shows everything."""
        self.query = query
        if query.strip():
            found = self._shown(catalog().search(query))
            sections = [(FOUND if found else NOTHING_FOUND, found)]
        else:
            by_group = [(group, self._shown(catalog().group(group))) for group in GROUPS]
            sections = [(RECENT, self._recent_signs), *by_group] if self._recent_signs else by_group
        self._lay_out(sections)

    def set_columns(self, columns: int) -> None:
        """Use rows of so many emoji."""
        if columns != self._columns:
            self._columns = columns
            self.search(self.query)

    @property
    def selected(self) -> str:
        """The selected emoji, in the chosen skin tone; empty if there is none."""
        return self.sign_at(self.row, self.column)

    def sign_at(self, row: int, column: int) -> str:
        """Return the emoji in a place, in the chosen skin tone; empty if there is none."""
        signs = self.rows[row].signs if 0 <= row < len(self.rows) else ()
        if not 0 <= column < len(signs):
            return ""
        # Recent ones are shown as they were used.
        is_recent = self.group_at(row) == RECENT
        return signs[column] if is_recent else catalog().with_tone(signs[column], self._recent.tone)

    def group_at(self, row: int) -> str:
        """Return the group of a row."""
        starts = [*self.groups.values()]
        place = bisect_right(starts, row) - 1
        return [*self.groups][place] if 0 <= place < len(starts) else ""

    def select(self, row: int, column: int) -> bool:
        """Select a place, if it has an emoji."""
        if not self.sign_at(row, column):
            return False
        self.row, self.column = row, column
        return True

    def move(self, rows: int, columns: int) -> None:
        """Move the selection; sideways it goes on in the next row, up and down it skips headings."""
        if columns:
            self._move_sideways(columns)
        step = 1 if rows > 0 else -1
        for _ in range(abs(rows)):
            row = self.row + step
            while 0 <= row < len(self.rows) and not self.rows[row].signs:
                row += step
            if not 0 <= row < len(self.rows):
                return
            self.row, self.column = row, min(self.column, len(self.rows[row].signs) - 1)

    def go_to_group(self, group: str) -> int:
        """Select the first emoji of a group; returns the row of its heading."""
        row = self.groups.get(group, 0)
        self.select(row + 1, 0)
        return row

    def next_group(self, delta: int) -> str:
        """Return the group after that of the selected emoji (1), or before it (-1); around the end."""
        names = [*self.groups]
        return names[(names.index(self.group_at(self.row)) + delta) % len(names)]

    def _shown(self, emoji: Sequence[Emoji]) -> list[str]:
        signs = [one.sign for one in emoji]
        return signs if self._has_pictures() else [sign for sign in signs if has_own_sign(sign)]

    def _move_sideways(self, columns: int) -> None:
        places = [(row, column) for row in self._around for column in range(len(self.rows[row].signs))]
        if (self.row, self.column) in places:
            place = places.index((self.row, self.column)) + columns
            if 0 <= place < len(places):
                self.row, self.column = places[place]

    @property
    def _around(self) -> range:
        """The rows near the selected one: a heading is at most one row high."""
        return range(max(self.row - 2, 0), min(self.row + 3, len(self.rows)))

    def _lay_out(self, sections: Sequence[tuple[str, Sequence[str]]]) -> None:
        self.rows, self.groups = [], {}
        for heading, signs in sections:
            self.groups[heading] = len(self.rows)
            self.rows.append(GridRow(heading))
            for start in range(0, len(signs), self._columns):
                self.rows.append(GridRow(signs=tuple(signs[start : start + self._columns])))
        self.row, self.column = 1, 0


def describe(sign: str) -> tuple[str, str]:
    """Return the name of an emoji and its short name: `thumbs up` and `:thumbsup:`."""
    found = catalog().find(sign)
    return (found.name, f":{found.short_names[0]}:") if found else ("", "")
