"""Writes other people's texts in Markdown so that they stay text: nothing in them becomes markup.

The rules are those of CommonMark 0.31, with the tables, strikethrough, autolinks and formulas of GitHub.
"""

from __future__ import annotations

import re
from typing import Final

from messango.protocol.text.escaping import safe_line, safe_text

#: What is markup anywhere in a line: also the beginning of an entity, what makes a web address a link, and a
#: last `#`, which would close a heading. A link could show one address and open another, as Markdown does not
#: agree on where it ends.
_INLINE: Final = re.compile(r"[\\`*_\[\]<>|~^$]|&(?=#?\w+;)|:(?=//)|(?<=\bwww)\.|#$", re.IGNORECASE)

#: What is markup only at the beginning of a line: headings, lists, rules, and underlines of headings.
_LINE_START: Final = re.compile(r"[#+=:-]|(?<=\d)[.)]")
_LIST_NUMBER: Final = re.compile(r"\d{1,9}(?=[.)])")

_INDENT: Final = re.compile(" +")


def escape_line(text: str) -> str:
    """Return a text on one line, for use within a line."""
    return _INLINE.sub(r"\\\g<0>", safe_line(text))


def quote(text: str) -> str:
    """Return a text as a block quotation, with a hard line break between its lines."""
    lines = [_escape_whole_line(line) for line in safe_text(text).split("\n")]
    follows = [*map(bool, lines[1:]), False]
    # A backslash is a line break only if another line of the paragraph follows.
    return "\n".join(
        f"> {line}{chr(92) * (bool(line) and more)}".rstrip(" ")
        for line, more in zip(lines, follows, strict=True)
    )


def _escape_whole_line(line: str) -> str:
    line = line.rstrip()
    if indent := _INDENT.match(line):
        # Plain spaces would make a code block, or be dropped.
        return "&nbsp;" * indent.end() + _INLINE.sub(r"\\\g<0>", line[indent.end() :])
    number = _LIST_NUMBER.match(line)
    start = number.end() if number else 0
    markup = _LINE_START.match(line, start)
    escaped = _INLINE.sub(r"\\\g<0>", line[start:])
    return line[:start] + ("\\" if markup and not escaped.startswith("\\") else "") + escaped
