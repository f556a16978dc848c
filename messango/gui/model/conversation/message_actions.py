"""What one can do with a message: the entries of its menu. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from messango.client.message_text.markup import Style, spans
from messango.client.typed.commands import ACTION_PREFIX
from messango.gui.model.composer.composer_mode import Recipient
from messango.gui.model.transcript.blocks import Block, BlockKind
from messango.protocol import features
from messango.protocol.text.validation import HOST_NAME


class MessageAction(enum.Enum):
    """An entry of the menu, in the order in which they stand there."""

    REPLY = "Reply"
    REACT = "React"
    COPY = "Copy"
    COPY_LINK = "Copy link text"
    EDIT = "Edit"
    DELETE = "Delete…"
    REPLY_PRIVATELY = "Reply privately"


@dataclass(frozen=True, slots=True)
class Rights:
    """What the room offers, and whether we may delete the messages of others."""

    is_connected: bool
    features: tuple[str, ...] = ()
    is_host: bool = False


def actions_for(block: Block, rights: Rights) -> list[MessageAction]:
    """Return what is possible with a message, in the order of the menu."""
    if not block.is_message or block.is_deleted:
        return []
    offered = rights.features if rights.is_connected and block.seq else ()
    is_there = {
        MessageAction.REPLY: rights.is_connected and bool(block.seq),
        MessageAction.REACT: features.REACTIONS in offered,
        MessageAction.COPY: True,
        MessageAction.COPY_LINK: bool(links_of(block)),
        MessageAction.EDIT: block.own and features.EDITS in offered,
        MessageAction.DELETE: (block.own or rights.is_host) and features.EDITS in offered,
        MessageAction.REPLY_PRIVATELY: features.PRIVATE in offered and _is_of_member(block),
    }
    return [action for action in MessageAction if is_there[action]]


def partner_of(block: Block) -> Recipient | None:
    """Return the other of the two whose private message this is; None if it is for everybody."""
    if not block.is_private:
        return None
    if block.own:
        return Recipient(block.extras.to, block.extras.to_name)
    return Recipient(block.member, block.name)


def links_of(block: Block) -> list[str]:
    """Return the texts of the links in a message, as they were sent."""
    return [span.text for span in spans(block.text) if Style.LINK in span.style]


def original_text(block: Block) -> str:
    """Return the text of a message as it was sent; of one with a file, what was written about it."""
    return f"{ACTION_PREFIX}{block.caption}" if block.kind is BlockKind.ACTION else block.caption


def delete_label(block: Block) -> str:
    """Return the words of the button that deletes a message."""
    if block.is_private:
        return "Delete for both of you"
    return "Delete for everybody"


def _is_of_member(block: Block) -> bool:
    """Return whether there is somebody to write to: not for our own messages and the host's announcements."""
    return not block.own and not block.is_private and bool(block.member) and block.name != HOST_NAME
