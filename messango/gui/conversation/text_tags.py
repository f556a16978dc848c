"""How each tag of the transcript looks in the palette that is shown."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text_runs import ACTIVE, SAID

#: What Tab has reached, what was found, and of that the one that is shown.
CHOSEN = "chosen"
MATCH = "match"
CURRENT_MATCH = "current-match"


def color_tags(text: tk.Text, look: Look) -> None:
    """Set up the text and all its tags; of two that say something else, the later one counts."""
    palette = look.palette
    text.configure(
        background=palette.surface,
        foreground=palette.text,
        selectbackground=palette.chosen,
        selectforeground=palette.text,
        inactiveselectbackground=palette.chosen,
        highlightbackground=palette.surface,
        highlightcolor=palette.focus,
    )
    for name, options in _tags(look).items():
        text.tag_configure(name, **options)
    for number, color in enumerate(palette.names):
        text.tag_configure(f"name-{number}", font=theme.STRONG, foreground=color)
    for name in (CHOSEN, MATCH, CURRENT_MATCH, "sel"):
        text.tag_raise(name)


def set_margins(text: tk.Text, look: Look, width: int) -> None:
    """Keep lines as short as can be read without effort, however wide the text is."""
    inset = look.px(theme.WIDE_GAP)
    right = max(inset, width - look.px(theme.READING_WIDTH) - inset)
    for side in ("own", "other"):
        text.tag_configure(side, rmargin=right)


def _tags(look: Look) -> dict[str, dict[str, Any]]:
    palette, px = look.palette, look.px
    inset, tiny = px(theme.WIDE_GAP), px(theme.TINY)
    tags: dict[str, dict[str, Any]] = {
        side: {
            "background": ground,
            "lmargin1": inset,
            "lmargin2": inset,
            "lmargincolor": ground,
            "rmargincolor": ground,
        }
        for side, ground in (("own", palette.own), ("other", palette.surface))
    }
    tags["head"] = {"font": theme.BODY, "spacing1": px(theme.TINY + 2), "spacing3": px(2)}
    tags["body"] = {"font": theme.BODY, "spacing2": px(2), "spacing3": px(3)}
    tags["action"] = {
        "font": theme.BODY,
        "spacing1": px(theme.SMALL_GAP),
        "spacing2": px(2),
        "spacing3": px(3),
    }
    tags["time"] = {"font": theme.SMALL, "foreground": palette.muted}
    tags[SAID] = {}
    tags["waiting-text"] = {"foreground": palette.muted}
    tags["fault"] = {"font": theme.SMALL, "foreground": palette.danger}
    quiet = {"font": theme.SMALL, "foreground": palette.muted, "justify": "center"}
    tags["notice"] = {**quiet, "spacing1": tiny, "spacing3": tiny, "lmargin1": inset, "rmargin": inset}
    tags["rule"] = {**quiet, "spacing1": px(theme.GAP), "spacing3": px(theme.SMALL_GAP)}
    tags["unread"] = {"foreground": palette.accent}
    tags["code"] = {"font": theme.CODE, "background": palette.sunk}
    wide = inset + px(theme.GAP)
    tags["code-block"] = {**tags["code"], "spacing1": 0, "spacing3": 0, "lmargin1": wide, "lmargin2": wide}
    for name in ACTIVE:
        tags[name] = {"foreground": palette.accent, "underline": True}
        if name != "link":
            tags[name]["font"] = theme.SMALL
    tags[CHOSEN] = {"background": palette.chosen}
    tags[MATCH] = {"background": palette.chosen}
    tags[CURRENT_MATCH] = {"background": palette.fill, "foreground": palette.on_fill}
    return tags
