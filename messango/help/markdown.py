"""Parses the part of Markdown that the help topics use: text in, blocks of styled text out."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias


class Style(enum.Enum):
    """The style of a character."""

    PLAIN = enum.auto()
    STRONG = enum.auto()
    EMPHASIS = enum.auto()
    CODE = enum.auto()


@dataclass(frozen=True, slots=True)
class Text:
    """Characters, each with its style; supports `+`, slices and `len` like a string."""

    characters: str
    styles: tuple[Style, ...]

    @classmethod
    def of(cls, characters: str, style: Style = Style.PLAIN) -> Text:
        """Return text in one style."""
        return cls(characters, (style,) * len(characters))

    def __add__(self, other: Text) -> Text:
        return Text(self.characters + other.characters, self.styles + other.styles)

    def __getitem__(self, part: slice) -> Text:
        return Text(self.characters[part], self.styles[part])

    def __len__(self) -> int:
        return len(self.characters)


@dataclass(frozen=True, slots=True)
class Heading:
    """A title (level 1) or the heading of a section."""

    level: int
    text: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text to wrap."""

    text: Text


@dataclass(frozen=True, slots=True)
class ListItem:
    """One item of a list, with its bullet or number."""

    marker: str
    text: Text


@dataclass(frozen=True, slots=True)
class Code:
    """A code block's lines, shown as they are."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells; each row has as many as the header."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block: TypeAlias = Heading | Paragraph | ListItem | Code | Table

_HEADING: Final = re.compile(r"(#{1,3}) (.+)")
_ITEM: Final = re.compile(r"(-|\d+\.) +(.*)")
_FENCE: Final = "```"
_CELL_BORDER: Final = re.compile(r"(?<!\\)\|")
#: Pictures and comments are not shown in a terminal.
_INVISIBLE: Final = re.compile(r"!\[[^\]]*\]\([^)]*\)|<!--.*?-->", re.DOTALL)
_INLINE: Final = re.compile(
    r"`(?P<code>[^`]+)`"
    r"|\*\*(?P<strong>.+?)\*\*"
    r"|\*(?P<emphasis>[^*\s][^*]*)\*"
    r"|\[(?P<link>[^\]]+)\]\((?P<target>[^)\s]+)\)"
    r"|\\(?P<escaped>[\\`*|\[\]])",
    re.DOTALL,
)
_OTHER_TOPIC: Final = re.compile(r"([a-z-]+)\.md(#\S*)?")


def parse(markdown: str, *, ticks: bool = True) -> Iterator[Block]:
    """Yield the blocks in order; without `ticks`, code within text is marked only by its style."""
    lines = _INVISIBLE.sub("", markdown).splitlines()
    inline = _Inline("`" if ticks else "")
    while lines:
        if not lines[0].strip():
            lines.pop(0)
        elif lines[0].startswith(_FENCE):
            yield _code(lines)
        elif lines[0].startswith("|"):
            yield _table(lines, inline)
        elif heading := _HEADING.fullmatch(lines[0]):
            lines.pop(0)
            yield Heading(len(heading[1]), inline.text(heading[2]))
        elif item := _ITEM.match(lines[0]):
            yield ListItem(item[1], inline.text(f"{item[2]} {_continued(lines)}"))
        else:
            yield Paragraph(inline.text(f"{lines[0]} {_continued(lines)}"))


class _Inline:
    """Parses the text within a block; `tick` is put around code."""

    def __init__(self, tick: str) -> None:
        self._tick = tick

    def text(self, markdown: str) -> Text:
        """Return the text with its styles; links show their targets."""
        markdown = " ".join(markdown.split())
        text, end = Text.of(""), 0
        for match in _INLINE.finditer(markdown):
            text += Text.of(markdown[end : match.start()]) + self._styled(match)
            end = match.end()
        return text + Text.of(markdown[end:])

    def _styled(self, match: re.Match[str]) -> Text:
        if match["code"]:
            return self._code(match["code"].replace("\\|", "|"))
        if match["link"]:
            return self.text(match["link"]) + self._destination(match["link"], match["target"])
        if match["escaped"]:
            return Text.of(match["escaped"])
        style = Style.STRONG if match["strong"] else Style.EMPHASIS
        inside = self.text(match["strong"] or match["emphasis"])
        return Text(inside.characters, tuple(style if one is Style.PLAIN else one for one in inside.styles))

    def _destination(self, text: str, target: str) -> Text:
        """Return what to add to a link's text so that a person can follow the link."""
        topic = _OTHER_TOPIC.fullmatch(target)
        command = f"messango help {topic[1]}" if topic else ""
        if command and command not in text:
            return Text.of(" (") + self._code(command) + Text.of(")")
        return Text.of(f" <{target}>" if "://" in target else "")

    def _code(self, code: str) -> Text:
        return Text.of(f"{self._tick}{code}{self._tick}", Style.CODE)


def _continued(lines: list[str]) -> str:
    """Remove the first line and return the lines that continue its block, removed too."""
    lines.pop(0)
    taken = []
    while lines and lines[0].strip() and not _begins_block(lines[0]):
        taken.append(lines.pop(0))
    return " ".join(taken)


def _begins_block(line: str) -> bool:
    return line.startswith((_FENCE, "|")) or bool(_HEADING.fullmatch(line) or _ITEM.match(line))


def _code(lines: list[str]) -> Code:
    lines.pop(0)
    taken = []
    while lines and not (line := lines.pop(0)).startswith(_FENCE):
        taken.append(line)
    return Code(tuple(taken))


def _table(lines: list[str], inline: _Inline) -> Table:
    rows = []
    while lines and lines[0].startswith("|"):
        cells = _CELL_BORDER.split(lines.pop(0).strip())[1:-1]
        rows.append(tuple(map(inline.text, cells)))
    header, _rule, *body = rows
    return Table(header, tuple(body))
