"""Which certificate this computer uses, if the folder may have been copied from another one.

Two computers with one certificate would be one room to everybody else. So `certificate.machine` says to which
machine `certificate.pem` belongs, as a salted hash. On another machine Messango uses
`certificate-HASH.pem` beside it, created at the first start there. Each machine keeps its own if they share
the folder over the network, and after a copy is copied back.
"""

from __future__ import annotations

import enum
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from messango.errors import StorageUnavailable
from messango.storage import file_lock, home, write_private
from messango.transport.identity.certificate import FILE_NAME, Certificate, load_or_create_certificate
from messango.transport.identity.machine_id import hashed_machine_id, machine_id

MACHINE_FILE_NAME: Final = "certificate.machine"
_BINDING: Final = re.compile(r"([0-9a-f]{32}) ([0-9a-f]{32})\n?")

NEW_MACHINE_NOTICE: Final = (
    "Messango's folder comes from another computer, so its rooms have a new identity here: members see new "
    "words, and have to accept them. All conversations are still there. If the other computer is not used "
    "any more, open the room once with `messango server --identity keep`: then it is the room that it was."
)
RENEWED_NOTICE: Final = (
    "The rooms of this computer have a new identity: members see new words, and have to accept them."
)


class IdentityChoice(enum.Enum):
    """What the host says about a folder that was copied; the value is what they type."""

    KEEP = "keep"  # The rooms have moved here from the other computer.
    NEW = "new"  # This is a copy, and the other computer is still used.


@dataclass(frozen=True, slots=True)
class HostIdentity:
    """The certificate of this computer's rooms; `notice` is for the host, or empty."""

    certificate: Certificate
    notice: str


def load_host_identity(
    choice: IdentityChoice | None = None, find_addresses: Callable[[], Sequence[str]] = tuple
) -> HostIdentity:
    """Return this computer's identity, created if there was none: for the addresses that are found then.

    Raises `CorruptFile` or `StorageUnavailable`.
    """
    folder = home()
    try:
        # Not the file itself: another process may replace it meanwhile.
        with file_lock(folder / MACHINE_FILE_NAME):
            path = _certificate_path(folder, keep=choice is IdentityChoice.KEEP)
            is_copy = path.name != FILE_NAME and not path.exists()
            if choice is IdentityChoice.NEW and path.exists():
                path.replace(
                    path.with_name(f"{path.name}.{time.strftime('%Y%m%dT%H%M%S')}-{secrets.token_hex(2)}")
                )
    except OSError as error:
        raise StorageUnavailable(folder, error.strerror or str(error)) from error
    certificate = load_or_create_certificate(path, find_addresses)
    if choice is IdentityChoice.NEW:
        return HostIdentity(certificate, RENEWED_NOTICE)
    return HostIdentity(certificate, NEW_MACHINE_NOTICE if is_copy else "")


def _certificate_path(folder: Path, *, keep: bool) -> Path:
    machine = machine_id()
    if machine is None:
        # The system has no id. `discovery/duplicate.py` finds a copy that is in use on the same network.
        return folder / FILE_NAME
    binding = _read_binding(folder / MACHINE_FILE_NAME)
    if binding is not None and not keep:
        salt, owner = binding
        here = hashed_machine_id(machine, salt)
        return folder / (FILE_NAME if here == owner else f"certificate-{here}.pem")
    salt = secrets.token_hex(16)
    if binding is None or hashed_machine_id(machine, binding[0]) != binding[1]:
        write_private(
            folder / MACHINE_FILE_NAME, f"{salt} {hashed_machine_id(machine, salt)}\n".encode("ascii")
        )
    return folder / FILE_NAME


def _read_binding(path: Path) -> tuple[str, str] | None:
    """Return the salt and the hash of the machine to which the certificate belongs; None if it is not bound.

    An older folder has no such file: its certificate belongs to the machine that uses it first.
    """
    try:
        match = _BINDING.fullmatch(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return (match[1], match[2]) if match else None
