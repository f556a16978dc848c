"""What a terminal can show, as far as its environment tells. Where it does not, the answer is no."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

#: Terminals that draw an emoji sequence as one picture of two columns. Others show its parts, or the letters
#: of a flag, and a multiplexer counts columns of its own.
_JOINING_PROGRAMS: Final = frozenset(("iTerm.app", "WezTerm", "ghostty"))
_JOINING_TERMS: Final = ("xterm-kitty", "xterm-ghostty")
_MULTIPLEXERS: Final = ("TMUX", "STY", "ZELLIJ")

#: The console of Linux and GNU Screen show italic and struck text in other ways, or not at all.
_PLAIN_TERMS: Final = ("linux", "vt", "ansi", "cons")


@dataclass(frozen=True, slots=True)
class TerminalAbilities:
    """Whether emoji sequences are one picture, whether italic and struck text look so, and whether there are
    blocks to draw a bar of.
    """

    joins_emoji: bool = False
    has_italic: bool = False
    has_blocks: bool = False

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> TerminalAbilities:
        """Return what the terminal of this environment can show."""
        term = environment.get("TERM", "")
        is_direct = not any(environment.get(name) for name in _MULTIPLEXERS)
        joins = environment.get("TERM_PROGRAM") in _JOINING_PROGRAMS or term in _JOINING_TERMS
        is_plain = not term or term.startswith(_PLAIN_TERMS)
        is_screen = term.startswith("screen") and not environment.get("TMUX")
        return cls(
            joins_emoji=joins and is_direct,
            has_italic=not is_plain and not is_screen,
            has_blocks=not is_plain,
        )
