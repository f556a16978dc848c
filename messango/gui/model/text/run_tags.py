"""The names of the tags with a meaning, which the model gives to pieces of text and the view draws."""

from __future__ import annotations

from typing import Final, TypeAlias

#: A piece of text with its tags.
TextRun: TypeAlias = tuple[str, tuple[str, ...]]

#: The tag of message text only, not of names and times.
MESSAGE_TEXT: Final = "message-text"
LINK: Final = "link"
SEND_AGAIN: Final = "send-again"
DISCARD: Final = "discard"
SHOW_ALL: Final = "show-all"
SHOW_LESS: Final = "show-less"

#: The line above an answer, with what it answers; in it the name, the words, and the bar before them. And the
#: line with the reactions below a message.
QUOTE: Final = "quote"
QUOTE_NAME: Final = "quote-name"
QUOTE_TEXT: Final = "quote-text"
QUOTE_BAR: Final = "quote-bar"
REACTIONS: Final = "reactions"
#: All lines of a private message, and of one that mentions us; and the words that say so.
PRIVATE: Final = "private"
MENTION: Final = "mention"
NOTE: Final = "note"

#: The tags of what can be clicked, or reached with Tab and opened with Enter.
SMALL_LINKS: Final = (SEND_AGAIN, DISCARD, SHOW_ALL, SHOW_LESS)
CLICKABLE: Final = (LINK, *SMALL_LINKS, QUOTE)
