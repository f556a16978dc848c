"""What one can do with a message."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from messango.gui.model.composer.composer_mode import Recipient
from messango.gui.model.conversation.message_actions import (
    MessageAction,
    Rights,
    actions_for,
    links_of,
    original_text,
    partner_of,
    preview_of,
)
from messango.gui.model.transcript.blocks import Block, BlockKind, Extras
from messango.protocol.features import FEATURES
from messango.protocol.limits import MAX_QUOTE_CHARACTERS
from messango.protocol.text.validation import HOST_NAME

BENS = Block(BlockKind.MESSAGE, "see https://a.org/b.", "Ben", seq=1, member="b")
OWN = Block(BlockKind.MESSAGE, "mine", "Ann", own=True, seq=2, member="a")
TO_BEN = replace(OWN, extras=Extras(to="b", to_name="Ben"))
FROM_BEN = replace(BENS, text="psst", extras=Extras(to="a", to_name="Ann"))
HERE = Rights(is_connected=True, features=FEATURES)

A = MessageAction


@pytest.mark.parametrize(
    ("block", "rights", "actions"),
    [
        (BENS, HERE, [A.REPLY, A.REACT, A.COPY, A.COPY_LINK, A.REPLY_PRIVATELY]),
        (OWN, HERE, [A.REPLY, A.REACT, A.COPY, A.EDIT, A.DELETE]),
        (TO_BEN, HERE, [A.REPLY, A.REACT, A.COPY, A.EDIT, A.DELETE]),
        (FROM_BEN, HERE, [A.REPLY, A.REACT, A.COPY]),
        (
            BENS,
            Rights(is_connected=True, features=FEATURES, is_host=True),
            [A.REPLY, A.REACT, A.COPY, A.COPY_LINK, A.DELETE, A.REPLY_PRIVATELY],
        ),
        (BENS, Rights(is_connected=False), [A.COPY, A.COPY_LINK]),
        (OWN, Rights(is_connected=True), [A.REPLY, A.COPY]),
        (replace(OWN, seq=0), HERE, [A.COPY]),
        (replace(BENS, name=HOST_NAME, text="closing"), HERE, [A.REPLY, A.REACT, A.COPY]),
        (replace(OWN, text="", extras=Extras(deleted=True)), HERE, []),
        (Block(BlockKind.NOTICE, "Ben joined"), HERE, []),
    ],
)
def test_what_is_possible(block: Block, rights: Rights, actions: list[MessageAction]) -> None:
    """By whose it is, whether it is private, what the room offers, and whether we host it."""
    assert actions_for(block, rights) == actions


def test_partner_of_a_private_message() -> None:
    """Whoever of the two is not us."""
    assert partner_of(TO_BEN) == Recipient("b", "Ben")
    assert partner_of(FROM_BEN) == Recipient("b", "Ben")
    assert partner_of(BENS) is None


def test_texts_are_as_they_were_sent() -> None:
    """An action with its command; a link without the full stop behind it."""
    assert original_text(replace(OWN, kind=BlockKind.ACTION, text="waves")) == "/me waves"
    assert original_text(OWN) == "mine"
    assert links_of(BENS) == ["https://a.org/b"]


def test_preview_is_one_bounded_line() -> None:
    """As the room cuts it."""
    preview = preview_of(replace(OWN, text="a\n b" + "x" * 8_000))
    assert preview.startswith("a bx")
    assert len(preview) == MAX_QUOTE_CHARACTERS
