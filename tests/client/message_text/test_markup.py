"""Markup is found as people know it from other chats, and nothing that was written is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from messango.client.message_text.markup import Style, spans
from messango.protocol.limits import MAX_TEXT_CHARACTERS

BOLD, ITALIC, STRUCK, LINK = Style.BOLD, Style.ITALIC, Style.STRUCK, Style.LINK


def shown(text: str) -> list[tuple[str, Style]]:
    """Return the parts that are shown, without marks and plain parts."""
    return [(span.text, span.style) for span in spans(text) if span.style and not span.is_mark]


def without_marks(text: str) -> str:
    """Return the text as it is shown."""
    return "".join(span.text for span in spans(text) if not span.is_mark)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("*bold*", [("bold", BOLD)]),
        ("a _few words_, yes", [("few words", ITALIC)]),
        ("~no~ yes", [("no", STRUCK)]),
        ("**bold** ~~no~~", [("bold", BOLD), ("no", STRUCK)]),
        ("*_both_*", [("both", BOLD | ITALIC)]),
        ("_~*all*~_", [("all", BOLD | ITALIC | STRUCK)]),
        ("*a _b_ c*", [("a ", BOLD), ("b", BOLD | ITALIC), (" c", BOLD)]),
        ("*a _b* c_", [("a _b", BOLD)]),
        ("*a *b*", [("b", BOLD)]),
        ("(*a*), “_b_”: *c*!", [("a", BOLD), ("b", ITALIC), ("c", BOLD)]),
        ("*Ann*'s *well*-known", [("Ann", BOLD), ("well", BOLD)]),
        ("这是*粗体*文字", [("粗体", BOLD)]),
        ("🥭*x*🥭", [("x", BOLD)]),
        ("*hi* *there*", [("hi", BOLD), ("there", BOLD)]),
        ("*https://a.example/b_c_d*", [("https://a.example/b_c_d", BOLD | LINK)]),
        ("_https://a.example_", [("https://a.example", ITALIC | LINK)]),
        ("~https://a.example~", [("https://a.example", STRUCK | LINK)]),
    ],
)
def test_emphasis(text: str, parts: list[tuple[str, Style]]) -> None:
    """Nested, beside punctuation, and in scripts without spaces."""
    assert shown(text) == parts


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_names and other_snake_case",
        "2*3*4 = 24, 2 * 3 * 4, 2**3**4",
        "a * b * c _ d _",
        "__init__ _init_.py file_name_.txt",
        "/usr/_lib_/x ~/a/~ ~/a and ~/b",
        "*.py *.txt",
        "def f(*args, **kwargs)",
        "C:\\_x_\\y ¯\\_(ツ)_/¯",
        "*_* ^_^ >_< -_- ** ~~ _",
        "* a*",
        "*two\nlines*",
        "10:30 ~5 and ~6",
        "***x***",
        ">:( >5 >.< ->",
        "-5 1.5 2026. was",
        "https://a.example/_b_/*c*?x=~d~",
    ],
)
def test_other_signs_stay(text: str) -> None:
    """Names, sums, paths, addresses and smileys mean what they say."""
    assert [part for part in shown(text) if LINK not in part[1] and Style.LIST not in part[1]] == []
    assert without_marks(text).removeprefix("* ") == text.removeprefix("* ")


def test_a_backslash_makes_a_mark_a_character() -> None:
    """It is hidden where it does that, and stays in a path."""
    assert without_marks(r"\*not bold\* \_x\_") == "*not bold* _x_"
    assert shown(r"\*not bold\*") == []
    assert without_marks("\\> a\n\\- b\n\\1. c") == "> a\n- b\n1. c"
    assert without_marks(r"a \ b \x \\host\_share") == r"a \ b \x \\host\_share"


def test_quotes() -> None:
    """From `> ` to the end of the line; an empty line of it has a `>` alone."""
    found = spans("> a *b*\n>\n>c\nd\n> > e")
    assert [span.text for span in found if span.style & Style.QUOTE and not span.is_mark] == [
        "a ",
        "b",
        "c",
        "e",
    ]
    assert [span.text for span in found if span.style == Style.QUOTE | Style.MARK] == ["> ", ">", ">", "> > "]
    assert shown("a > b") == shown(">") == shown("> ") == []
    assert shown("> - a") == [("a", Style.QUOTE | Style.LIST)]


def test_lists() -> None:
    """The sign of an item is a mark, which is drawn as a bullet; a number stays."""
    found = spans("- a\n* b\n  - c\n10. d\n• e")
    assert [span.text for span in found if span.is_mark] == ["- ", "* ", "- "]
    assert without_marks("- a\n10. d\n• e") == "a\n10. d\n• e"
    assert shown("* *b*") == [("b", Style.LIST | BOLD)]
    assert spans("a\n-b\n-\n--- c") == spans("a\n-b\n-\n--- c", blocks=False)


def test_an_action_has_no_blocks() -> None:
    """Its text goes on after a name: `/me > waves`."""
    assert [span.style for span in spans("> *a*", blocks=False)] == [
        Style.PLAIN,
        BOLD | Style.MARK | Style.OPENING,
        BOLD,
        BOLD | Style.MARK | Style.CLOSING,
    ]


def test_code_has_no_markup() -> None:
    """Inline and fenced, with a language or without; marks around it are marks."""
    assert shown("run `make *all*` *now*") == [("make *all*", Style.CODE), ("now", BOLD)]
    assert shown("*`a`*") == [("a", BOLD | Style.CODE)]
    assert shown("```python\nfor *x* in y:\n> `z`\n```") == [("for *x* in y:\n> `z`", Style.CODE_BLOCK)]
    assert shown("```one```") == [("one", Style.CODE_BLOCK)]
    assert shown("a ` *b* ` c") == [(" *b* ", Style.CODE)]
    assert without_marks("it's 5` long\nand 6` wide") == "it's 5` long\nand 6` wide"


def test_links_keep_their_address() -> None:
    """`test_link` has where they end. Text in code is not a link."""
    text = "see https://example.org/a, `https://code.example` and（https://例え.jp/?u=http://x.example/）。"
    found = [span for span in spans(text) if Style.LINK in span.style]
    assert [span.text for span in found] == ["https://example.org/a", "https://例え.jp/?u=http://x.example/"]
    assert spans("https://пример.example")[0].address == "https://xn--e1afmkfd.example"


_PIECES = st.sampled_from(
    [
        "*",
        "_",
        "~",
        "**",
        "~~",
        "\\",
        "`",
        "```",
        ">",
        "> ",
        "- ",
        "* ",
        "1. ",
        "\n",
        " ",
        "a",
        "Ü",
        "好",
        "🥭",
        "/",
        ".",
        "(",
        "https://a.example/b",
        "\u200d",
        "ab cd",
    ]
)


@given(st.lists(_PIECES, max_size=60).map("".join) | st.text(max_size=80))
def test_nothing_is_lost(text: str) -> None:
    """All parts together are the text, and what is no sign of markup is shown."""
    for blocks in (True, False):
        found = spans(text, blocks=blocks)
        assert "".join(span.text for span in found) == text
        assert all(span.text for span in found)
        hidden = "".join(span.text for span in found if span.is_mark and not span.style & Style.CODE_BLOCK)
        assert not set(hidden) - set("*_~\\`>- ")
        open_marks: list[Style] = []
        for span in found:
            if Style.OPENING in span.style:
                open_marks.append(span.style ^ Style.OPENING)
            elif Style.CLOSING in span.style:
                assert open_marks.pop() == span.style ^ Style.CLOSING
        assert open_marks == []
    assert "🥭" not in text or "🥭" in without_marks(text)


@pytest.mark.parametrize(
    "piece",
    [
        "*_~",
        "*a _b ~c ",
        "_*",
        "\\*",
        "> ",
        "`*",
        "http://a.",
        "*a ",
        "a* ",
        "~",
        ">\n",
        "```a",
        "*_~ x ",
        "[*",
        "\n",
        " ",
    ],
)
def test_a_hostile_text_is_read_in_a_moment(piece: str) -> None:
    """Time grows with the length: by its square, eight times a text would take minutes."""
    text = (piece * 8 * MAX_TEXT_CHARACTERS)[: 8 * MAX_TEXT_CHARACTERS]
    assert "".join(span.text for span in spans(text)) == text
