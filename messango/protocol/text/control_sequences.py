"""Removes from a text what controls a terminal, and makes every line separator a newline.

What counts as a terminal sequence is ECMA-48 (ISO 6429), with the habits of xterm and the Linux console: OSC
may end with BEL, `ESC k` begins a title, and `ESC ] P` a colour without an end.
"""

from __future__ import annotations

import re
from typing import Final

#: Line ends: of every system (a CR that was doubled on the way is one), VT and FF, FS, GS and RS, NEL, and
#: U+2028 and U+2029. Unicode breaks a line or begins a paragraph at each of them (UAX #14, UAX #9).
_LINE_END: Final = "\r{0,2}\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]"

#: The content of a control string. It ends early at the next sequence, and at CAN or SUB, which cancel it.
_STRING: Final = "[^\x18\x1a\x1b\x80-\x84\x86-\x9f]*"
_STRING_ON_ONE_LINE: Final = "[^\x07\n-\r\x18\x1a-\x1e\x80-\x9f\u2028\u2029]*"
_STRING_END: Final = "(?:\x1b\\\\|\x9c)"

#: In this order, because an earlier one may begin a later one. A string without an end is removed up to the
#: end of its line: the text after it was meant for people.
_SEQUENCE: Final = "|".join(
    (
        "\x1b\\](?:P[0-9A-Fa-f]{7}|R)",  # The Linux console's palette.
        f"(?:\x1b\\]|\x9d){_STRING_ON_ONE_LINE}(?:\x07|{_STRING_END})?",  # OSC
        f"(?:\x1b[PX^_]|[\x90\x98\x9e\x9f]){_STRING}{_STRING_END}",  # DCS, SOS, PM, APC
        f"(?:\x1b[PX^_]|[\x90\x98\x9e\x9f]){_STRING_ON_ONE_LINE}",
        f"\x1bk{_STRING_ON_ONE_LINE}{_STRING_END}",  # The title, in screen and tmux.
        "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]?",  # CSI
        "\x1b[ -/]*[0-~]?",  # Escape sequences of two characters, or more with intermediates.
    )
)

#: C0 except newline and tab, DEL and C1; and surrogates, which can't be encoded.
_CONTROL: Final = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"

_UNCLEAN: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LINE_ENDS: Final = re.compile(_LINE_END)
_REMOVED: Final = re.compile(f"(?P<line>{_LINE_END})|{_SEQUENCE}|{_CONTROL}")


def strip_controls(text: str) -> str:
    """Return `text` with newlines as its only line ends, and without sequences and controls except tab."""
    if not _UNCLEAN.search(text):
        return text
    # Terminals ignore NUL, even within a sequence.
    return _REMOVED.sub(_replacement, text.replace("\0", ""))


def normalize_line_ends(text: str) -> str:
    """Return `text` with newlines as its only line ends."""
    return text if text.isprintable() else _LINE_ENDS.sub("\n", text)


def _replacement(match: re.Match[str]) -> str:
    return "\n" if match["line"] else ""
