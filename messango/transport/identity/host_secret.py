"""The secret that proves to a room that a client is its host's; it is in the host's home folder.

A client sends it only over an encrypted connection to the certificate that the file names, the one of the
servers with this home folder: no other room ever gets it.
"""

from __future__ import annotations

import logging
import secrets
from pathlib import Path
from typing import Final

import msgspec

from messango.errors import StorageUnavailable
from messango.storage import home, write_private

logger = logging.getLogger(__name__)

FILE_NAME: Final = "host-secret.json"


class _HostSecret(msgspec.Struct, frozen=True):
    secret: str
    fingerprint: str


def create_host_secret(fingerprint: str) -> str:
    """Return the secret of this home folder's servers, whose certificate has this fingerprint.

    Creates the file (0600) if it is missing, damaged or of an earlier certificate. If it can't be written,
    the room opens all the same, and nobody can prove to be its host. Raises `StorageUnavailable`.
    """
    stored = _read(home() / FILE_NAME)
    if stored is not None and stored.fingerprint == fingerprint:
        return stored.secret
    created = _HostSecret(secrets.token_urlsafe(32), fingerprint)
    try:
        write_private(home() / FILE_NAME, msgspec.json.encode(created))
    except OSError as error:
        logger.warning("the host's secret could not be written: %s", error)
    return created.secret


def load_host_secret(fingerprint: str | None) -> str | None:
    """Return the secret for the room with this certificate, or None if it is not one of this home folder."""
    try:
        stored = _read(home() / FILE_NAME)
    except StorageUnavailable:
        return None
    return stored.secret if stored is not None and stored.fingerprint == fingerprint else None


def _read(path: Path) -> _HostSecret | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_HostSecret)
    except (OSError, ValueError):
        return None
