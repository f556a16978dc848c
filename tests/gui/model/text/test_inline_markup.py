"""Links and code in a text."""

from __future__ import annotations

from messango.gui.model.text.inline_markup import Span, SpanKind, spans


def links(text: str) -> list[str]:
    """Return the links in a text."""
    return [span.text for span in spans(text) if span.kind is SpanKind.LINK]


def test_links_are_found() -> None:
    """`test_link` has where they end. Text in code is not a link, and nothing is lost."""
    text = "see https://example.org/a, `https://code.example` and（https://例え.jp/?u=http://x.example/）。"
    assert links(text) == ["https://example.org/a", "https://例え.jp/?u=http://x.example/"]
    assert "".join(span.text for span in spans(text)) == text.replace("`", "")
    assert spans("https://пример.example")[0].address == "https://xn--e1afmkfd.example"


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
