"""What covers a conversation for a while: the room asks something, or somebody asks about the room."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.events import RoomJoined
from messango.errors import FingerprintMismatch, MessangoError, PasswordNeeded, WrongPassword
from messango.gui.background.host_thread import Hand
from messango.gui.model.conversation import Conversation
from messango.gui.model.room_details import Details, details_of
from messango.gui.model.target import Target
from messango.gui.pages.context import Shell
from messango.protocol.password import Password


class StayPages:
    """Makes these pages, each imported when it is wanted. Main thread only."""

    def __init__(self, shell: Shell, conversation: Conversation) -> None:
        self._shell, self._conversation = shell, conversation
        self._shut = False

    def ask_password(
        self,
        error: PasswordNeeded | WrongPassword,
        *,
        on_give: Callable[[Password], None],
        on_leave: Callable[[], None],
    ) -> None:
        """Ask for the room's password, or once more where it was another one."""
        from messango.gui.pages.password_page import PasswordPage

        page = self._shell.pages.find(PasswordPage)
        if not isinstance(page, PasswordPage):
            title = self._shell.display.line(self._conversation.title)
            root, look = self._shell.root, self._shell.look
            page = PasswordPage(root, look, title, on_give=on_give, on_close=on_leave)
            self._shell.pages.cover(page)
        page.ask(error)

    def password_done(self) -> None:
        """No password is wanted any more."""
        from messango.gui.pages.password_page import PasswordPage

        page = self._shell.pages.find(PasswordPage)
        if page is not None:
            self._shell.pages.uncover(page)

    def warn(
        self, mismatch: FingerprintMismatch, *, on_accepted: Callable[[], None], on_leave: Callable[[], None]
    ) -> None:
        """Warn of a room that is not the one it was; `on_accepted` is called after it was accepted."""
        from messango.gui.pages.trust_page import TrustPage

        def done(error: MessangoError | None) -> None:
            if self._shell.pages.find(TrustPage) is not page:
                return
            if error is not None:
                page.complain(error)
                return
            self._shell.pages.uncover(page)
            on_accepted()

        def accept() -> None:
            self._shell.chores.do(lambda: self._shell.services.accept(mismatch.room_id, mismatch.seen), done)

        room = self._shell.display.line(mismatch.room)
        page = TrustPage(
            self._shell.root, self._shell.look, mismatch, room, on_accept=accept, on_close=on_leave
        )
        self._shell.pages.cover(page)

    def details(self, entered: RoomJoined, target: Target, hand: Hand | None) -> None:
        """Show the room's details, once the words of its fingerprint are worked out."""
        place = str(target.addresses[0]) if hand is not None and target.addresses else entered.address
        name = self._shell.display.line(self._conversation.title)
        found: list[Details] = []

        def find() -> None:
            found.append(details_of(name, place, entered.fingerprint, encrypted=entered.encrypted))

        def done(_error: MessangoError | None) -> None:
            if found and not self._conversation.ended and self._shell.pages.side is None:
                self._show_details(found[0], hand)

        self._shell.chores.do(find, done)

    def _show_details(self, details: Details, hand: Hand | None) -> None:
        from messango.gui.pages.details_page import DetailsPage, HostPart

        shell = self._shell
        page = DetailsPage(shell.root, shell.look, details, on_close=shell.pages.uncover)
        if hand is not None:
            others = [row.name for row in self._conversation.members if not (row.you or row.lost)]
            part = HostPart(
                page.body,
                shell.look,
                [(name, shell.display.line(name)) for name in others],
                locked=self._shut,
                on_remove=hand.kick,
                on_lock=lambda shut: self._lock(hand, shut=shut),
            )
            page.add_host_part(part)
        page.ready()
        shell.pages.cover(page)

    def _lock(self, hand: Hand, *, shut: bool) -> None:
        self._shut = shut
        (hand.lock if shut else hand.unlock)()
