"""The runs of a message with a file."""

from __future__ import annotations

from msgspec.structs import replace

from messango.gui.model.files.file_card import CardStatus, FileCard
from messango.gui.model.text.line_arrangement import arrange
from messango.gui.model.text.message_runs import drawn_text
from messango.gui.model.text.run_tags import FILE_CARD, MESSAGE_TEXT
from messango.gui.model.text.sanitizer import TextSanitizer
from messango.gui.model.text.text_runs import TextRunBuilder
from messango.gui.model.transcript.blocks import Block, BlockKind, DeliveryStatus, Extras
from tests.gui.fakes import FixedMetrics
from tests.gui.files import file_info

REPORT = file_info("report.pdf", 2_100_000)
LINE = "[file] report.pdf (2.1 MB)"
CARD = FileCard(REPORT.id, "report.pdf", 2_100_000)


def block(caption: str = "", **changes: object) -> Block:
    """Return a message with a file as it is drawn."""
    text = f"{caption}\n{LINE}" if caption else LINE
    made = Block(BlockKind.MESSAGE, text, "Ben", "12:00", extras=Extras(file=REPORT, card=CARD))
    return replace(made, **changes)


def with_card(made: Block, **changes: object) -> Block:
    """Return it with another card."""
    return replace(made, extras=replace(made.extras, card=replace(CARD, **changes)))


def drawn(made: Block) -> str:
    """Return what is drawn; the card is the character for objects."""
    sanitizer = TextSanitizer(astral=True)
    runs = TextRunBuilder(sanitizer, 3).build(made)
    texts = ((drawn_text(run, sanitizer, pictures=False), run[0]) for run in runs)
    shown = "".join(text if replaced is None else replaced for replaced, text in texts)
    return shown.replace("\u00a0", " ")


def test_card_below_the_caption() -> None:
    """Then what can be done with the file."""
    assert drawn(block()) == "￼\nDownload   Save as…\n"
    assert drawn(block("as promised")) == "as promised\n￼\nDownload   Save as…\n"
    assert drawn(block("as promised", delivery=DeliveryStatus.ACCEPTED)).endswith("Save as…   ✓\n")


def test_card_without_links_has_no_line_below() -> None:
    """Unless there is a mark to show."""
    gone = with_card(block(), status=CardStatus.GONE)
    assert drawn(gone) == "￼\n"
    assert drawn(replace(gone, delivery=DeliveryStatus.ACCEPTED)) == "￼\n✓\n"


def test_reasons_stand_before_the_links() -> None:
    """Of a file that did not come, and of one that did not go."""
    failed = with_card(block(), status=CardStatus.FAILED, reason="The disk is full. Make room.")
    assert "Make room.   Try again   Save as…" in drawn(failed)
    unsent = replace(block(), error="Not sent. It is too large.", pending_id="u1")
    assert "It is too large.   Try again   Remove" in drawn(with_card(unsent, status=CardStatus.FAILED))


def test_saved_picture_says_where() -> None:
    """The picture itself has no words."""
    picture = with_card(block(), name="a.png", width=4, height=3, status=CardStatus.SAVED, folder="Downloads")
    assert "Saved in Downloads   Open   Show in folder   Save as…" in drawn(picture)


def test_file_is_copied_and_found_as_its_line() -> None:
    """The line is in the message's text, whatever is drawn in its place."""
    sanitizer = TextSanitizer(astral=True)
    runs = TextRunBuilder(sanitizer, 3).build(block("look"))
    arrangement = arrange(
        runs, FixedMetrics(), lambda run: drawn_text(run, sanitizer, pictures=False), reorder=False
    )
    assert arrangement.message_text((0, 0), (9, 0)) == f"look\n{LINE}"
    assert arrangement.message_text((1, 0), (1, 1)) == LINE
    assert f"look\n{LINE}" in [text for _, text in arrangement.searchable()]
    [run] = [run for run in runs if FILE_CARD in run[1]]
    assert MESSAGE_TEXT in run[1]
