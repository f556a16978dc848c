"""A session in a room: the page with the conversation, and the clients that feed it."""

from __future__ import annotations

import dataclasses
import time
import tkinter as tk
from collections.abc import Callable
from pathlib import Path

from messango.app.export import save_conversation
from messango.client.events import Event, PasswordRequired, RoomJoined, SessionEnded
from messango.client.interface import RoomClientLike
from messango.client.trust.trust_texts import first_visit_notice, namesake_warning, same_name_notice
from messango.errors import MessangoError
from messango.gui.background.host_thread import ClosedByCommand, HostEvent, RoomOpened
from messango.gui.conversation.conversation_view import ConversationView
from messango.gui.conversation.files.files import PictureParts
from messango.gui.model.conversation.banner import BannerAction
from messango.gui.model.conversation.conversation import ConversationModel
from messango.gui.model.conversation.hosting_state import HostingState
from messango.gui.model.conversation.unsent_files import UnsentFiles
from messango.gui.model.emoji.recent_emoji import RecentEmoji
from messango.gui.model.rooms.join_target import JoinTarget, room_target
from messango.gui.model.rooms.room_details import RoomDetails
from messango.gui.pages.context import WindowContext
from messango.gui.pages.session_pages import SessionPages
from messango.gui.session_downloads import SessionDownloads
from messango.gui.session_files import SessionFiles
from messango.gui.session_guests import SessionGuests
from messango.gui.session_memory import SessionMemory
from messango.room.host.host_command import Kick
from messango.room.host.host_events import AddressesChanged, HostActed, RoomEvent
from messango.transport.addresses import parse_address
from messango.transport.identity.identity_errors import FingerprintMismatch


class RoomSession:
    """Owns the page and the client; when a room is opened again, another client follows.

    Main thread only; nothing in it blocks. `on_client_started` gets each client, so that the window can
    wait for its threads at the end. `on_leave` may ask first whether to leave; `on_close` closes at once.
    """

    def __init__(
        self,
        context: WindowContext,
        target: JoinTarget,
        client: RoomClientLike,
        *,
        ask_save_path: Callable[[tk.Misc, str], Path | None],
        ask_file_path: Callable[[tk.Misc, str], Path | None],
        ask_files: Callable[[tk.Misc], list[Path]],
        on_client_started: Callable[[RoomClientLike], None],
        on_leave: Callable[[], None],
        on_close: Callable[[], None],
    ) -> None:
        self.conversation = ConversationModel(target.label, now=context.now, clock=time.monotonic)
        self._context = context
        self._on_client_started, self._ask_save_path = on_client_started, ask_save_path
        self._on_leave = on_leave
        self._pages = SessionPages(context, self.conversation)
        self._last_joined: RoomJoined | None = None
        self._hosted: RoomOpened | None = None
        #: How to get into the room that we host; computed when it is needed.
        self._invite: RoomDetails | None = None
        self._invite_requested = False
        #: Whether to show how guests get in as soon as we are in the room, too.
        self._guests_wanted = False
        self._guests = SessionGuests(context, self.conversation, ask_file_path)
        actions = {
            BannerAction.JOIN: self._join_successor,
            BannerAction.REHOST: self._rehost,
            BannerAction.SAVE: self.save,
            BannerAction.TRY_AGAIN: self._retry_join,
            BannerAction.REJOIN_HERE: self._retry_join,
            BannerAction.REJOIN: self._retry_join,
            BannerAction.BACK: on_leave,
            BannerAction.CLOSE_FOR_ALL: on_close,
            BannerAction.LEAVE_ANYWAY: on_close,
        }
        self._start_client(target, client)
        self.view = ConversationView(
            context.root,
            context.look,
            context.sanitizer,
            self.conversation,
            client,
            on_leave=on_leave,
            on_link=self._open_link,
            actions=actions,
            recent_emoji=RecentEmoji(context.settings),
            pictures=PictureParts(context.pictures, context.picture_folder),
        )
        self._downloads = SessionDownloads(context, self.conversation, self.view, ask_file_path)
        self.files = SessionFiles(context, self.view, ask_files)
        self._memory = SessionMemory(context, self.conversation, self.view, lambda: self._client.password)

    def refresh(self) -> bool:
        """Show the conversation as it is now; returns whether more is waiting to be drawn."""
        self.conversation.use_list(self._context.rooms)
        if self.conversation.should_retry_join:
            self._retry_join()
        self.conversation.unread.level = self._context.settings.current.notify
        self._downloads.refresh()
        has_more = self.view.refresh()
        self._refresh_invite()
        self._guests.refresh()
        unread = self.conversation.unread
        self._context.notifier.show(
            self.conversation.title,
            unread.count,
            for_us=unread.count_for_us,
            notify=unread.should_notify(),
        )
        return has_more

    def _refresh_invite(self) -> None:
        """Show how to invite others in a room that we have just opened."""
        conversation, joined = self.conversation, self._last_joined
        wanted = conversation.hosting.should_invite(
            members=conversation.member_count, has_messages=bool(conversation.message_store)
        )
        if joined is None or not wanted:
            self.view.show_invite(None)
        elif self._invite is not None:
            self.view.show_invite(self._invite)
        elif not self._invite_requested:
            self._invite_requested = True
            self._pages.find_details(joined, self._target, is_hosted=True, then=self._on_invite_found)

    def _on_invite_found(self, details: RoomDetails) -> None:
        self._invite = details
        self._refresh_invite()

    def confirm_leave(self, *, closing_window: bool) -> bool:
        """Return whether leaving needs confirmation; if so, show the question."""
        needs_confirmation = self._leave_question.needs_confirmation(closing_window=closing_window)
        if needs_confirmation:
            self.view.refresh()
        return needs_confirmation

    @property
    def closes_window(self) -> bool:
        """Whether the person who confirms that they leave wants to close the window, too."""
        return self._leave_question.closing_window

    @property
    def _leave_question(self) -> HostingState | UnsentFiles:
        hosting = self.conversation.hosting
        return hosting if hosting.is_open else self.conversation.unsent

    def leave(self) -> None:
        """Leave the room, and keep what is half written for the next time; the page stays."""
        self._memory.close()
        self.files.close()
        self._client.leave()

    def close(self) -> None:
        """Leave, and destroy the page."""
        self.leave()
        self._context.pump.unsubscribe(self._client.events)
        self._downloads.close()
        self.view.destroy()

    def save(self) -> None:
        """Ask for a file, and save the conversation to it as far as this window holds it."""
        conversation = self.conversation
        if not conversation.message_store:
            conversation.show_error(MessangoError("There are no messages to save yet."))
            return
        path = self._ask_save_path(self._context.root, conversation.title)
        if path is None:
            return
        messages = conversation.message_store.messages()

        def done(error: MessangoError | None) -> None:
            if error is None:
                conversation.saved(path.name)
            else:
                conversation.show_error(error)

        self._context.tasks.submit(lambda: save_conversation(path, conversation.title, messages), done)

    def _open_link(self, address: str) -> None:
        self._context.tasks.submit(lambda: self._context.services.open_link(address), self._report_error)

    def _report_error(self, error: MessangoError | None) -> None:
        if error is not None:
            self.conversation.show_error(error)

    def _start_client(self, target: JoinTarget, client: RoomClientLike) -> None:
        self._target, self._client = target, client
        self._on_client_started(client)
        self._context.pump.subscribe(client.events, self._handle)
        client.start()

    def _handle(self, event: Event) -> None:
        if isinstance(event, PasswordRequired):
            submit = self._client.submit_password
            self._pages.prompt_password(event.error, on_submit=submit, on_leave=self._on_leave)
            return
        if isinstance(event, (RoomJoined, SessionEnded)):
            self._pages.close_password_page()
        self.conversation.apply(event)
        if isinstance(event, RoomJoined):
            self._on_joined(event)
        elif (
            isinstance(event, SessionEnded)
            and isinstance(event.error, FingerprintMismatch)
            and event.error.room_id
        ):
            self._pages.show_trust_warning(event.error, on_accepted=self._retry_join, on_leave=self._on_leave)

    def _on_joined(self, joined: RoomJoined) -> None:
        self._last_joined = joined
        self._memory.joined(joined.room.id, resumed=joined.resumed)
        if self._target.typed:
            self._context.settings.remember_address(self._target.typed)
        if not (joined.resumed or self.conversation.hosting.is_open):
            self._show_trust_texts(joined)
        if self._guests_wanted:
            self._guests_wanted = False
            self.show_guests()

    def _show_trust_texts(self, joined: RoomJoined) -> None:
        """Show the words to compare on a first visit, and warn of a namesake of a known room.

        Words are computed in a thread: they take a moment.
        """
        if joined.namesake is None and not joined.first_visit and not joined.same_name:
            return
        texts: list[tuple[tuple[str, str] | None, str, str]] = []

        def done(_error: MessangoError | None) -> None:
            if not texts or joined is not self._last_joined or self.conversation.ended:
                return
            first_visit, warning, same_name = texts[0]
            for text in filter(None, (" ".join(first_visit or ()), same_name)):
                self.conversation.show_first_visit(text)
            if warning:
                self.conversation.show_warning(warning)

        self._context.tasks.submit(
            lambda: texts.append(
                (first_visit_notice(joined), namesake_warning(joined), same_name_notice(joined))
            ),
            done,
        )

    def show_details(self) -> None:
        """Show the room's security words and its invite link."""
        if self._last_joined is not None and not self.conversation.ended:
            self._pages.show_details(
                self._last_joined, self._target, self._hosted, on_guests=self.show_guests
            )

    def show_guests(self) -> None:
        """Show how guests get from their browsers into the room that we host."""
        hosted, joined = self._hosted, self._last_joined
        if hosted is not None and joined is not None:
            self._pages.find_details(
                joined, self._target, is_hosted=True, then=lambda details: self._guests.show(hosted, details)
            )

    def _retry_join(self) -> None:
        self._start_new_session(self._target)

    def _join_successor(self) -> None:
        ending = self.conversation.session_end
        if ending is not None and ending.successor is not None:
            self._start_new_session(room_target(ending.successor))

    def _start_new_session(self, target: JoinTarget) -> None:
        """Join from a conversation that has ended; its messages and the draft stay."""
        try:
            # The name that the person chose last, perhaps by /name in the session that has ended.
            client = self._context.services.join(target, self._client.name)
        except MessangoError as error:
            self.conversation.show_error(error)
            return
        self._context.pump.unsubscribe(self._client.events)
        self.conversation.start_new_session()
        self._start_client(target, client)
        self.view.set_client(client)

    def _rehost(self) -> None:
        """Start opening the room on this computer, with the messages received so far."""
        conversation = self.conversation
        room = conversation.room
        if room is None or conversation.hosting.is_opening or conversation.hosting.is_open:
            return
        host = self._context.services.rehost(
            room, conversation.message_store.messages(), self._client.password
        )
        conversation.hosting.start_opening()
        self._context.host_registry.start(host, self._on_host_event)

    def _on_host_event(self, event: HostEvent) -> None:
        if isinstance(event, RoomOpened):
            self.set_hosted(event)
            self._start_new_session(dataclasses.replace(event.target, password=self._client.password))
        elif isinstance(event, ClosedByCommand):
            self.end_hosting()
        else:
            self.conversation.hosting.mark_failed()
            self.conversation.show_error(event.error)

    def _on_server_event(self, event: RoomEvent) -> None:
        self.conversation.handle_host_event(event)
        if isinstance(event, AddressesChanged) and event.addresses:
            # The details and the invite link in them are those of now, also while they are shown.
            self._target = dataclasses.replace(
                self._target, addresses=tuple(map(parse_address, event.addresses))
            )
            self._invite, self._invite_requested = None, False
            if self._guests.is_shown:
                self.show_guests()
            if self._pages.close_details():
                self.show_details()
        elif isinstance(event, HostActed) and self._hosted is not None:
            self._pages.show_locked(locked=self._hosted.is_locked())

    def set_hosted(self, opened: RoomOpened) -> None:
        """Use the room that this window has opened."""
        self._hosted = opened
        run_command = opened.run_command
        self.view.remove_member = (
            (lambda row: run_command(Kick(row.name, member=row.id))) if run_command else None
        )
        self.view.invite.on_guests = self.show_guests
        self._guests_wanted = opened.guest_key() is not None
        self.conversation.hosting.mark_open()
        self._context.host_registry.subscribe(opened.server_events, self._on_server_event)

    def end_hosting(self) -> None:
        """A command outside this window closes the room that it hosts."""
        self._hosted = self.view.remove_member = None
        self._guests.close()
        self.conversation.hosting.mark_closed()
