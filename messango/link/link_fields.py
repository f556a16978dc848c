"""What each field of a linked room's file may be, checked one by one. The sentences never show a value."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from messango.errors import BadAddress, BadName
from messango.protocol.limits import MAX_SERVERS
from messango.protocol.text.validation import clean_name
from messango.transport.addresses import parse_address

#: Returns a field's value from what JSON has there (None: nothing); raises `FieldError`.
_Check: TypeAlias = Callable[[Any], Any]

_LINK_ID: Final = re.compile(r"[0-9a-f]{32}")
#: The port has to be there: Messango's own default is a room's.
_WITH_PORT: Final = re.compile(r"(\[[^\[\]]+\]|[^:\[\]]+):[0-9]{1,5}")
_HOST_NAME: Final = re.compile(r"[A-Za-z0-9.:_-]{1,253}")

#: A name, a password: NATS has no limits of its own but that of a line.
_MAX_WORD_CHARACTERS: Final = 256
#: Of an even number, as many have to be there as of the odd one above it.
_REPLICAS: Final = (1, 3, 5)
_MAX_PEM_CHARACTERS: Final = 32 * 1024


class FieldError(Exception):
    """A field is not what it has to be: the rest of a sentence, without a full stop."""


def _link(value: Any) -> str:
    if not isinstance(value, str) or not _LINK_ID.fullmatch(value):
        raise FieldError("“link” has to be the linked room's id, 32 hexadecimal digits in lower case")
    return value


def _name(value: Any) -> str:
    try:
        return clean_name(value if isinstance(value, str) else "")
    except BadName as error:
        raise FieldError("“name” has to be the room's name, of 1 to 32 characters") from error


def _servers(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_SERVERS:
        raise FieldError(f"“servers” has to be a list of 1 to {MAX_SERVERS} addresses")
    return tuple(_address(number, each) for number, each in enumerate(value, start=1))


def _address(number: int, value: Any) -> str:
    problem = f"address {number} of “servers” has to look like 192.168.1.20:4222"
    if not isinstance(value, str) or not _WITH_PORT.fullmatch(value):
        raise FieldError(problem)
    try:
        return str(parse_address(value))
    except BadAddress as error:
        raise FieldError(problem) from error


def _pem(name: str, kind: str) -> _Check:
    def check(value: Any) -> str:
        if value is None or value == "":
            return ""
        if not isinstance(value, str) or len(value) > _MAX_PEM_CHARACTERS or f"{kind}-----" not in value:
            raise FieldError(f"“{name}” has to be a PEM text with {kind} in its first line")
        return value

    return check


def _word(name: str, form: re.Pattern[str] | None = None) -> _Check:
    def check(value: Any) -> str:
        if value is None:
            return ""
        is_word = isinstance(value, str) and len(value) <= _MAX_WORD_CHARACTERS and value.isprintable()
        if not is_word or (value and form is not None and not form.fullmatch(value)):
            raise FieldError(f"“{name}” is not valid")
        return str(value)

    return check


def _replicas(value: Any) -> int | None:
    if value is None:
        return None
    if type(value) is not int or value not in _REPLICAS:
        raise FieldError("“replicas” has to be 1, or 3 or 5 in a cluster of NATS servers")
    return value


#: In the order in which the file has them.
LINK_FIELDS: Final[dict[str, _Check]] = {
    "link": _link,
    "name": _name,
    "servers": _servers,
    "ca": _pem("ca", "CERTIFICATE"),
    "certificate": _pem("certificate", "CERTIFICATE"),
    "key": _pem("key", "PRIVATE KEY"),
    "tls_name": _word("tls_name", _HOST_NAME),
    "user": _word("user"),
    "password": _word("password"),
    "replicas": _replicas,
}
