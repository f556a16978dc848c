"""Web links in a text: where one ends, and which address it opens. Only http and https count."""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from typing import Final
from urllib.parse import quote

#: Beginnings of links. Scripts without spaces may stand right before one; Latin letters would be part of
#: another word or scheme, and so would an underscore behind one; another underscore makes italic text.
LINK_START: Final = r"(?<![A-Za-z0-9/+])(?<![A-Za-z0-9_/+]_)https?://"

#: Characters that are never part of a link: spaces, controls and invisible ones except joiners; quotation
#: marks and the brackets that no address has; and the punctuation of Chinese and Japanese, also in vertical
#: and small forms, but not the middle dot that names have there; and Ethiopic and Tibetan word separators.
_END: Final = (
    r"\s<>\"`\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"“”„‟‘’‚‛«»‹›\u275b-\u2760\u2e42\u05f4\u2045\u2046\u2329\u232a\u2768-\u2775\u27e6-\u27ef\u2983-\u2998"
    r"\u2e02-\u2e0d\u2e1c-\u2e1d\u2e20-\u2e29\u2e55-\u2e5c\ufd3e\ufd3f\ufe10-\ufe19\ufe30-\ufe6b"
    r"\u1361-\u1368\u0f08-\u0f14\u0f3a-\u0f3d"
    r"\u3001\u3002\u3008-\u3011\u3014-\u301f\uff01-\uff07\uff0a-\uff0f\uff1a-\uff20\uff3b-\uff40"
    r"\uff5b-\uff64"
)
_RUN: Final = re.compile(f"[^{_END}]+")

#: At the end of a link, these end the sentence rather than the address; in many scripts. A joiner joins
#: nothing there.
_TRAILING: Final = ".,;:!?'*_|…‒–—―•\u200c\u200d" + (
    "\u037e\u0387\u055b\u055c\u055d\u055e\u0589\u05f3\u060c\u061b\u061f\u06d4\u0964\u0965\u104a\u104b\u17d4\u17d5"
    "\u1802\u1803\u1808\u1809"
)

_CLOSING: Final = {")": "(", "]": "[", "}": "{", "\uff09": "\uff08"}
_BRACKET: Final = re.compile(r"[()\[\]{}\uff08\uff09]")

#: The host and port at the beginning of a link, as far as they may go.
_AUTHORITY: Final = re.compile(
    r"https?://(?:\[[^\]]*\]|[^/?#:()\[\]{}\uff08\uff09|^,;!'*=~$&‒–—―•…]*)(?::[0-9]*)?", re.IGNORECASE
)

#: A user's name and password before the host.
_USER_INFO: Final = re.compile(r"https?://[^/?#]*@", re.IGNORECASE)

#: No top-level domain mixes Latin letters with a script that is written without spaces, or has symbols, so
#: what follows belongs to the sentence: Thai, Lao, Burmese, Khmer, Japanese, Chinese, Korean, emoji.
_SENTENCE: Final = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u2fdf\u3040-\u30ff\u3100-\u312f\u31f0-\u31ff"
    r"\u2190-\u21ff\u2300-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
    r"\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_GLUED: Final = re.compile(rf"(?:\.|//)[A-Za-z0-9-]+(?=[{_SENTENCE}][^.:]*$)")

_PARTS: Final = re.compile(
    r"(https?)://(\[[^\]]*\]|[^/?#:]*)(?::([0-9]{0,9}))?([/?#].*)?", re.IGNORECASE | re.DOTALL
)

#: Characters of an address besides letters and digits (RFC 3986); all others are percent-encoded.
_URL_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"

_ASCII_LABEL: Final = re.compile(r"[a-z0-9_-]{1,63}")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_HOST: Final = 253  # RFC 1035
_MAX_LABEL: Final = 63
_MAX_PORT: Final = 65_535


def link_end(text: str, start: int) -> int:
    """Return where the link that begins at `start` ends; `start` if it is not one.

    Brackets that it opens are part of it, and punctuation after it is not. With a user's name before the
    host it is not a link: the name may look like a host, as in `http://bank.example@evil.example`.
    """
    run = _RUN.match(text, start)
    if run is None or _USER_INFO.match(run[0]):
        return start
    link = run[0]
    link = link[: _authority_end(link)]
    link = link[: _unpaired_bracket(link)]
    return start + len(link.rstrip(_TRAILING))


def _authority_end(link: str) -> int:
    """Return where the link has to end because its host or port does; its length if it goes on."""
    match = _AUTHORITY.match(link)
    authority = match[0] if match else ""
    if glued := _GLUED.search(authority):
        return glued.end()
    goes_on = link[len(authority) : len(authority) + 1] in ("", "/", "?", "#")
    return len(link) if goes_on else len(authority)


def _unpaired_bracket(link: str) -> int:
    """Return the place of the first closing bracket without an opening one; the link's length if none."""
    opened: list[str] = []
    for match in _BRACKET.finditer(link):
        opening = _CLOSING.get(match[0])
        if opening is None:
            opened.append(match[0])
        elif not opened or opened.pop() != opening:
            return match.start()
    return len(link)


def real_address(link: str) -> str:
    """Return the address that a link opens, in ASCII; empty if no browser should open it.

    The host is what a browser makes of it: UTS 46, non-transitional, in Punycode, so that look-alike letters
    show.
    """
    parts = _PARTS.fullmatch(link)
    if parts is None:
        return ""
    scheme, host, port, rest = parts.groups()
    address = _ipv6(host[1:-1]) if host.startswith("[") else _ascii_host(host)
    if not address or int(port or 0) > _MAX_PORT:
        return ""
    netloc = address + (f":{port}" if port else "")
    return f"{scheme.lower()}://{netloc}{quote(rest or '', safe=_URL_SAFE)}"


def _ipv6(host: str) -> str:
    try:
        return "" if "%" in host else f"[{ipaddress.IPv6Address(host)}]"
    except ValueError:
        return ""


def _ascii_host(host: str) -> str:
    """Return the host in ASCII; empty if it is not valid."""
    labels = (host.lower() if host.isascii() else _mapped(host)).split(".")
    if len(labels) > 1 and not labels[-1]:
        labels.pop()  # A full stop at the end is the root of all names.
    if _NUMBER.fullmatch(labels[-1]):
        return _ipv4(labels)
    encoded = [_ascii_label(label) for label in labels]
    name = ".".join(encoded)
    return name if all(encoded) and len(name) <= _MAX_HOST else ""


def _ipv4(labels: list[str]) -> str:
    """Return what browsers make of hexadecimal, octal and shortened forms (WHATWG URL, IPv4 parser)."""
    try:
        *numbers, last = map(_number, labels)
    except ValueError:
        return ""
    if len(numbers) > 3 or any(number > 255 for number in numbers) or last >= 256 ** (4 - len(numbers)):
        return ""
    address = last + sum(number << (24 - 8 * place) for place, number in enumerate(numbers))
    return str(ipaddress.IPv4Address(address))


def _number(label: str) -> int:
    """Return a part of an IPv4 address; raises `ValueError`."""
    if not _NUMBER.fullmatch(label) or len(label) > _MAX_LABEL:
        raise ValueError(label)
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    return int(label, 8 if label.startswith("0") else 10)


def _mapped(host: str) -> str:
    import idna  # It is large, and most hosts are ASCII.

    try:
        return idna.uts46_remap(host, std3_rules=False, transitional=False)
    except idna.IDNAError:
        return ""


def _ascii_label(label: str) -> str:
    if label.isascii():
        return label if _ASCII_LABEL.fullmatch(label) and _is_readable(label) else ""
    import idna

    try:
        return idna.alabel(label).decode()
    except (idna.IDNAError, UnicodeError):
        return _symbol_label(label)


def _is_readable(label: str) -> bool:
    """Return whether a label in Punycode is that of a valid label; true for all others."""
    if not label.startswith("xn--"):
        return True
    try:
        decoded = label[4:].encode().decode("punycode")
    except UnicodeError:
        return False
    return not decoded.isascii() and _ascii_label(decoded) == label


def _symbol_label(label: str) -> str:
    """Return a label with symbols such as emoji, which browsers accept and IDNA 2008 does not."""
    categories = [unicodedata.category(character)[0] for character in label]
    is_plain = (
        categories[0] != "M"
        and not {"C", "Z"} & set(categories)
        and not {unicodedata.bidirectional(character) for character in label} & {"R", "AL", "AN"}
    )
    encoded = "xn--" + label.encode("punycode").decode()
    return encoded if is_plain and len(encoded) <= _MAX_LABEL else ""
