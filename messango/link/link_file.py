"""The file of a linked room, such as `Hall.link`: where its engine is, and the key to it.

A host copies it to the computers of the others, or writes it for a NATS of their own: one JSON object, which
`messango help link` documents. With it a server reads and writes everything in the room.
"""

from __future__ import annotations

import json
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from messango.errors import LinkUnusable
from messango.link.link_fields import LINK_FIELDS, FieldError
from messango.storage import write_private

#: The file says for which programs it is. A later one with another meaning gets another number.
VERSION_FIELD: Final = "messango-link"
VERSION: Final = 1

#: Three certificates have 2 KB; somebody's own authority may have a chain of them.
MAX_FILE_BYTES: Final = 64 * 1024

#: What the file of a room with this name ends with.
SUFFIX: Final = ".link"

_COPY_AGAIN: Final = "Copy it again from the computer where `messango server --link-host` has written it."
_NAME_THE_FILE: Final = f"Name the file itself, such as Hall{SUFFIX}."
_SEE_HELP: Final = f"{_COPY_AGAIN} If you write it yourself, `messango help link` shows a complete one."


@dataclass(frozen=True, slots=True)
class LinkFile:
    """What a server needs to be one of a linked room's.

    `link` is the linked room's id, `name` its name. `servers` are the addresses of the NATS servers, as
    `HOST:PORT`. `ca`, `certificate` and `key` are PEM: the authority of the servers' certificates, and what
    this client shows them; without `ca`, the connection is not encrypted. `tls_name` is the name in the
    servers' certificates, if it is not the address. A server creates the room's stream if there is none and
    `replicas` says on how many NATS servers; None: it never does. Nothing secret is in its `repr`.
    """

    link: str
    name: str
    servers: tuple[str, ...]
    ca: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    key: str = field(default="", repr=False)
    tls_name: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    replicas: int | None = None

    @property
    def encrypted(self) -> bool:
        """Whether the connection to the engine is TLS."""
        return bool(self.ca)


def read_link_file(path: Path) -> LinkFile:
    """Read the file of a linked room; raises `LinkUnusable`, whose sentences never show what is in it."""
    document = _read_object(path)
    version = document.pop(VERSION_FIELD, None)
    if version is None:
        raise LinkUnusable(path, f"The file {path} is not that of a linked room.", _SEE_HELP)
    if version != VERSION:
        raise LinkUnusable(
            path,
            f"The file {path} was written for another version of Messango.",
            "Use the same version of Messango on all computers of the linked room.",
        )
    try:
        # Unknown fields are ignored, as on the wire.
        values = {name: check(document.get(name)) for name, check in LINK_FIELDS.items()}
        link_file = LinkFile(**values)
        _check_together(link_file)
    except FieldError as error:
        raise LinkUnusable(path, f"The file {path} can't be used: {error}.", _SEE_HELP) from error
    return link_file


def encode_link_file(link_file: LinkFile) -> bytes:
    """Return the file's bytes; what is empty is left out."""
    fields: dict[str, Any] = {VERSION_FIELD: VERSION}
    fields |= {name: value for name in LINK_FIELDS if (value := getattr(link_file, name))}
    return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"


def write_link_file(path: Path, link_file: LinkFile) -> LinkFile | None:
    """Write the file, for its owner only and in one step, unless one of this link is there; return that.

    A host may have changed its addresses, to those of a router for example. Raises `LinkUnusable` if
    something else is there, and `OSError`.
    """
    if path.exists() or path.is_symlink():
        present = _present(path)
        if present is not None and present.link == link_file.link:
            return present
        what = "another linked room's" if present else "not this room's"
        raise LinkUnusable(
            path,
            f"The file {path} is {what}, so the new one was not written.",
            "Move it away, or start Messango in another folder.",
        )
    write_private(path, encode_link_file(link_file))
    return None


def exposure_warning(path: Path) -> str:
    """Return that other users of this computer can read the file, and what to do; "" if they can't."""
    if sys.platform == "win32":
        return ""
    try:
        mode = path.stat().st_mode
    except OSError:
        return ""
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return ""
    return (
        f"Other users of this computer can open {path}, which is a key to the linked room. "
        f"Run: chmod 600 '{path}'"
    )


def _present(path: Path) -> LinkFile | None:
    try:
        return read_link_file(path)
    except LinkUnusable:
        return None


def _read_object(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise LinkUnusable(path, f"There is no file {path}.", _COPY_AGAIN) from error
    except OSError as error:
        reason = error.strerror or str(error)
        hint = _NAME_THE_FILE if path.is_dir() else "Make it readable for you, and try again."
        raise LinkUnusable(path, f"The file {path} can't be read ({reason}).", hint) from error
    try:
        if len(data) > MAX_FILE_BYTES:
            raise ValueError("too long")
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        # Not the cause: a decoder's error holds the whole text, keys included.
        raise LinkUnusable(path, f"The file {path} is not that of a linked room.", _SEE_HELP) from None
    if not isinstance(document, dict):
        raise LinkUnusable(path, f"The file {path} is not that of a linked room.", _SEE_HELP)
    return document


def _check_together(link_file: LinkFile) -> None:
    """Raise `FieldError` if fields that belong together are not there together."""
    if bool(link_file.certificate) != bool(link_file.key):
        raise FieldError("“certificate” and “key” belong together, and one of them is missing")
    if link_file.certificate and not link_file.ca:
        raise FieldError("it has a “certificate”, but not the “ca” that signs the engine's")
    if link_file.password and not link_file.user:
        raise FieldError("it has a “password”, but no “user”")
