"""One certificate for all made-up servers, so that their rooms' ids are known before they open."""

from __future__ import annotations

import tempfile
from pathlib import Path

from messango.protocol.room_id import derive_room_id
from messango.storage import home, write_private
from messango.transport.identity.certificate import FILE_NAME, load_or_create_certificate

with tempfile.TemporaryDirectory() as _folder:
    _path = Path(_folder) / FILE_NAME
    #: The fingerprint of the certificate that `use_test_certificate` puts into the home folder.
    TEST_FINGERPRINT = load_or_create_certificate(_path).fingerprint
    _PEM = _path.read_bytes()


def use_test_certificate() -> None:
    """Make the certificate this test's, unless its home folder has one already."""
    if not (home() / FILE_NAME).exists():
        write_private(home() / FILE_NAME, _PEM)


def room_id_of(number: int, fingerprint: str = TEST_FINGERPRINT) -> str:
    """Return the id of a room with this number as its tag."""
    return derive_room_id(f"{number:08x}", fingerprint)
