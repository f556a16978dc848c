"""Other people's texts in Markdown: a CommonMark renderer makes the same text of them, and no elements."""

from __future__ import annotations

import html.parser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from messango.app.export import as_markdown
from messango.app.markdown_text import escape_line, quote
from messango.protocol.frames import Message

#: CommonMark, and with the tables, strikethrough and typographic rules that other renderers add.
RENDERERS = [MarkdownIt("commonmark"), MarkdownIt("js-default", {"html": True})]

#: What our own frame around a text makes.
OURS = {"h1", "h2", "p", "strong", "blockquote", "br"}


class _Page(html.parser.HTMLParser):
    """The elements of a page, and the text in its quotation."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def words(text: str) -> list[str]:
    """Return the words: HTML does not distinguish the spaces between them."""
    return text.split()


MARKUP = [
    "</blockquote><h1>out</h1>",
    "<script>alert(1)</script>",
    "<!-- hidden -->",
    "<?php ?>",
    "<![CDATA[x]]>",
    "![picture](https://example.org/a.png)",
    "[link](https://example.org/) [ref][1] [^1]",
    "[1]: https://example.org/\n[1]",
    "<https://example.org/> <ann@example.org>",
    "https://example.org/a_b_c and www.example.org",
    "# heading\n## another #\n#hash",
    "Heading\n=====\nSecond\n-----\nThird\n- - -",
    "- a\n+ b\n* c\n  - d",
    "1. one\n2) two\n1986. A great year\n123456789. x\n12:30 is fine",
    "---\n***\n___\n* * *",
    "> quoted\n>> twice\n>",
    "```python\ncode\n```\n~~~\ncode\n~~~",
    "`code` ``more`` **bold** *it* __bold__ _it_ ~~gone~~ ***both***",
    "    indented code\n\tand a tab\n  two",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\n:-:\nb",
    ": definition\n$x^2$ $$y$$",
    "&lt;b&gt; &amp; &copy; &#35; &#x41; R&D &",
    "\\ \\\\ \\* C:\\new\\table\\",
    "trailing  \nspaces\\\nand backslash",
    "one\n\n\ntwo\n \nthree",
    "a\u00a0b \u2028 é 日本 🥭",
    "-",
    "1.",
    "#",
    "=",
    "&nbsp;",
    "*",
    "2 * 3 * 4 = 24 < 25 > 23",
]


@pytest.mark.parametrize("renderer", RENDERERS, ids=["commonmark", "js-default"])
@pytest.mark.parametrize("text", MARKUP)
def test_a_text_stays_text(renderer: MarkdownIt, text: str) -> None:
    """Every construct of Markdown and HTML."""
    page = _Page(renderer.render(quote(text)))
    assert words(page.text) == words(text.replace("\u2028", "\\u2028"))
    assert set(page.tags) <= {"blockquote", "p", "br"}
    assert page.tags.count("blockquote") == 1


@pytest.mark.parametrize("renderer", RENDERERS, ids=["commonmark", "js-default"])
@pytest.mark.parametrize("text", MARKUP)
def test_the_frame_stays(renderer: MarkdownIt, text: str) -> None:
    """Also if the name of a room or a member is markup, and for an action."""
    name = " ".join(text.split())
    messages = [Message(7, "id", "1f", 0.0, name, said) for said in (text, f"/me {text}", "end")]
    page = _Page(renderer.render("\n".join(as_markdown(name, messages))))
    assert set(page.tags) <= OURS
    assert [page.tags.count(tag) for tag in ("h1", "h2", "strong", "blockquote")] == [1, 1, 3, 3]
    assert page.text.strip().endswith("end")


pieces = st.lists(
    st.sampled_from(
        [*"\\`*_[]<>#|~^$&;:/.)(!+-=>\n \t1a\"'@%{}", "www.", "https://", "```", "~~~", "&lt;", "    "]
    )
    | st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs", "Cf"]),
    max_size=30,
).map("".join)


@given(pieces)
def test_any_text_stays_text(text: str) -> None:
    """Whatever the pieces, in any order."""
    for renderer in RENDERERS:
        page = _Page(renderer.render(quote(text)))
        assert words(page.text) == words(text)
        assert set(page.tags) <= {"blockquote", "p", "br"}


@given(pieces)
def test_any_name_stays_a_name(name: str) -> None:
    """On the line of a heading, and in bold."""
    line = " ".join(name.split()) or "x"
    for renderer in RENDERERS:
        page = _Page(renderer.render(f"# {escape_line(line)}\n\n**{escape_line(line)}** 12:00"))
        assert page.tags == ["h1", "p", "strong"]
        assert words(page.text) == words(f"{line} {line} 12:00")


def test_lines_stay_lines() -> None:
    """Within a paragraph by hard breaks; an empty line begins another paragraph; spaces indent."""
    assert (
        quote("def f():\n    return 1\n\nend") == "> def f():\\\n> &nbsp;&nbsp;&nbsp;&nbsp;return 1\n>\n> end"
    )


def test_plain_texts_stay_readable() -> None:
    """In the file itself: only markup is escaped."""
    for text in (
        "hello, world!",
        "it's 5.30 (or 6)",
        'R&D: 10% – "yes"',
        "ann@example.org",
        "a-b + c = d #1",
    ):
        assert quote(text) == f"> {text}"
