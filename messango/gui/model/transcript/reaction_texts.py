"""The texts of reactions: the count in a chip, and who reacted."""

from __future__ import annotations

from typing import Final

from messango.protocol.frames import Reaction
from messango.protocol.limits import MAX_REACTION_NAMES
from messango.protocol.text.plain_names import plain_name
from messango.protocol.text.wording import join_names

#: A larger count would make the chip wider and tell nobody more.
_MAX_COUNT: Final = 999


def count_text(reaction: Reaction) -> str:
    """Return the number of members who reacted, as the chip shows it."""
    return str(max(reaction.count, 1)) if reaction.count <= _MAX_COUNT else f"{_MAX_COUNT}+"


def who_reacted(reaction: Reaction, own_name: str) -> str:
    """Return who reacted, as a sentence: `You, Ben and 3 others reacted with 👍`."""
    others = [plain_name(name) for name in reaction.names if not (reaction.mine and name == own_name)]
    listed = ["You", *others] if reaction.mine else others
    more = reaction.count - len(listed)
    if more > 0:
        listed.append(f"{more:,} {'other' if more == 1 else 'others'}")
    names = join_names(listed or ["Somebody"], most=MAX_REACTION_NAMES + 1)
    return f"{names} reacted with {reaction.emoji}"
