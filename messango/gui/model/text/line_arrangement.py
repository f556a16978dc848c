"""Arranges the lines of a block for a text widget that can't draw text from right to left.

Such a widget breaks lines by itself, which would put the end of a reversed paragraph above its beginning. So
these paragraphs are broken here, by measured widths, and each line is put into visual order after that.
"""

from __future__ import annotations

import functools
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate, groupby
from typing import Final, Protocol, TypeAlias

from messango.gui.model.text.bidi import OBJECT, base_level, has_rtl, resolve_levels, visual_order
from messango.gui.model.text.copied_marks import copied_marks
from messango.gui.model.text.run_tags import (
    CODE,
    CODE_BLOCK,
    EMOJI,
    LINK,
    MARK,
    MESSAGE_TEXT,
    QUOTE,
    QUOTE_TEXT,
    TextRun,
)
from messango.gui.model.text.visual_text import Piece, at_level, in_visual_order, pieces

#: The tags of lines that are broken here, of those that continue one, and of those from right to left.
BROKEN_LINE: Final = "broken-line"
CONTINUED: Final = "continued-line"
RIGHT_TO_LEFT: Final = "right-to-left"

_BLANKS: Final = (" ", "\t", "\u3000")

#: Runs with one of these tags are isolated: an address or a piece of code is from left to right in itself, a
#: name has a direction of its own.
_LEFT_TO_RIGHT: Final = {CODE, CODE_BLOCK, LINK}
_NAME_PREFIX: Final = "name-"


#: Returns what is drawn for a run that is not drawn as it was sent, else None.
Drawn: TypeAlias = Callable[[TextRun], str | None]


class Metrics(Protocol):
    """The sizes of a text widget, in pixels."""

    #: The columns of a character above U+FFFF: two in Tk 8.6.
    wide_columns: int

    def measure(self, text: str, tags: tuple[str, ...]) -> int:
        """Return the width of a text with these tags."""

    def line_width(self, tags: tuple[str, ...]) -> int:
        """Return how wide a line with these tags can be."""


def drawn_as_sent(_run: TextRun) -> str | None:
    """Draw a run as it was sent."""
    return None


class Arrangement:
    """The drawn lines of a block, and which characters of its runs each place in them shows.

    Lines count from 0, columns as in the widget; characters are numbered through all runs.
    """

    def __init__(self, source: Sequence[TextRun], wide_columns: int) -> None:
        self.source = source
        #: What to insert into the widget.
        self.runs: list[TextRun] = []
        self._wide_columns = wide_columns
        self._run_ends = [*accumulate(len(text) for text, _ in source)]
        #: For each line its pieces from left to right, each with its first column.
        self._lines: list[list[tuple[int, Piece]]] = []

    def add_line(self, line: Sequence[Piece], extra_tags: tuple[str, ...] = ()) -> None:
        """Add a drawn line; its last piece is the line break."""
        column, placed = 0, []
        for piece in line:
            placed.append((column, piece))
            column += self._columns(piece.drawn)
        self._lines.append(placed)
        for run, group in groupby(line, key=lambda piece: piece.run):
            drawn = "".join(piece.drawn for piece in group)
            self.runs.append((drawn, (*self.source[run][1], *extra_tags)))

    def run_at(self, line: int, column: int) -> TextRun:
        """Return the whole run, in reading order, of which a part is drawn here."""
        run = next(piece.run for start, piece in reversed(self._lines[line]) if start <= column)
        return self.source[run]

    def places(self, start: int, stop: int) -> Iterator[tuple[int, int, int]]:
        """Yield where these characters are drawn, from the top left on: line, and first and last column."""
        found = {self._places[number] for number in range(start, stop) if number in self._places}
        yield from sorted(found)

    def pictures(self) -> Iterator[tuple[int, int, str]]:
        """Yield where pictures of emoji are drawn, from the top left on: line, column and emoji."""
        for number, line in enumerate(self._lines):
            for column, piece in line:
                if piece.drawn == OBJECT and EMOJI in self._tags(piece):
                    yield number, column, self.source[piece.run][0]

    def searchable(self) -> Iterator[tuple[int, str]]:
        """Yield the name and the message text, each with the number of its first character."""
        start = 0
        for kind, group in groupby(self.source, key=lambda run: _search_kind(run[1])):
            text = "".join(text for text, _ in group)
            if kind:
                yield start, text
            start += len(text)

    @functools.cached_property
    def _places(self) -> dict[int, tuple[int, int, int]]:
        """For each character where it is drawn: line, first column, and the column after the last."""
        return {
            place: (number, column, column + self._columns(piece.drawn))
            for number, line in enumerate(self._lines)
            for column, piece in line
            if piece.drawn != "\n"
            for place in range(piece.start, piece.stop)
        }

    def message_text(self, first: tuple[int, int], last: tuple[int, int]) -> str:
        """Return the message text that is drawn between two places, in the order in which it was sent.

        The marks of a part are in it if all of the part is.
        """
        drawn = (
            place
            for number, line in enumerate(self._lines)
            for column, piece in line
            if first <= (number, column) < last
            for place in range(piece.start, piece.stop)
        )
        shown = {place for place in drawn if self._is_message_text(place)}
        shown |= copied_marks(self.source, shown)
        return "".join(map(self._character, sorted(shown)))

    def _is_message_text(self, place: int) -> bool:
        tags = self.source[self._run(place)][1]
        return MESSAGE_TEXT in tags and MARK not in tags

    def _tags(self, piece: Piece) -> tuple[str, ...]:
        return self.source[piece.run][1]

    def _character(self, place: int) -> str:
        run = self._run(place)
        return self.source[run][0][place - self._run_ends[run]]

    def _run(self, place: int) -> int:
        return bisect_right(self._run_ends, place)

    def _columns(self, text: str) -> int:
        return len(text) + (self._wide_columns - 1) * sum(character > "\uffff" for character in text)


def arrange(
    source: Sequence[TextRun], metrics: Metrics, drawn: Drawn = drawn_as_sent, *, reorder: bool = True
) -> Arrangement:
    """Return the arrangement of a block's runs; without `reorder` each line stays as it is.

    `drawn` returns what is drawn for a run that is not drawn as it was sent, else None.
    """
    arrangement = Arrangement(source, metrics.wide_columns)
    replaced = {run: text for run, part in enumerate(source) if (text := drawn(part)) is not None}
    for paragraph in _paragraphs(source, replaced):
        if reorder and any(has_rtl(text) for _, text, _ in paragraph):
            _add_reordered(arrangement, paragraph, metrics, replaced)
        else:
            arrangement.add_line([*_characters(paragraph, replaced)])
    return arrangement


class _LabelMetrics:
    """The metrics of a label, which has one font; a width of 0 is endless."""

    wide_columns = 1

    def __init__(self, measure: Callable[[str], int], width: int) -> None:
        self._measure, self._width = measure, width

    def measure(self, text: str, tags: tuple[str, ...]) -> int:
        """Return the width of a text."""
        del tags
        return self._measure(text)

    def line_width(self, tags: tuple[str, ...]) -> int:
        """Return how wide each line can be."""
        del tags
        return self._width or sys.maxsize


def visual_lines(text: str, measure: Callable[[str], int], width: int, *, is_name: bool) -> str:
    """Return the lines of a label, each as it is drawn: a text of one line, broken at a width in pixels.

    A name has its own direction; a sentence of ours is from left to right.
    """
    source = [(f"{text}\n", (MESSAGE_TEXT if is_name else "notice",))]
    arrangement = arrange(source, _LabelMetrics(measure, width))
    return "".join(drawn for drawn, _ in arrangement.runs).removesuffix("\n")


#: The number of a run, a part of its text, and the number of the part's first character.
_Part: TypeAlias = tuple[int, str, int]

#: The level of a piece in its paragraph; for an isolated run, that of the whole, and the piece's own in it.
_Level: TypeAlias = tuple[int, int | None]


def _paragraphs(source: Sequence[TextRun], replaced: Mapping[int, str]) -> Iterator[list[_Part]]:
    """Yield the parts of each line; the last one ends with the line break."""
    paragraph: list[_Part] = []
    start = 0
    for run, (text, _) in enumerate(source):
        for part in [text] if run in replaced else re.findall(r"[^\n]*\n|[^\n]+", text):
            paragraph.append((run, part, start))
            start += len(part)
            if part.endswith("\n") and run not in replaced:
                yield paragraph
                paragraph = []


def _characters(paragraph: list[_Part], replaced: Mapping[int, str]) -> Iterator[Piece]:
    for run, text, start in paragraph:
        if run in replaced:
            yield Piece(replaced[run], start, start + len(text), run, OBJECT)
            continue
        for place, character in enumerate(text, start):
            yield Piece(character, place, place + 1, run, character)


def _pieces(part: _Part, replaced: Mapping[int, str]) -> list[Piece]:
    run, text, start = part
    if run in replaced:
        return [Piece(replaced[run], start, start + len(text), run, OBJECT)]
    return pieces(text, start, run)


def _add_reordered(
    arrangement: Arrangement, paragraph: list[_Part], metrics: Metrics, replaced: Mapping[int, str]
) -> None:
    source = arrangement.source
    *parts, (last_run, last_text, last_start) = paragraph
    parts.append((last_run, last_text.removesuffix("\n"), last_start))
    end = last_start + len(last_text)
    line_pieces = [piece for part in parts for piece in _pieces(part, replaced)]
    base, levels = _levels(source, line_pieces)
    direction = (BROKEN_LINE, RIGHT_TO_LEFT) if base else (BROKEN_LINE,)
    first = 0
    for stop, kept in _line_ends(source, line_pieces, metrics):
        line = line_pieces[first:kept]
        if line and kept < stop:  # blanks at the end of a line belong to what is before them
            line[-1] = line[-1]._replace(stop=line_pieces[stop - 1].stop)
        has_picture = any(piece.drawn == OBJECT for piece in line)
        # In Tk 8.6 a picture breaks a line that is not to be broken.
        tags = tuple(tag for tag in direction if tag != BROKEN_LINE or not has_picture)
        tags = (*tags, CONTINUED) if first else tags
        at_end = stop == len(line_pieces)
        place = end - 1 if at_end else line_pieces[stop].start
        newline = Piece("\n", place, end if at_end else place, last_run, "\n")
        if not at_end:
            newline = newline._replace(run=line_pieces[stop - 1].run)
        arrangement.add_line([*_in_visual_order(line, levels[first:kept]), newline], tags)
        first = stop


def _levels(source: Sequence[TextRun], line: Sequence[Piece]) -> tuple[int, list[_Level]]:
    """Return the level of a paragraph and those of its pieces; isolated runs are resolved by themselves."""
    groups = [(run, [*group]) for run, group in groupby(line, key=lambda piece: piece.run)]
    outside: list[str] = []
    for run, members in groups:
        outside += [OBJECT] if _is_isolated(source[run][1]) else [piece.base for piece in members]
    is_message = any(MESSAGE_TEXT in source[run][1] for run, _ in groups)
    base = base_level("".join(outside)) if is_message else 0
    outer = iter(resolve_levels(outside, base))
    levels: list[_Level] = []
    for run, members in groups:
        if _is_isolated(source[run][1]):
            level, characters = next(outer), [piece.base for piece in members]
            inner = resolve_levels(characters, _isolated_base(source[run][1], characters, base))
            levels += [(level, own) for own in inner]
        else:
            levels += [(next(outer), None) for _ in members]
    return base, levels


def _in_visual_order(line: Sequence[Piece], levels: Sequence[_Level]) -> list[Piece]:
    """Return the pieces of a line as they are drawn; an isolated run has one place in it."""
    parts: list[list[Piece]] = []
    part_levels: list[int] = []
    pairs = zip(line, levels, strict=True)
    for (_, is_isolated), group in groupby(pairs, key=lambda pair: (pair[0].run, pair[1][1] is not None)):
        members = [*group]
        if is_isolated:
            inner = [own for _, (_, own) in members if own is not None]
            parts.append(in_visual_order([piece for piece, _ in members], inner))
            part_levels.append(members[0][1][0])
        else:
            parts += [[at_level(piece, level)] for piece, (level, _) in members]
            part_levels += [level for _, (level, _) in members]
    return [piece for place in visual_order(part_levels) for piece in parts[place]]


def _is_name(tags: tuple[str, ...]) -> bool:
    return any(tag.startswith(_NAME_PREFIX) for tag in tags)


def _search_kind(tags: tuple[str, ...]) -> str:
    if MESSAGE_TEXT in tags:
        return MESSAGE_TEXT
    return "name" if _is_name(tags) and QUOTE not in tags else ""


def _is_isolated(tags: tuple[str, ...]) -> bool:
    is_plain_text = MESSAGE_TEXT in tags and not _LEFT_TO_RIGHT & {*tags}
    return not (is_plain_text or "notice" in tags or "separator" in tags)


def _isolated_base(tags: tuple[str, ...], characters: list[str], outer: int) -> int:
    """Return the level of an isolated run.

    Names and quoted words have their own direction, words of ours that of the paragraph.
    """
    if _LEFT_TO_RIGHT & {*tags}:
        return 0
    has_own_direction = _is_name(tags) or QUOTE_TEXT in tags
    return base_level("".join(characters)) if has_own_direction else outer


def _line_ends(
    source: Sequence[TextRun], line: Sequence[Piece], metrics: Metrics
) -> Iterator[tuple[int, int]]:
    """Yield the end of each line, and the end of what it shows: without the blanks after its last word."""
    limit = metrics.line_width(source[line[0].run][1]) if line else 0
    first, used = 0, 0
    for start, word_end, stop in _words(line):
        width = _width(source, line[start:word_end], metrics)
        if start > first and used + width > limit:
            yield start, _without_blanks(line, first, start)
            first, used = start, 0
        while width > limit and (fitting := _fitting(source, line[first:word_end], metrics, limit)):
            yield first + fitting, first + fitting
            first += fitting
            width = _width(source, line[first:word_end], metrics)
        used += width + _width(source, line[word_end:stop], metrics)
    yield len(line), len(line)


def _without_blanks(line: Sequence[Piece], first: int, end: int) -> int:
    while end > first + 1 and line[end - 1].base in _BLANKS:
        end -= 1
    return end


def _words(line: Sequence[Piece]) -> Iterator[tuple[int, int, int]]:
    """Yield where each word begins and ends, and where the blanks after it end."""
    start = 0
    while start < len(line):
        end = next((at for at in range(start, len(line)) if line[at].base in _BLANKS), len(line))
        stop = next((at for at in range(end, len(line)) if line[at].base not in _BLANKS), len(line))
        yield start, end, stop
        start = stop


def _width(source: Sequence[TextRun], line: Sequence[Piece], metrics: Metrics) -> int:
    return sum(
        metrics.measure("".join(piece.drawn for piece in group), source[run][1])
        for run, group in groupby(line, key=lambda piece: piece.run)
    )


def _fitting(source: Sequence[TextRun], word: Sequence[Piece], metrics: Metrics, limit: int) -> int:
    """Return how many pieces of a word that is too long fit into a line: at least one, but 0 if it is one."""
    widths = accumulate(_width(source, [piece], metrics) for piece in word)
    fitting = next((count for count, width in enumerate(widths) if width > limit), len(word) - 1)
    return max(fitting, 1) if len(word) > 1 else 0
