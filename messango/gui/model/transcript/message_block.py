"""Makes the block of a message, and changes it when the message changes."""

from __future__ import annotations

from msgspec.structs import replace

from messango.client.events import AnyReceived, PrivateMessageReceived
from messango.client.typed.commands import action_of
from messango.gui.model.composer.outgoing import OutgoingMessage
from messango.gui.model.sending.outgoing_share import OutgoingShare
from messango.gui.model.transcript.blocks import (
    NO_EXTRAS,
    Block,
    BlockKind,
    DeliveryStatus,
    Extras,
    Sender,
    same_group,
    time_and_day,
)


def sender_of(message: AnyReceived) -> Sender:
    """Return who sent a message, when and to whom."""
    to = message.to if isinstance(message, PrivateMessageReceived) else ""
    return Sender(message.member, message.name, message.time, to)


def extras_of(message: AnyReceived, *, mentions_you: bool) -> Extras:
    """Return what a message has besides its text; nearly always the shared `NO_EXTRAS`.

    A deleted message keeps nothing of what it was.
    """
    to = to_name = ""
    if isinstance(message, PrivateMessageReceived):
        to, to_name, mentions_you = message.to, message.to_name, False
    elif not mentions_you and _is_plain(message):
        return NO_EXTRAS
    if message.deleted:
        return Extras(deleted=True, to=to, to_name=to_name)
    return Extras(
        message.reply,
        message.reactions,
        message.edited,
        to=to,
        to_name=to_name,
        mentions_you=mentions_you,
        file=message.file,
    )


def _is_plain(message: AnyReceived) -> bool:
    """Return whether a message has nothing but its text."""
    return not (
        message.reply or message.reactions or message.edited or message.deleted or message.file is not None
    )


def outgoing_extras(message: OutgoingMessage | OutgoingShare) -> Extras:
    """Return the same of an own message without a receipt."""
    if isinstance(message, OutgoingShare):
        return Extras(message.reply)
    if message.to is None:
        return Extras(message.reply) if message.reply else NO_EXTRAS
    return Extras(message.reply, to=message.to.member, to_name=message.to.name)


def message_block(
    sender: Sender, text: str, extras: Extras, *, own: bool, delivery: DeliveryStatus, after: Sender | None
) -> Block:
    """Return the block of a message that follows one of `after`."""
    action = action_of(text)
    clock, _ = time_and_day(sender.time)
    return Block(
        BlockKind.MESSAGE if action is None else BlockKind.ACTION,
        text if action is None else action,
        sender.name,
        clock,
        own,
        has_header=action is None and not (after is not None and same_group(after, sender)),
        delivery=delivery,
        member=sender.member,
        time=sender.time,
        extras=extras,
    )


def changed_block(block: Block, message: AnyReceived, extras: Extras) -> Block:
    """Return a message's block as the message is now; its place, its time and its sender stay."""
    if message.deleted:
        return replace(block, text="", extras=extras)
    action = action_of(message.text)
    if action is not None:
        return replace(block, kind=BlockKind.ACTION, text=action, has_header=False, extras=extras)
    headed = block.has_header or block.kind is BlockKind.ACTION
    return replace(block, kind=BlockKind.MESSAGE, text=message.text, has_header=headed, extras=extras)
