"""The names of the tags with a meaning, which the model gives to pieces of text and the view draws."""

from __future__ import annotations

from typing import Final, TypeAlias

from messango.gui.model.files.file_card import FILE_LINKS

#: A piece of text with its tags.
TextRun: TypeAlias = tuple[str, tuple[str, ...]]

#: The line that stands for a file: its card is drawn in its place.
FILE_CARD: Final = "file-card"
#: The line below it, with what can be done.
BELOW_CARD: Final = "below-card"

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
SMALL_LINKS: Final = (SEND_AGAIN, DISCARD, SHOW_ALL, SHOW_LESS, *FILE_LINKS)
#: Of these, what has no underlined words.
WITHOUT_WORDS: Final = (QUOTE, FILE_CARD)
CLICKABLE: Final = (LINK, *SMALL_LINKS, *WITHOUT_WORDS)

#: Marks of other text: they are in the runs, and are not drawn; those before and those after a part.
MARK: Final = "mark"
OPENING: Final = "opening-mark"
CLOSING: Final = "closing-mark"
#: Marks that are drawn as another sign: of an item of a list, and at the beginning of a quoted line.
BULLET: Final = "bullet"
CITE_BAR: Final = "cite-bar"
#: An emoji: a picture, else a plain sign; that of a flag is the letters of its country, in a box.
EMOJI: Final = "emoji"
BOXED: Final = "boxed"
#: What is not drawn as it was sent.
REPLACED: Final = frozenset((MARK, BULLET, CITE_BAR, EMOJI, FILE_CARD))

#: Code and links are from left to right in themselves, whatever is around them.
CODE: Final = "code"
CODE_BLOCK: Final = "code-block"
BOLD: Final = "bold"
ITALIC: Final = "italic"
BOLD_ITALIC: Final = "bold-italic"
STRUCK: Final = "struck"
#: The lines of a quote within a message, and those of a list.
CITED: Final = "cited"
LIST_ITEM: Final = "list-item"
