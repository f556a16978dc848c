"""Where a link in a text begins and ends, and which address it opens."""

from __future__ import annotations

import sys
import time

import pytest

from messango.client.message_text.link import real_address
from messango.client.message_text.markup import Style, spans


def links(text: str) -> list[str]:
    """Return the links in a text."""
    return [span.text for span in spans(text) if Style.LINK in span.style]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("see https://example.org/a?b=c#d, please", "https://example.org/a?b=c#d"),
        ("(http://example.org/a_(b))", "http://example.org/a_(b)"),
        ("(see https://en.wikipedia.org/wiki/Go_(game).)", "https://en.wikipedia.org/wiki/Go_(game)"),
        ("[https://example.org/x[1]]", "https://example.org/x[1]"),
        ("[text](https://example.org/a)", "https://example.org/a"),
        ("Is it HTTPS://EXAMPLE.ORG?", "HTTPS://EXAMPLE.ORG"),
        ("“http://[::1]:8000/x”", "http://[::1]:8000/x"),
        ("<http://10.0.0.2:8000>", "http://10.0.0.2:8000"),
        ("**https://example.org/**", "https://example.org/"),
        ("‘https://example.org/a’", "https://example.org/a"),
        ("»https://example.org/a«", "https://example.org/a"),
        ("請看https://example.org/a。", "https://example.org/a"),
        ("参照：https://example.org/a，谢谢", "https://example.org/a"),
        ("（https://example.org/a）", "https://example.org/a"),
        ("「https://example.org/a」を見て", "https://example.org/a"),
        ("『https://example.org/』、", "https://example.org/"),
        ("https://example.org/a！", "https://example.org/a"),
        ("https://ja.wikipedia.org/wiki/ジョン・レノン。", "https://ja.wikipedia.org/wiki/ジョン・レノン"),
        ("https://zh.wikipedia.org/wiki/苹果（公司）。", "https://zh.wikipedia.org/wiki/苹果（公司）"),
        ("⟨https://example.org/a⟩", "https://example.org/a"),
        ("❝https://example.org/a❞", "https://example.org/a"),
        ("﴾https://example.org﴿", "https://example.org"),
        ("⸢https://example.org⸣", "https://example.org"),
        ("״https://example.org/a״", "https://example.org/a"),
        ("https://example.org/a︒", "https://example.org/a"),
        ("ወደ፡https://example.org/a፡ሂድ", "https://example.org/a"),
        ("བོད་https://example.org/a།", "https://example.org/a"),
        ("https://example.org—it works", "https://example.org"),
        ("https://example.org…more", "https://example.org"),
        ("https://example.org/a – and", "https://example.org/a"),
        ("see https://example.org/a– and", "https://example.org/a"),
        ("|https://example.org/a|", "https://example.org/a"),
        ("https://example.org😀", "https://example.org"),
        ("https://i❤.example/", "https://i❤.example/"),
        ("https://example.org/a/😀", "https://example.org/a/😀"),
        ("https://example.comを見て", "https://example.com"),
        ("看https://example.com这里", "https://example.com"),
        ("https://例え.jpを見て", "https://例え.jp"),
        ("http://localhost:8000に", "http://localhost:8000"),
        ("http://192.168.1.5를 보세요", "http://192.168.1.5"),
        ("http://[::1]に", "http://[::1]"),
        ("https://example.com(注)", "https://example.com"),
        ("ดูที่https://example.org/a", "https://example.org/a"),
        ("انظر https://example.org/a؟", "https://example.org/a"),
        ("देखो https://example.org/a।", "https://example.org/a"),
        ("https://a.example,https://b.example/", "https://a.example"),
        ("https://faß.example/", "https://faß.example/"),
        ("https://example.org/?q=a:b", "https://example.org/?q=a:b"),
        ("https://example.org/@user", "https://example.org/@user"),
        ("https://example.org:/", "https://example.org:/"),
        ("https://نامه\u200cای.example/\u200d", "https://نامه\u200cای.example/"),
    ],
)
def test_where_a_link_ends(text: str, link: str) -> None:
    """Brackets, quotes and the sentence around an address, in any script, are not part of it."""
    assert links(text)[0] == link
    assert "".join(span.text for span in spans(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://example.org/",
        "mailto:ann@example.org",
        "http://",
        "http://.",
        "https://:80/",
        "https://a:65536/",
        "http://a:99999999999/",
        "xhttp://example.org",
        "git+https://example.org/",
        "http://" + "a" * 64 + ".example",
        "http://" + "a." * 150 + "example",
        "http://a..example/",
        "http://bank.example@evil.example/",
        "http://bank.example:80@evil.example/",
        "http://bank.example\\@evil.example/",
        "http://bank.example\\.evil.example/",
        "https://exa%6dple.org/",
        "http://256.1.1.1/",
        "http://1.2.3.4.5/",
        "http://08.1/",
        "http://[::1",
        "http://[::g]/",
        "http://[fe80::1%25eth0]/",
        "http://xn--/",
        "http://xn--a/",
        "http://\u0301a.example/",
        "http://a\u200db.example/",
    ],
)
def test_other_texts_are_not_links(text: str) -> None:
    """Only http and https are, with a host and a port that exist, and without a user's name."""
    assert links(text) == []


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("https://example.org/ä", "https://example.org/%C3%A4"),
        ("https://раураl.com/", "https://xn--l-7sba6dbr.com/"),
        ("HTTP://Example.ORG:8080/A%20b", "http://example.org:8080/A%20b"),
        ("https://[fe80::1]/", "https://[fe80::1]/"),
        ("https://[FE80:0::1]:80/", "https://[fe80::1]:80/"),
        ("https://faß.de", "https://xn--fa-hia.de"),
        ("https://ΒΌΛΟΣ.com", "https://xn--nxasmq6b.com"),
        ("https://βόλος.com", "https://xn--nxasmm1c.com"),
        ("https://نامه\u200cای.com", "https://xn--mgba3gch31f060k.com"),
        ("https://Ｅｘａｍｐｌｅ.org", "https://example.org"),
        ("https://exa\u00admple.org", "https://example.org"),
        ("https://I❤.ws/", "https://xn--i-7iq.ws/"),
        ("https://r3---sn-a.example/", "https://r3---sn-a.example/"),
        ("https://a_b.example/", "https://a_b.example/"),
        ("https://example.org.:80/", "https://example.org:80/"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://2130706433/", "http://127.0.0.1/"),
        ("http://010.0.0.1", "http://8.0.0.1"),
        ("http://localhost?a", "http://localhost?a"),
    ],
)
def test_real_address(link: str, address: str) -> None:
    """In ASCII, so that letters of other scripts can't pass for Latin ones, and as browsers understand it."""
    assert real_address(link) == address
    assert real_address(address) == address


@pytest.mark.parametrize("piece", ["http://", "http://@", "http://a(", "http://a)", "https://[", "http://é."])
def test_a_flood_of_beginnings(piece: str) -> None:
    """The longest message is searched in a moment."""
    before_s = time.process_time()
    spans(piece * (8_000 // len(piece)))
    assert time.process_time() - before_s < 2.0


def test_the_tables_of_idna_are_not_loaded_for_ascii() -> None:
    """They cost some milliseconds and megabytes."""
    if "idna" not in sys.modules:
        real_address("https://example.org/")
        assert "idna" not in sys.modules
