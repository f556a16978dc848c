"""From one picture of a conversation to the next."""

from __future__ import annotations

from messango.gui.model.files.gallery import next_picture
from messango.gui.model.transcript.transcript import Transcript
from tests.gui.fakes import NOON, received
from tests.gui.files import file_info, received_file


def test_next_picture_skips_what_is_none() -> None:
    """At the first and the last there is no further one."""
    transcript = Transcript(lambda: NOON)
    picture = file_info("a.png", width=4, height=3)
    gone = file_info("gone.png", width=4, height=3)
    transcript.message_received(received_file(1, "Ben", picture))
    transcript.message_received(received(2, "Ben", "words"))
    transcript.message_received(received_file(3, "Ben", file_info("a.pdf")))
    transcript.message_received(received_file(4, "Ben", gone))
    transcript.message_received(received_file(5, "Lena", picture))
    transcript.files.cards.gone(gone.id)

    def step(seq: int, delta: int) -> int | None:
        block = next_picture(transcript, seq, delta)
        return block.seq if block is not None else None

    assert step(1, 1) == 5
    assert step(5, -1) == 1
    assert step(5, 1) is step(1, -1) is step(77, 1) is None
