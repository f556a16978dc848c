"""The part of Markdown that the topics use."""

from __future__ import annotations

from messango.help.markdown import Block, Code, Heading, ListItem, Paragraph, Style, Table, Text, parse


def _only(markdown: str, *, ticks: bool = True) -> Block:
    [block] = parse(markdown, ticks=ticks)
    return block


def _paragraph(markdown: str, *, ticks: bool = True) -> Text:
    block = _only(markdown, ticks=ticks)
    assert isinstance(block, Paragraph)
    return block.text


def test_blocks_in_their_order() -> None:
    """Each block ends where the next begins."""
    page = "# One\n\nTwo\nlines\n- item\n  goes on\n2. other\n```sh\na  b\n\n# c\n```\n| h |\n|---|\n| x |\n"
    kinds = [type(block) for block in parse(page)]
    assert kinds == [Heading, Paragraph, ListItem, ListItem, Code, Table]


def test_lines_of_a_paragraph_are_one_text() -> None:
    """Line breaks in the source do not matter."""
    assert _paragraph("one\n  two\nthree").characters == "one two three"


def test_code_stays_as_it_is() -> None:
    """Spaces, blank lines and Markdown in code."""
    assert _only("```\na   **b**\n\n# c\n```\n") == Code(("a   **b**", "", "# c"))


def test_styles() -> None:
    """Each character has its style; the marks are removed, except the ticks of code."""
    text = _paragraph("a **b `c`** *d*")
    assert text.characters == "a b `c` d"
    assert [text.styles[index] for index in (0, 2, 5, 8)] == [
        Style.PLAIN,
        Style.STRONG,
        Style.CODE,
        Style.EMPHASIS,
    ]


def test_without_ticks_code_is_bare() -> None:
    """For a terminal that shows code in colour."""
    assert _paragraph("run `messango help`", ticks=False).characters == "run messango help"


def test_marks_without_meaning() -> None:
    """In code, escaped, or between spaces, a star is a star."""
    assert _paragraph(r"`rooms/*.bans` and `rooms/*.room`, \*a\*, 2 * 3 * 4").characters == (
        "`rooms/*.bans` and `rooms/*.room`, *a*, 2 * 3 * 4"
    )


def test_links_show_their_targets() -> None:
    """A topic as a command, a URL as it is, and neither of them twice."""
    assert _paragraph("see [trust](trust.md)").characters == "see trust (`messango help trust`)"
    assert _paragraph("[`messango help trust`](trust.md#x)").characters == "`messango help trust`"
    assert _paragraph("[site](https://example.org)").characters == "site <https://example.org>"
    assert _paragraph("[`schema.json`](schema.json)").characters == "`schema.json`"


def test_pictures_and_comments_are_left_out() -> None:
    """A terminal can't show them."""
    assert [*parse("![a\nb](c.png)\n\n<!-- for\nprograms -->\n")] == []


def test_a_border_can_be_escaped() -> None:
    """A `\\|` in a cell is a character, in text and in code."""
    table = _only("| a | b |\n|---|---|\n| `x\\|y` | p \\| q |\n")
    assert isinstance(table, Table)
    assert [cell.characters for cell in table.header] == ["a", "b"]
    assert [[cell.characters for cell in row] for row in table.rows] == [["`x|y`", "p | q"]]
