"""Opens the pages of a session: password, changed fingerprint and room details."""

from __future__ import annotations

from collections.abc import Callable

from messango.client.events import RoomJoined
from messango.errors import MessangoError, PasswordNeeded, WrongPassword
from messango.gui.background.host_thread import RoomOpened
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.rooms.join_target import JoinTarget
from messango.gui.model.rooms.room_details import RoomDetails, build_room_details
from messango.gui.pages.context import WindowContext
from messango.protocol.password import Password
from messango.room.host.host_command import Kick, Lock, Unlock
from messango.transport.identity.identity_errors import FingerprintMismatch


class SessionPages:
    """Shows these pages; each is imported when it is needed. Main thread only."""

    def __init__(self, context: WindowContext, conversation: ConversationModel) -> None:
        self._context, self._conversation = context, conversation

    def prompt_password(
        self,
        error: PasswordNeeded | WrongPassword,
        *,
        on_submit: Callable[[Password], None],
        on_leave: Callable[[], None],
    ) -> None:
        """Ask for the room's password, or ask again after a wrong one."""
        from messango.gui.pages.password_page import PasswordPage

        page = self._context.pages.find(PasswordPage)
        if not isinstance(page, PasswordPage):
            context, room = self._context, self._conversation.title
            page = PasswordPage(
                context.root, context.look, context.sanitizer, room, on_submit=on_submit, on_close=on_leave
            )
            self._context.pages.push(page)
        page.prompt(error)

    def close_password_page(self) -> None:
        """Close the password page, if it is open."""
        from messango.gui.pages.password_page import PasswordPage

        page = self._context.pages.find(PasswordPage)
        if page is not None:
            self._context.pages.pop(page)

    def show_trust_warning(
        self, mismatch: FingerprintMismatch, *, on_accepted: Callable[[], None], on_leave: Callable[[], None]
    ) -> None:
        """Warn of a changed fingerprint; `on_accepted` is called after the user accepted it."""
        from messango.gui.pages.trust_page import TrustPage

        def done(error: MessangoError | None) -> None:
            if self._context.pages.find(TrustPage) is not page:
                return
            if error is not None:
                page.show_error(error)
                return
            self._context.pages.pop(page)
            on_accepted()

        def accept() -> None:
            self._context.tasks.submit(
                lambda: self._context.services.accept_fingerprint(mismatch.room_id, mismatch.seen), done
            )

        context = self._context
        page = TrustPage(
            context.root, context.look, context.sanitizer, mismatch, on_accept=accept, on_close=on_leave
        )
        self._context.pages.push(page)

    def show_details(
        self,
        joined: RoomJoined,
        target: JoinTarget,
        hosted: RoomOpened | None,
        *,
        on_guests: Callable[[], None],
    ) -> None:
        """Show the room's details, once its security words are computed; `hosted` if this window hosts it.

        Then `on_guests` is called to invite guests from the browser.
        """

        def show(details: RoomDetails) -> None:
            if self._context.pages.top is None:
                self._push_details_page(details, hosted, on_guests)

        self.find_details(joined, target, is_hosted=hosted is not None, then=show)

    def find_details(
        self, joined: RoomJoined, target: JoinTarget, *, is_hosted: bool, then: Callable[[RoomDetails], None]
    ) -> None:
        """Compute the room's details in a thread, then call `then`, unless the session has ended."""
        hosted_at = [*map(str, target.addresses)] if is_hosted else []
        addresses = hosted_at or [joined.address]
        name = self._conversation.title
        found: list[RoomDetails] = []

        def find() -> None:
            found.append(build_room_details(name, addresses, joined.fingerprint, encrypted=joined.encrypted))

        def done(_error: MessangoError | None) -> None:
            if found and not self._conversation.ended:
                then(found[0])

        self._context.tasks.submit(find, done)

    def show_locked(self, *, locked: bool) -> None:
        """Show on the page with the room's details, if it is open, whether the room is locked."""
        from messango.gui.pages.details_page import DetailsPage

        page = self._context.pages.find(DetailsPage)
        if isinstance(page, DetailsPage) and page.host_controls is not None:
            page.host_controls.show_locked(locked=locked)

    def close_details(self) -> bool:
        """Close the page with the room's details; returns false if it is not open."""
        from messango.gui.pages.details_page import DetailsPage

        page = self._context.pages.find(DetailsPage)
        if page is not None:
            self._context.pages.pop(page)
        return page is not None

    def _push_details_page(
        self, details: RoomDetails, hosted: RoomOpened | None, on_guests: Callable[[], None]
    ) -> None:
        from messango.gui.pages.details_page import DetailsPage, HostControls

        context = self._context
        page = DetailsPage(context.root, context.look, context.sanitizer, details, on_close=context.pages.pop)
        if hosted is not None and (run_command := hosted.run_command) is not None:
            others = [name for name in self._conversation.names if name != self._conversation.own_name]
            controls = HostControls(
                page.body,
                context.look,
                [(name, context.sanitizer.name(name)) for name in others],
                locked=hosted.is_locked(),
                on_remove=lambda name: run_command(Kick(name)),
                on_lock=lambda locked: run_command(Lock() if locked else Unlock()),
                on_guests=on_guests,
            )
            page.add_host_controls(controls)
        page.bind_content()
        context.pages.push(page)
