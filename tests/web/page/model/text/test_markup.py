"""The page finds the same links, code and emphasized words in a text as the other front ends."""

from __future__ import annotations

from typing import Any

import pytest

from messango.client.message_text.markup import Style, spans
from tests.support.browser.module_page import Modules

pytestmark = pytest.mark.browser

#: The names of the styles in the page.
NAMES = {
    Style.BOLD: "bold",
    Style.ITALIC: "italic",
    Style.STRUCK: "struck",
    Style.CODE: "code",
    Style.CODE_BLOCK: "block",
    Style.LINK: "link",
    Style.QUOTE: "quote",
    Style.LIST: "list",
    Style.MARK: "mark",
}

EMPHASIS = [
    *("*bold*", "a _few words_, yes", "~no~ yes", "**bold** ~~no~~", "*_both_*", "_~*all*~_"),
    *("*a _b_ c*", "*a _b* c_", "*a *b*", "(*a*), “_b_”: *c*!", "*Ann*'s *well*-known", "这是*粗体*文字"),
    *("🥭*x*🥭", "*hi* *there*", "*https://a.example/b_c_d*", "_https://a.example_", "~https://a.example~"),
    *("snake_case_names", "2*3*4 = 24, 2 * 3 * 4, 2**3**4", "__init__ _init_.py file_name_.txt"),
    *("/usr/_lib_/x ~/a/~ ~/a and ~/b", "def f(*args, **kwargs)", "¯\\_(ツ)_/¯", "*_* ^_^ >_< -_- ** ~~ _"),
    *("* a*", "*two\nlines*", "***x***", ">:( >5 >.< ->", "-5 1.5 2026. was", r"\*not bold\* \_x\_"),
    *(r"a \ b \x \\host\_share", "*" * 40, "*a _b ~c " * 20),
]
BLOCKS = [
    *("> a *b*\n>\n>c\nd\n> > e", "a > b", ">", "> ", "> - a", "- a\n* b\n  - c\n10. d\n• e", "* *b*"),
    *("a\n-b\n-\n--- c", "\\> a\n\\- b\n\\1. c", "run `make *all*` *now*", "*`a`*", "```one```"),
    *("```python\nfor *x* in y:\n> `z`\n```", "a ` *b* ` c", "it's 5` long\nand 6` wide", "\\`a` b`"),
    *("a\n```\nb\n```\n\nc", "```a``````b```", "\\```a```", "`https://a.example` https://b.example`"),
]
LINKS = [
    *(
        "see https://example.org/a?b=c#d, please",
        "(http://example.org/a_(b))",
        "[text](https://example.org/a)",
    ),
    *(
        "[https://example.org/x[1]]",
        "Is it HTTPS://EXAMPLE.ORG?",
        "“http://[::1]:8000/x”",
        "請看https://a.example/a。",
    ),
    *(
        "https://zh.wikipedia.org/wiki/苹果（公司）。",
        "https://example.org😀",
        "https://example.org—it works",
    ),
    *(
        "https://example.comを見て",
        "https://例え.jpを見て",
        "|https://example.org/a|",
        "https://a.example/a– and",
    ),
    *(
        "http://bank.example@evil.example",
        "xhttp://a.example",
        "svn+http://a.example",
        "https://",
        "http://a.example:99999",
    ),
    *("_https://a.example_ __https://a.example", "http://a.example\\@evil.example", "https://пример.example"),
    *(
        "javascript:alert(1) data:text/html,x //a.example",
        "https://a.example/\u202egpj.exe",
        "http:// a.example",
    ),
]


@pytest.mark.parametrize("texts", [EMPHASIS, BLOCKS, LINKS], ids=["emphasis", "blocks", "links"])
def test_it_is_the_same_as_elsewhere(modules: Modules, texts: list[str]) -> None:
    """Part for part, with blocks and without."""
    for has_blocks in (True, False):
        script = (
            "const {spansOf} = await load('model/text/markup.js');"
            "return texts.map((text) => spansOf(text, has_blocks).map((span) => [span.text, span.styles]));"
        )
        found = modules.run(script, texts=texts, has_blocks=has_blocks)
        for text, parts in zip(texts, found, strict=True):
            assert merged(parts) == merged(expected(text, has_blocks=has_blocks)), text


@pytest.mark.parametrize(
    "piece", ["*_~", "*a _b ~c ", "> ", "`*", "http://a.", "```a", "[*", "\\*", "https://a.example/(("]
)
def test_a_hostile_text_is_read_in_a_moment(modules: Modules, piece: str) -> None:
    """Time grows with the length of the text."""
    script = (
        "const {spansOf} = await load('model/text/markup.js');"
        "const text = piece.repeat(8000).slice(0, 8000);"
        "const start = performance.now(); const spans = spansOf(text);"
        "return [spans.map((span) => span.text).join('') === text, performance.now() - start];"
    )
    is_whole, milliseconds = modules.run(script, piece=piece)
    assert is_whole
    assert milliseconds < 5_000


def expected(text: str, *, has_blocks: bool) -> list[list[Any]]:
    """Return what the other front ends find."""
    return [
        [span.text, [name for style, name in NAMES.items() if style in span.style]]
        for span in spans(text, blocks=has_blocks)
    ]


def merged(parts: list[list[Any]]) -> list[tuple[str, frozenset[str]]]:
    """Join parts of the same style: the page does not tell opening from closing marks."""
    result: list[tuple[str, frozenset[str]]] = []
    for text, styles in parts:
        style = frozenset(styles)
        if result and result[-1][1] == style and "link" not in style:
            result[-1] = (result[-1][0] + text, style)
        else:
            result.append((text, style))
    return result
