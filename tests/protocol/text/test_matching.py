"""What counts as found, and as a mention."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.protocol.text.matching import contains_words, find_words, fold, mentions, search_words

#: Texts of many scripts, with marks, invisible characters and signs, in any order.
WILD = st.text(
    st.sampled_from(
        [*"aAeıİßςΣ \u0301\u0308\u0306\u0338ие'’¨ｶﾞ\u3099か한\u1112\u1161\u11abกำ\u0e4d\u0e32é≠ؤ\n"]
    )
    | st.sampled_from([*"\u200d\ufe0f👩❤🏽\u09c7\u09be\u0644\u0627\u0654\u064b\u0640"]),
    max_size=12,
)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("会議", "明日の会議は三時です"),
        ("ไทย", "ภาษาไทยง่ายมาก"),
        ("👍", "yes 👍🏽"),
        ("❤", "I ❤️ it"),
        ("❤️", "I ❤ it"),
        ("👩‍👩‍👧", "my 👩‍👩‍👧!"),
        (":)", "fine :)"),
        ("c++", "C++ or C#?"),
        ("c#", "C++ or C#?"),
        (".env", "in .ENV"),
        ("50%", "about 50%."),
        ("?", "so?"),
        ("—", "so — yes"),
        ("i", "I"),
        ("café", "cafe\u0301"),
        ("cafe\u0301", "café"),
        ("cafe", "CAFÉ"),
        ("STRASSE", "Straße"),
        ("straße", "STRASSE"),
        ("ısı", "ISI"),
        ("istanbul", "İSTANBUL"),
        ("οδος", "ΟΔΟΣ"),
        ("ΟΔΟΣ", "οδός"),
        ("محمد", "مُحَمَّد"),
        ("مُحَمَّد", "محمد"),
        ("احمد", "أحمد"),
        ("كتاب", "کتاب"),
        ("שלום", "שָׁלוֹם"),
        ("don't", "don’t"),
        ("“yes”", 'say "yes"'),
        ("ｶﾞﾗｽ", "ガラス"),
        ("abc", "ａｂｃ"),
        ("한글", unicodedata.normalize("NFD", "한글")),
        ("ещё", "еще"),
        ("می‌خواهم", "میخواهم"),
        ("noon lunch", "Lunch at noon"),
        ("¨", "a ¨ b"),
        ("🧑‍💻", "a 🧑🏿‍💻!"),
        ("👍🏽", "👍"),
        ("da nang", "Đà Nẵng"),
        ("zlodz", "złódź"),
        ("soren", "Søren"),
    ],
)
def test_found(query: str, text: str) -> None:
    """Case, accents, width, invisible characters and the shape of quotation marks do not matter."""
    words = search_words(query)
    assert words
    assert contains_words(text, words)
    assert find_words(text, words)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("か", "が"),
        ("하", "한"),
        ("и", "й"),
        ("=", "≠"),
        ("lunch noon", "lunch"),
        ("¨", "a b"),
        ("会议", "会議"),
    ],
)
def test_not_found(query: str, text: str) -> None:
    """Another letter is another letter; all words are needed."""
    assert not contains_words(text, search_words(query))


def test_nothing_to_look_for() -> None:
    """Blanks and invisible characters are not a query."""
    assert search_words("  \u200b \ufe0f") == []
    assert find_words("anything", []) == []


@pytest.mark.parametrize(
    ("query", "text", "marked"),
    [
        ("lunch", "Lunch, lunches", ["Lunch", "lunch"]),
        ("strasse", "die Straße!", ["Straße"]),
        ("ss", "Straße", ["ß"]),
        ("cafe", "x cafe\u0301s", ["cafe\u0301"]),
        ("❤", "a❤️b", ["❤️"]),
        ("b", "👩‍👩‍👧 b", ["b"]),
        ("abc bcd", "abcd", ["abcd"]),
        ("lunch noon", "noon lunch", ["noon", "lunch"]),
        ("محمد", "يا مُحَمَّد!", ["مُحَمَّد"]),
        ("2", "½", ["½"]),
        ("👍", "a 👍🏽 b", ["👍🏽"]),
    ],
)
def test_the_place_is_marked(query: str, text: str, marked: list[str]) -> None:
    """In the characters of the text as it is, with their accents."""
    assert [text[start:end] for start, end in find_words(text, search_words(query))] == marked


@given(WILD)
def test_folding_does_not_depend_on_the_form(text: str) -> None:
    """Composed and decomposed texts are the same, and folding twice changes nothing."""
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text)) == fold(text)


@given(WILD, WILD)
def test_what_matches_can_be_marked(text: str, query: str) -> None:
    """Each word that is in a text has a place in it."""
    words = search_words(query)
    found = find_words(text, words)
    assert bool(found) == any(word in fold(text) for word in words)
    assert all(0 <= start < end <= len(text) for start, end in found)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hello ANN!", "Ann"),
        ("@Ann,Ben", "Ann"),
        ("@田中さん、会議です", "田中"),
        ("昨日田中と話した", "田中"),
        ("Annさん、こんにちは", "Ann"),
        ("สวัสดีสมชายครับ", "สมชาย"),
        ("민수야 안녕", "민수"),
        ("hi Jose\u0301!", "José"),
        ("hi José!", "Jose\u0301"),
        ("STRASSER?", "Straßer"),
        ("ask Ann  Lee (QA), please", "Ann Lee (QA)"),
        ("ask Ann\nLee", "Ann Lee"),
        ("O’Neil said", "O'Neil"),
        ("C++ knows", "C++"),
        ("thanks🦊", "🦊"),
        ("يا مُحَمَّد", "محمد"),
    ],
)
def test_mentions(text: str, name: str) -> None:
    """Case, form and script do not matter."""
    assert mentions(text, name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("planned", "Ann"),
        ("Annette", "Ann"),
        ("Ann_2", "Ann"),
        ("김민수", "민수"),
        ("การ์ด", "การ"),
        ("иванов", "Иван"),
        ("anything", ""),
        ("Ann", "Ann Lee"),
        ("Ann and Lee", "Ann Lee"),
    ],
)
def test_does_not_mention(text: str, name: str) -> None:
    """Inside a longer word, a name is not a name."""
    assert not mentions(text, name)
