"""Saves the QR code for guests as a picture, or as a page to print."""

from __future__ import annotations

from pathlib import Path

from messango.errors import SaveFailed
from messango.storage import write_private


def save_code(path: Path, link: str, room: str) -> None:
    """Save the code in a file for its owner only: with the link in it, everybody can join.

    A file whose name ends in `.svg` becomes a page to print, with the room's name, any other a PNG. Raises
    `SaveFailed`; a file that was there before is then as it was.
    """
    # Imported here because segno is needed only for this.
    from messango.web.invite.printed_page import printed_page
    from messango.web.invite.qr_code import qr_png

    data = printed_page(link, room) if path.suffix.lower() == ".svg" else qr_png(link)
    try:
        if path.exists() and not path.is_file():
            raise SaveFailed(path, "it is not a file")
        write_private(path, data)
    except OSError as error:
        raise SaveFailed(path, error.strerror or str(error)) from error
