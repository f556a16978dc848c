"""Links and code in a text."""

from __future__ import annotations

import pytest

from messango.gui.model.inline_markup import Span, SpanKind, real_address, spans


def links(text: str) -> list[str]:
    """Return the links in a text."""
    return [span.text for span in spans(text) if span.kind is SpanKind.LINK]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://example.org/a?b=c#d, please", "https://example.org/a?b=c#d"),
        ("(http://example.org/a_(b))", "http://example.org/a_(b)"),
        ("Is it HTTPS://EXAMPLE.ORG?", "HTTPS://EXAMPLE.ORG"),
        ("“http://[::1]:8000/x”", "http://[::1]:8000/x"),
        ("<http://10.0.0.2:8000>", "http://10.0.0.2:8000"),
    ],
)
def test_link_ends_before_punctuation(text: str, link: str) -> None:
    """Brackets, quotes and full stops after an address are not part of it."""
    assert links(text) == [link]
    assert "".join(span.text for span in spans(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "http://",
        "https://:80/",
        "http://a:99999999/",
        "xhttp://example.org",
        "http://" + "a" * 300 + "/",
        "`https://example.org`",
    ],
)
def test_other_texts_are_not_links(text: str) -> None:
    """Only http and https with a host are; text in code is not."""
    assert links(text) == []


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://example.org/ä b".replace(" ", ""), "https://example.org/%C3%A4b"),
        ("https://раураl.com/", "https://xn--l-7sba6dbr.com/"),
        ("HTTP://Example.ORG:8080/A%20b", "http://example.org:8080/A%20b"),
        ("https://bank.example@evil.example/", "https://bank.example@evil.example/"),
        ("https://[fe80::1]/", "https://[fe80::1]/"),
    ],
)
def test_real_address_is_ascii(link: str, address: str) -> None:
    """So that letters of other scripts can't pass for Latin ones."""
    assert real_address(link) == address


def test_code_is_found_without_its_backticks() -> None:
    """Inline and fenced, with a language or without."""
    assert spans("run `make all` now") == [
        Span(SpanKind.PLAIN, "run "),
        Span(SpanKind.CODE, "make all"),
        Span(SpanKind.PLAIN, " now"),
    ]
    assert spans("```python\nfor x in y:\n    `z`\n```") == [Span(SpanKind.BLOCK, "for x in y:\n    `z`")]
    assert spans("```one```")[0].text == "one"


def test_unpaired_backticks_are_text() -> None:
    """No text is lost."""
    for text in ("a ` b", "``` open", "``", "it's 5` long\nand 6` wide", "`" * 8_000):
        assert "".join(span.text for span in spans(text)).count("a") == text.count("a")
    assert spans("a ` b") == [Span(SpanKind.PLAIN, "a ` b")]
