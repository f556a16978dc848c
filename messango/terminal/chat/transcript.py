"""Renders the conversation: events in, styled lines out. Pure: it touches no terminal."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from functools import singledispatchmethod
from typing import Final, Protocol

from messango.client.events import (
    GAP_NOTICE,
    Disconnected,
    Event,
    FileFailed,
    FileProgress,
    FileSaved,
    LinkChanged,
    MemberJoined,
    MemberLeft,
    MemberRenamed,
    MemberTyping,
    MessageChange,
    MessageFailed,
    PasswordRequired,
    PrivateMessageReceived,
    ReceivedMessage,
    RequestFailed,
    RoomJoined,
)
from messango.client.files.file_list import ListedFile
from messango.client.members.name_texts import own_name_notice, renamed_text
from messango.client.members.presence import Presence
from messango.client.members.presence_summary import PresenceSummary
from messango.client.members.private_texts import away_text
from messango.client.members.servers import by_server, place_text
from messango.client.trust.trust_texts import (
    UNENCRYPTED_ROOM,
    first_visit_notice,
    invite_link,
    moved_notice,
    namesake_warning,
    renamed_notice,
    room_details,
    same_name_notice,
    went_on_notice,
)
from messango.client.typed.commands import help_rows
from messango.errors import PasswordNeeded
from messango.protocol import error_codes
from messango.protocol.look_alike_texts import look_alike_notice, look_alike_notices, resembled
from messango.protocol.text.escaping import safe_line, safe_name, safe_text
from messango.protocol.text.plain_names import plain_name, quoted_name
from messango.protocol.text.wording import counted, ellipsized, join_names
from messango.terminal.chat.chat_state import Line
from messango.terminal.chat.layout import wrap
from messango.terminal.chat.painted import Block
from messango.terminal.conversation.conversation import Conversation
from messango.terminal.conversation.file_texts import failed_text, file_rows, saved_text
from messango.terminal.local_time import local_time

_MAX_QUOTE_CHARACTERS: Final = 60
#: Of more people than this who join and leave without a pause, the first are shown before it.
_MAX_CHANGES: Final = 1_000
#: How many unsent messages are printed at the end; a person who pasted a book still has it.
_MAX_UNSENT_SHOWN: Final = 20
_KEEP_WRITING: Final = "Keep writing; it will be sent when the connection is back."
_NOT_JOINED: Final = "You are not in the room yet."
_KEYS_HELP: Final = (
    ("Tab", "complete commands, names, paths; show whom /reply means"),
    ("Alt-↑ Alt-↓", "choose the message to answer, react to, edit or delete"),
    ("Alt-Enter", "start a new line in the message"),
    ("Ctrl-D", "leave"),
)


class MessageRenderer(Protocol):
    """Renders messages and rules for one kind of front end."""

    def lines(self, message: ReceivedMessage, *, numbered: bool = False) -> list[Line]:
        """Return the lines of a message, or none if it is hidden; `numbered` shows what commands call it."""
        ...

    def change(self, change: MessageChange) -> list[Line]:
        """Return what became of a message."""
        ...

    def moment(self, sent_at: datetime.datetime, before: datetime.datetime | None) -> str:
        """Return what stands above a message about its time, or an empty text; `before` is the last one's."""
        ...

    def rule(self, label: str) -> Line:
        """Return a line that separates what is above from what is below."""
        ...


class Transcript:
    """Turns each event into lines. Used by one thread.

    Joins and leaves are held back until something else happens or `flush` is called: several make one
    line, and a member who joins and leaves at once makes none. The greeting comes below the history.
    """

    def __init__(
        self, columns: Callable[[], int], conversation: Conversation, messages: MessageRenderer
    ) -> None:
        """`messages` renders the messages, everything else is as wide as `columns` says."""
        self._columns = columns
        self._conversation = conversation
        self._messages = messages
        self._last_sent_at: datetime.datetime | None = None
        self._greeting: list[Line] = []
        self._latest = 0
        self._history_shown = False
        self._disconnected = False
        self._changes = PresenceSummary()
        self._new_unencrypted: dict[str, None] = {}
        #: The warnings about members who have joined under a name that looks like another.
        self._look_alikes: dict[str, str] = {}
        self._warned_names: set[str] = set()
        self._you = ""

    @property
    def has_pending(self) -> bool:
        """Whether lines are held back: call `flush` after a quiet moment."""
        return bool(self._greeting or self._changes)

    def handle(self, event: Event) -> list[Block]:
        """Return the lines of `event`, below those that were held back until now."""
        is_deferred = isinstance(event, MemberJoined | MemberLeft | MemberTyping | FileProgress)
        is_history = isinstance(event, ReceivedMessage) and event.history and bool(self._greeting)
        is_full = len(self._changes) >= _MAX_CHANGES
        flushed = [] if (is_deferred and not is_full) or is_history else self.flush()
        if isinstance(event, ReceivedMessage):
            return [Block(flushed), *self._message_blocks(event)]
        return [Block(flushed + self._render(event))]

    def _message_blocks(self, event: ReceivedMessage) -> list[Block]:
        blocks = [Block(self._date_rule(event)), Block(self._messages.lines(event), event.seq)]
        if isinstance(event, PrivateMessageReceived) and event.away:
            blocks.append(Block(self.notice(away_text(event.to_name))))
        if self._greeting:
            self._history_shown = True
            if event.seq >= self._latest:
                blocks.append(Block(self.flush()))
        return blocks

    def message(self, seq: int, *, numbered: bool = False) -> list[Line]:
        """Return the rows of a message in its present form, without a date; none if it is hidden."""
        message = self._conversation.messages.get(seq)
        return [] if message is None else self._messages.lines(message, numbered=numbered)

    def change(self, event: Event) -> list[Line]:
        """Return what became of a message that has left the screen; nothing for other events."""
        return self._messages.change(event) if isinstance(event, MessageChange) else []

    def section(self, title: str, messages: Sequence[ReceivedMessage], end: str) -> list[Block]:
        """Return older messages with their numbers between two rules."""
        blocks = [Block([self._messages.rule(title)])]
        for message in messages:
            blocks.append(Block(self._date_rule(message)))
            blocks.append(Block(self.message(message.seq, numbered=True), message.seq, numbered=True))
        return [*blocks, Block([self._messages.rule(end)])]

    def flush(self) -> list[Line]:
        """Return the lines that were held back: the greeting, joins and leaves."""
        lines: list[Line] = []
        if self._greeting and self._history_shown:
            lines.append(self._messages.rule("now"))
        lines += self._greeting
        for sentence in self._changes.sentences(lasting_only=True):
            lines += self.notice(sentence)
        for warning in self._look_alikes.values():
            lines += self.problem(warning)
        lines += self._plaintext_warning([*self._new_unencrypted])
        self._greeting, self._changes, self._new_unencrypted = [], PresenceSummary(), {}
        self._look_alikes = {}
        return lines

    def members(self, presence: Presence) -> list[Line]:
        """Return the answer to /who: in a linked room, a line for each server."""
        names = sorted(presence.names, key=str.casefold)
        joined = self._conversation.joined
        groups = by_server(names, lambda name: presence.person(name).server)
        own = joined.server if joined else ""
        lines = []
        for server, here in groups:
            labels = [self._member_label(name, presence) for name in here]
            lines += self.notice(f"{place_text(server, own)}: {join_names(labels, len(labels))}.")
        return lines or self.notice(_NOT_JOINED)

    def _member_label(self, name: str, presence: Presence) -> str:
        person = presence.person(name)
        marks = [
            "you" if name == presence.you else "",
            "ignored" if self._conversation.ignored.hides(person.id, name) else "",
            "host" if person.host else "",
            "by browser" if person.web else "",
            "" if person.encrypted or name == presence.you else "not encrypted",
            f"looks like {resembled(person.resembles)}" if person.resembles else "",
        ]
        shown = ", ".join(filter(None, marks))
        return f"{plain_name(name)} ({shown})" if shown else plain_name(name)

    def room(self, joined: RoomJoined | None) -> list[Line]:
        """Return the answer to /room: the same rows as the server prints, to compare them."""
        if joined is None:
            return self.notice(_NOT_JOINED)
        return self._table(room_details(joined))

    def invite(self, joined: RoomJoined | None) -> list[Line]:
        """Return the answer to /invite. The link is one line, however long, so that people can copy it."""
        link = invite_link(joined) if joined else None
        if joined is None:
            return self.notice(_NOT_JOINED)
        if link is None:
            return self.notice("You are on the host's own computer: its server shows the link.")
        return [*self.notice("Send this link to others:"), [("class:notice", safe_line(link))]]

    def files(self, files: Sequence[ListedFile]) -> list[Line]:
        """Return the answer to /files."""
        rows = file_rows(files)
        return self._table(
            [(f"{number:>{max(len(number) for number, _ in rows)}}", text) for number, text in rows]
        )

    def help(self, *, keys: bool = True) -> list[Line]:
        """Return the answer to /help, with the keys of the screen or without."""
        return self._table([*help_rows(), *(_KEYS_HELP if keys else ())])

    def problem(self, sentence: str) -> list[Line]:
        """Return an error."""
        return self._wrapped("class:problem", "! ", sentence)

    def not_sent(self, texts: Sequence[str]) -> list[Line]:
        """Return the unconfirmed messages in full, so that people can copy them."""
        if not texts:
            return []
        were = f"{counted(len(texts), 'message')} {'was' if len(texts) == 1 else 'were'}"
        rows = [row for text in texts[:_MAX_UNSENT_SHOWN] for row in safe_text(text).split("\n")]
        if len(texts) > _MAX_UNSENT_SHOWN:
            rows.append(f"… and {len(texts) - _MAX_UNSENT_SHOWN} more")
        return [
            *self.problem(f"{were} not confirmed:"),
            *([("", f"  {row}")] for row in rows),
        ]

    def notice(self, sentence: str) -> list[Line]:
        """Return a sentence about an event."""
        return self._wrapped("class:notice", "* ", sentence)

    def _table(self, rows: Sequence[tuple[str, str]]) -> list[Line]:
        width = max(len(label) for label, _ in rows)
        return [
            line
            for label, text in rows
            for line in self._wrapped("class:notice", f"  {label:<{width}}  ", text)
        ]

    def _wrapped(self, style: str, mark: str, sentence: str) -> list[Line]:
        rows = wrap(safe_line(sentence), self._columns() - len(mark))
        blank = " " * len(mark)
        return [[(style, (blank if number else mark) + row)] for number, row in enumerate(rows)]

    @singledispatchmethod
    def _render(self, _event: Event) -> list[Line]:
        """Show nothing: the status line shows attempts to connect, the caller the end."""
        return []

    @_render.register
    def _(self, event: PasswordRequired) -> list[Line]:
        if isinstance(event.error, PasswordNeeded):
            return self.notice(f"{event.error} Ask its host for it.")
        return self.problem(str(event.error))

    @_render.register
    def _(self, event: RoomJoined) -> list[Line]:
        was_disconnected, self._disconnected = self._disconnected, False
        self._you = event.you
        if event.resumed or was_disconnected:
            again = self.notice(f"Reconnected as {plain_name(event.you)}")
            again += self._look_alike_lines(event)
            more = (
                went_on_notice(event),
                renamed_notice(event),
                moved_notice(event),
                GAP_NOTICE if event.gap else "",
            )
            return [*again, *(line for text in more if text for line in self.notice(text))]
        self._latest = event.latest
        self._greeting = self._greeting_lines(event)
        return [] if event.latest and event.room.history else self.flush()

    @_render.register
    def _(self, event: MemberJoined) -> list[Line]:
        name = safe_name(event.name)
        self._changes.member_joined(name, safe_line(event.server))
        if not event.encrypted:
            self._new_unencrypted[name] = None
        if event.resembles:
            self._look_alikes[name] = look_alike_notice(event.name, event.resembles, self._you)
            self._warned_names.add(event.name)
        return []

    @_render.register
    def _(self, event: MemberLeft) -> list[Line]:
        name = safe_name(event.name)
        self._changes.member_left(name, safe_line(event.reason), safe_line(event.note))
        self._new_unencrypted.pop(name, None)
        self._look_alikes.pop(name, None)
        self._warned_names.discard(event.name)
        return []

    @_render.register
    def _(self, event: MemberRenamed) -> list[Line]:
        if event.only_moved:
            return []
        if event.you:
            self._you = event.name
        lines = self.notice(renamed_text(event))
        if event.resembles and event.name != event.old:
            lines += self.problem(look_alike_notice(event.name, event.resembles, self._you))
        return lines

    @_render.register
    def _(self, event: MessageFailed) -> list[Line]:
        text = ellipsized(safe_line(event.text), _MAX_QUOTE_CHARACTERS)
        return self.problem(f"Not sent: “{text}”. {event.reason} {event.hint}".rstrip())

    @_render.register
    def _(self, event: RequestFailed) -> list[Line]:
        sentence = f"{event.reason} {event.hint}".rstrip()
        return self.notice(sentence) if event.code == error_codes.KEPT_AGAIN else self.problem(sentence)

    @_render.register
    def _(self, event: LinkChanged) -> list[Line]:
        return self.notice(f"{event.reason} {event.hint}".rstrip())

    @_render.register
    def _(self, event: FileSaved) -> list[Line]:
        return self.notice(saved_text(event))

    @_render.register
    def _(self, event: FileFailed) -> list[Line]:
        sentence = failed_text(event)
        return self.notice(sentence) if event.cancelled else self.problem(sentence)

    @_render.register
    def _(self, event: Disconnected) -> list[Line]:
        # Each failed attempt is an event: only the first makes a line, the status line counts down.
        first, self._disconnected = not self._disconnected, True
        return self.notice(f"{event.error} Reconnecting… {_KEEP_WRITING}") if first else []

    def _date_rule(self, message: ReceivedMessage) -> list[Line]:
        """Return when a message was sent, if that is far enough from the one before."""
        sent_at = local_time(message.time)
        if not sent_at:
            return []
        label = self._messages.moment(sent_at, self._last_sent_at)
        self._last_sent_at = sent_at
        return [self._messages.rule(label)] if label else []

    def _greeting_lines(self, event: RoomJoined) -> list[Line]:
        others = [plain_name(name) for name in event.members if name != event.you]
        others_text = f"with {join_names(others)}" if others else "nobody else is here yet"
        room, you = quoted_name(event.room.name), plain_name(event.you)
        lines = self.notice(f"You are in {room} as {you}, {others_text}. Type /help for commands.")
        notices = (renamed_notice, moved_notice, same_name_notice, own_name_notice)
        for text in filter(None, (notice(event) for notice in notices)):
            lines += self.notice(text)
        lines += self._look_alike_lines(event)
        if not event.encrypted:
            return lines + self.notice(UNENCRYPTED_ROOM)
        lines += self._plaintext_warning([*event.unencrypted])
        if first_visit := first_visit_notice(event):
            sentence, words = first_visit
            lines += self.notice(sentence) + self._wrapped("class:notice", "    ", words)
        warning_text = namesake_warning(event)
        return lines + self.problem(warning_text) if warning_text else lines

    def _look_alike_lines(self, event: RoomJoined) -> list[Line]:
        """Return a warning for each member who only looks like another, unless it was shown before."""
        people = [person for person in event.everybody if person.name not in self._warned_names]
        self._warned_names.update(person.name for person in people if person.resembles)
        return [line for warning in look_alike_notices(people, event.you) for line in self.problem(warning)]

    def _plaintext_warning(self, names: list[str]) -> list[Line]:
        """Return what unencrypted members mean for everybody else; nothing if there are none."""
        if not names:
            return []
        who = f"{join_names([*map(plain_name, names)])} {'is' if len(names) == 1 else 'are'} not encrypted"
        return self.notice(f"{who}: others on the network can now read this conversation.")
