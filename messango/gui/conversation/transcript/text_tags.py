"""The look of each text tag of the transcript."""

from __future__ import annotations

import tkinter as tk
from typing import Any

from messango.gui.look import theme
from messango.gui.look.look import Look
from messango.gui.model.text.line_arrangement import BROKEN_LINE, CONTINUED, RIGHT_TO_LEFT
from messango.gui.model.text.run_tags import (
    BELOW_CARD,
    BOLD,
    BOLD_ITALIC,
    BOXED,
    BULLET,
    CITE_BAR,
    CITED,
    CLICKABLE,
    EMOJI,
    FILE_CARD,
    ITALIC,
    LIST_ITEM,
    MENTION,
    MESSAGE_TEXT,
    NOTE,
    PRIVATE,
    QUOTE,
    QUOTE_BAR,
    QUOTE_NAME,
    QUOTE_TEXT,
    REACTIONS,
    STRUCK,
    WITHOUT_WORDS,
)

#: The message that was jumped to, for a moment.
JUMPED = "jumped"
#: The link that Tab has reached, the matches of a search, and the current match.
TAB_FOCUS = "tab-focus"
MATCH = "match"
CURRENT_MATCH = "current-match"


def configure_tags(text: tk.Text, look: Look) -> None:
    """Configure the text and its tags in the current palette; where tags differ, the later one wins."""
    palette = look.palette
    text.configure(
        background=palette.surface,
        foreground=palette.text,
        selectbackground=palette.selection,
        selectforeground=palette.text,
        inactiveselectbackground=palette.selection,
        highlightbackground=palette.surface,
        highlightcolor=palette.focus,
    )
    for name, options in _tags(look).items():
        text.tag_configure(name, **options)
    for number, color in enumerate(palette.name_colors):
        text.tag_configure(f"name-{number}", font=theme.STRONG, foreground=color)
    text.tag_configure(QUOTE_NAME, font=theme.SMALL_STRONG)
    for name in (QUOTE_NAME, JUMPED, TAB_FOCUS, MATCH, CURRENT_MATCH, "sel"):
        text.tag_raise(name)


def set_margins(text: tk.Text, look: Look, width: int) -> None:
    """Limit the length of lines, however wide the text is: they are in a column in its middle."""
    inset = look.scaled(theme.WIDE_GAP)
    text.configure(padx=max((width - look.scaled_with_text(theme.READING_WIDTH) - 2 * inset) // 2, 0))
    for side in ("own", "other"):
        text.tag_configure(side, rmargin=inset)


def _tags(look: Look) -> dict[str, dict[str, Any]]:
    palette, px = look.palette, look.scaled
    inset, tiny = px(theme.WIDE_GAP), px(theme.TINY)
    tags: dict[str, dict[str, Any]] = {
        side: {
            "background": background,
            "lmargin1": inset,
            "lmargin2": inset,
            "lmargincolor": background,
            "rmargincolor": background,
        }
        for side, background in (("own", palette.own_message), ("other", palette.surface))
    }
    for kind, background in ((PRIVATE, palette.private_background), (MENTION, palette.mention)):
        tags[kind] = dict.fromkeys(("background", "lmargincolor", "rmargincolor"), background)
    tags["header"] = {"font": theme.BODY, "spacing1": px(theme.TINY + 2), "spacing3": px(2)}
    tags["body"] = {"font": theme.BODY, "spacing2": px(2), "spacing3": px(3)}
    tags["action"] = {
        "font": theme.BODY,
        "spacing1": px(theme.SMALL_GAP),
        "spacing2": px(2),
        "spacing3": px(3),
    }
    tags["time"] = {"font": theme.SMALL, "foreground": palette.muted}
    tags[MESSAGE_TEXT] = {}
    tags["waiting-text"] = {"foreground": palette.muted}
    tags["deleted"] = {"foreground": palette.muted, "font": theme.ITALIC}
    # One line, however narrow the window: a click shows the whole message.
    tags[QUOTE] = {"font": theme.SMALL, "spacing1": px(theme.TINY + 2), "spacing3": px(1), "wrap": "none"}
    tags[FILE_CARD] = {"spacing1": px(theme.TINY), "spacing3": px(theme.TINY)}
    tags[BELOW_CARD] = {"spacing3": px(theme.SMALL_GAP)}
    tags[REACTIONS] = {"font": theme.SMALL, "spacing1": px(1), "spacing3": px(theme.TINY)}
    tags["error"] = {"font": theme.SMALL, "foreground": palette.danger}
    quiet = {"font": theme.SMALL, "foreground": palette.muted, "justify": "center"}
    tags["notice"] = {**quiet, "spacing1": tiny, "spacing3": tiny, "lmargin1": inset, "rmargin": inset}
    tags["separator"] = {**quiet, "spacing1": px(theme.GAP), "spacing3": px(theme.SMALL_GAP)}
    tags["unread"] = {"foreground": palette.accent}
    tags.update(_markup_tags(look))
    tags["code"] = {"font": theme.CODE, "background": palette.recessed}
    code_inset = inset + px(theme.GAP)
    tags["code-block"] = {
        **tags["code"],
        "spacing1": 0,
        "spacing3": 0,
        "lmargin1": code_inset,
        "lmargin2": code_inset,
    }
    tags[EMOJI] = {"font": theme.EMOJI}
    no_picture = {"font": theme.SMALL, "foreground": palette.text, "background": palette.border}
    tags[BOXED] = {"font": "", "foreground": "", "background": ""} if look.emoji.available else no_picture
    # The widget must not break these lines again, should a measured width be a pixel short.
    tags[BROKEN_LINE] = {"wrap": "none"}
    tags[CONTINUED] = {"spacing1": 0}
    tags[RIGHT_TO_LEFT] = {"justify": "right"}
    for name in CLICKABLE:
        if name in WITHOUT_WORDS:
            continue
        tags[name] = {"foreground": palette.accent, "underline": True}
        if name != "link":
            tags[name]["font"] = theme.SMALL
    tags[NOTE] = {"font": theme.SMALL_STRONG}
    tags[QUOTE_BAR] = {"foreground": palette.focus}
    tags[QUOTE_TEXT] = {"foreground": palette.muted}
    tags[JUMPED] = {"background": palette.selection, "rmargincolor": palette.selection}
    tags[TAB_FOCUS] = {"background": palette.selection}
    tags[MATCH] = {"background": palette.selection}
    tags[CURRENT_MATCH] = {"background": palette.primary, "foreground": palette.on_primary}
    return tags


def _markup_tags(look: Look) -> dict[str, dict[str, Any]]:
    """Return the tags of emphasized words, quotes and lists."""
    palette, inset = look.palette, look.scaled(theme.WIDE_GAP)
    hanging = inset + look.scaled_with_text(theme.LIST_INDENT)
    small = look.scaled(theme.TINY)
    return {
        CITED: {"foreground": palette.muted, "lmargin2": hanging},
        LIST_ITEM: {"lmargin1": inset + small, "lmargin2": hanging + small},
        CITE_BAR: {"foreground": palette.focus},
        BULLET: {"foreground": palette.accent, "font": theme.STRONG},
        BOLD: {"font": theme.STRONG},
        ITALIC: {"font": theme.ITALIC},
        BOLD_ITALIC: {"font": theme.STRONG_ITALIC},
        STRUCK: {"overstrike": True},
    }
