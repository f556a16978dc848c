"""The page finds words and names by the rules of the room."""

from __future__ import annotations

import pytest

from messango.client.mentions import is_mention
from messango.protocol.text.matching import find_words, fold, search_words
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

TEXTS = [
    *(
        "Zoë and ZOE",
        "Straße, STRASSE",
        "Ångström",
        "ﬁne ½",
        "İstanbul ıstanbul",
        "Đặng Łódź Ørsted",
        "naïve café",
    ),
    *(
        "“quoted” ‘it’s’ it´s",
        "a–b—c‑d",
        "👍🏽 thumbs 👩‍👩‍👧",
        "שָׁלוֹם",
        "مُحَمَّد ي ى ک",
        "Ж ё",
        "σίσυφος ΣΊΣΥΦΟΣ",
    ),
    *("ｆｕｌｌ", "한국어", "e\u0301te\u0301", "soft\u00adhyphen zero\u200bwidth"),
]


def test_folding_is_the_same_as_in_the_room(modules: Modules) -> None:
    """So that what was found is marked. Here, all marks are left out, which marks a little more."""
    script = "const {fold} = await load('model/text/matching.js'); return texts.map(fold);"
    assert modules.run(script, texts=TEXTS) == [fold(text) for text in TEXTS]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("The cake, the CAKE", "cake"),
        ("Zoë e Zoë", "zoe"),
        ("e\u0301te\u0301 ete", "ete"),
        ("Straße", "ss"),
        ("aaa", "aa"),
        ("overlapping", "over verlap"),
        ("nothing", "x"),
        ("日本語の本", "本"),
    ],
)
def test_words_are_found_where_they_are(modules: Modules, text: str, query: str) -> None:
    """In the text as it was written."""
    found = modules.call("model/text/found_words.js", "findWords", text, search_words(query))
    assert [tuple(place) for place in found] == find_words(text, search_words(query))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "@Ann",
            "ann: yes",
            "ask Ann",
            "Anna",
            "annoying",
            "Ann-Marie",
            "@Ann Lee",
            "@Ann Lee and Ann",
            "_Ann_",
        ),
        *("ÄNN", "Ann_", "Ann's", "请问Ann在吗", "Ann이", "이Ann", "Ann\nLee", "", "Joanna Ann"),
    ],
)
def test_mentions_are_those_of_the_other_front_ends(modules: Modules, text: str) -> None:
    """A name as a word of its own, and not that of somebody whose name begins with it."""
    script = """
    const {isMentionOfUs} = await load('model/text/mentions.js');
    const all = names.map((name) => ({name}));
    const session = {people: {me: all[0], all}, transcript: {get: () => undefined}};
    return isMentionOfUs({text, own: false, deleted: false, reply: null}, session);
    """
    names = ["Ann", "Ann Lee", "Ben"]
    assert modules.run(script, text=text, names=names) == is_mention(text, "Ann", names=names)


def test_names_behind_an_at_sign(modules: Modules) -> None:
    """Not in an address, and with those first that begin so."""
    script = """
    const {nameChoices, nameQuery} = await load('model/text/name_choices.js');
    const names = ['Ben', 'Ann Lee', 'Lea', 'Bea Lehn', 'Zoë'];
    return [['hi @', '@le', 'a@b', '@ x', 'no', '@a\\nb', '(@Be'].map(nameQuery),
      nameChoices('le', names), nameChoices('zo', names), nameChoices('', names).length];
    """
    queries = ["", "le", None, None, None, None, "Be"]
    assert modules.run(script) == [queries, ["Lea", "Ann Lee", "Bea Lehn"], ["Zoë"], 5]
