"""The question before a person leaves while files are still on their way."""

from __future__ import annotations

from pathlib import Path

from messango.client.events import MessageFailed
from messango.client.events.files import FileFailed
from messango.client.files.uploads.outgoing_file import OutgoingFile
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.sending.outgoing_share import OutgoingShare


def sending(*names: str) -> ConversationModel:
    """Return a conversation in which files of these names are on their way, as transfers of these names."""
    model = ConversationModel("10.0.0.2", now=lambda: 0.0, clock=lambda: 0.0)
    for name in names:
        model.add_pending_file(name, OutgoingShare(OutgoingFile(name, Path(name)), 5))
    return model


def text(model: ConversationModel) -> str:
    """Return what the question says, or an empty text."""
    banner = model.unsent.banner()
    return f"{banner.text} {banner.hint}" if banner is not None else ""


def test_nothing_is_asked_without_files_on_their_way() -> None:
    """Nor while nobody wants to leave."""
    assert not sending().unsent.needs_confirmation(closing_window=True)
    assert text(sending("a.pdf")) == ""


def test_leaving_needs_confirmation_every_time() -> None:
    """A second press of the same button may be a double click; staying ends the question."""
    model = sending("a.pdf")
    assert model.unsent.needs_confirmation(closing_window=False)
    assert model.unsent.needs_confirmation(closing_window=False)
    assert text(model) == "“a.pdf” is still being sent. If you leave now, nobody gets it."
    banner = model.banner
    assert banner is not None
    assert banner.actions == (BannerAction.LEAVE_ANYWAY, BannerAction.STAY)
    model.unsent.cancel_leave()
    assert text(model) == ""


def test_closing_the_window_twice_confirms_it() -> None:
    """Unless the person stayed in between."""
    model = sending("a.pdf", "b.pdf")
    assert model.unsent.needs_confirmation(closing_window=True)
    assert text(model) == "2 of your files are still being sent. If you leave now, nobody gets them."
    assert not model.unsent.needs_confirmation(closing_window=True)
    model.unsent.cancel_leave()
    assert model.unsent.needs_confirmation(closing_window=True)


def test_the_question_is_over_when_its_files_are() -> None:
    """Whatever became of them; one that was sent later is not asked about by itself."""
    model = sending("a.pdf", "b.pdf")
    assert model.unsent.needs_confirmation(closing_window=False)
    model.apply(FileFailed("a.pdf", "a.pdf", upload=True, reason="Too large.", hint=""))
    assert text(model).startswith("“b.pdf” is")
    model.apply(MessageFailed("b.pdf", "", "The room is locked.", ""))
    assert text(model) == ""
    model.add_pending_file("c.pdf", OutgoingShare(OutgoingFile("c.pdf", Path("c.pdf")), 5))
    assert text(model) == ""
    assert model.unsent.needs_confirmation(closing_window=False)
