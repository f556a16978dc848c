"""What a member can type in a room: messages and commands, the same in the window and the terminal. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from messango.client.typed.addressing import split_name, split_target
from messango.client.typed.file_commands import parse_cancel, parse_get, parse_send
from messango.client.typed.requests import (
    CancelTransfer,
    ChangeName,
    DeleteMessage,
    EditText,
    GetFiles,
    IgnoreMember,
    Quit,
    React,
    Reply,
    SearchMessages,
    SendFiles,
    SendPrivate,
    SendText,
    ShowEarlier,
    ShowFiles,
    ShowInvite,
    ShowMembers,
    ShowMentions,
    ShowRoom,
    UnignoreMember,
)
from messango.errors import BadName
from messango.protocol.text.command_table import (
    CommandSpec,
    CommandTable,
    InvalidInput,
    ShowHelp,
    missing_argument,
)
from messango.protocol.text.emoji import clean_emoji
from messango.protocol.text.escaping import excerpt
from messango.protocol.text.validation import (
    clean_name,
    clean_text,
    text_error,
)
from messango.protocol.text.visibility import DEFAULT_IGNORABLE_BUT_TAGS

__all__ = [
    "CancelTransfer",
    "ChangeName",
    "DeleteMessage",
    "EditText",
    "GetFiles",
    "IgnoreMember",
    "InvalidInput",
    "Quit",
    "React",
    "Reply",
    "SearchMessages",
    "SendFiles",
    "SendPrivate",
    "SendText",
    "ShowEarlier",
    "ShowFiles",
    "ShowHelp",
    "ShowInvite",
    "ShowMembers",
    "ShowMentions",
    "ShowRoom",
    "UnignoreMember",
    "UserCommand",
    "action_of",
    "help_rows",
    "is_message",
    "parse_input",
    "typing_to",
]

UserCommand: TypeAlias = (
    SendText
    | SendPrivate
    | Reply
    | React
    | EditText
    | DeleteMessage
    | IgnoreMember
    | UnignoreMember
    | ShowEarlier
    | SearchMessages
    | SendFiles
    | ShowFiles
    | GetFiles
    | CancelTransfer
    | ShowMentions
    | ShowHelp
    | ShowMembers
    | ShowRoom
    | ShowInvite
    | ChangeName
    | Quit
    | InvalidInput
)

#: The names of the members that a command may mean.
_Names: TypeAlias = Sequence[str]
_Parse: TypeAlias = Callable[[str, _Names], UserCommand]
_Spec: TypeAlias = CommandSpec[_Parse]

#: The beginning of a text that says what its sender does.
ACTION_PREFIX: Final = "/me "


def _always(command: UserCommand) -> _Parse:
    return lambda _argument, _names: command


def _nameless(parse: Callable[[str], UserCommand]) -> _Parse:
    """Return a parser of arguments in which no member is named."""
    return lambda argument, _names: parse(argument)


def _parse_name(argument: str, _names: _Names) -> UserCommand:
    try:
        return ChangeName(clean_name(argument))
    except BadName as error:
        return InvalidInput(f"{error} {error.hint}")


def _parse_action(argument: str, _names: _Names) -> UserCommand:
    return _send_text(f"{ACTION_PREFIX}{argument}")


def _parse_private(argument: str, names: _Names) -> UserCommand:
    split = split_name(argument, names)
    if split is None:
        return _nobody(argument)
    name, rest = split
    if rest.lower().startswith("/send "):
        return InvalidInput(_FILES_GO_TO_ALL)
    return _with_text(rest, lambda text: SendPrivate(name, text))


def _parse_reply(argument: str, names: _Names) -> UserCommand:
    target, text = split_target(argument, names)
    typed, _, paths = text.partition(" ")
    if typed.lower() == "/send":
        return parse_send(paths.strip(), reply_to=target)
    return _with_text(text, lambda text: Reply(target, text))


def _parse_edit(argument: str, _names: _Names) -> UserCommand:
    target, text = split_target(argument, ())
    return _with_text(text, lambda text: EditText(target, text))


def _parse_react(argument: str, names: _Names) -> UserCommand:
    """Return the reaction; the message may be named before the emoji or after it."""
    first, *_ = argument.split(maxsplit=1)
    *_, last = argument.rsplit(maxsplit=1)
    if emoji := _emoji_of(first):
        rest = argument[len(first) :].strip()
    elif emoji := _emoji_of(last):
        rest = argument[: -len(last)].strip()
    else:
        return InvalidInput(f"“{excerpt(last)}” is not an emoji. Type one, as in /react 👍 or /react :heart:")
    target, rest = split_target(rest, names)
    return _nobody(rest) if rest else React(target, emoji)


def _emoji_of(word: str) -> str | None:
    """Return the emoji that a word is, or that it names between colons."""
    if not word.startswith(":"):
        return clean_emoji(word)
    from messango.client.emoji.short_names import finish_short_name

    named = finish_short_name(word)
    return clean_emoji(named.text) if named else None


def _parse_delete(argument: str, names: _Names) -> UserCommand:
    target, rest = split_target(argument, names)
    return _nobody(rest) if rest else DeleteMessage(target)


def _parse_ignore(argument: str, names: _Names) -> UserCommand:
    if not argument:
        return IgnoreMember("")
    split = split_name(argument, names)
    return IgnoreMember(split[0]) if split and not split[1] else _nobody(argument)


def _parse_unignore(argument: str, names: _Names) -> UserCommand:
    split = split_name(argument, names)
    # Somebody who is ignored may be gone for long.
    return UnignoreMember(split[0] if split and not split[1] else argument.strip('“”"'))


def _parse_earlier(argument: str, _names: _Names) -> UserCommand:
    if not argument:
        return ShowEarlier()
    target, rest = split_target(argument, ())
    if target.seq is None or rest:
        return InvalidInput("Type /earlier, or with the number of a message: /earlier #12")
    return ShowEarlier(target.seq)


_FILES_GO_TO_ALL: Final = (
    "A file goes to everybody in the room, so nothing was sent. To show it to all of them, type /send PATH."
)


def _nobody(argument: str) -> InvalidInput:
    return InvalidInput(f"Nobody here is called “{excerpt(argument)}”. Type /who to see the names.")


COMMANDS: Final[tuple[_Spec, ...]] = (
    CommandSpec("/help", "", "show the commands", _always(ShowHelp())),
    CommandSpec("/who", "", "show who is in the room", _always(ShowMembers())),
    CommandSpec("/msg", "NAME TEXT", "write to one member only", _parse_private),
    CommandSpec("/reply", "[NAME] TEXT", "answer the last message, or a member's last", _parse_reply),
    CommandSpec("/react", "EMOJI [NAME]", "react to it; the same again takes it back", _parse_react),
    CommandSpec("/edit", "[TEXT]", "change your last message; Tab fetches its text", _parse_edit),
    CommandSpec("/delete", "[NAME]", "delete your last message; the host: also others'", _parse_delete),
    CommandSpec("/earlier", "[#NUMBER]", "show older messages, or those around one", _parse_earlier),
    CommandSpec("/search", "[WORDS]", "search all messages", lambda words, _: SearchMessages(words)),
    CommandSpec("/mentions", "", "show the messages that mention you", _always(ShowMentions())),
    CommandSpec(
        "/send",
        "PATH [-- TEXT]",
        "send a file to everybody, with a line about it",
        _nameless(parse_send),
    ),
    CommandSpec("/files", "", "list the files of the conversation", _always(ShowFiles())),
    CommandSpec(
        "/get",
        "[N] [FOLDER]",
        "save a file: the last one, or by number: 3 or 1,3",
        _nameless(parse_get),
    ),
    CommandSpec("/cancel", "[N]", "stop sending or saving a file", _nameless(parse_cancel)),
    CommandSpec("/ignore", "[NAME]", "hide what a member writes, or list whom you ignore", _parse_ignore),
    CommandSpec("/unignore", "NAME", "show it again", _parse_unignore),
    CommandSpec("/name", "NEW", "change your name", _parse_name),
    CommandSpec("/me", "ACTION", "say what you do: “/me waves” is shown as “* Ann waves”", _parse_action),
    CommandSpec("/room", "", "show the room's words, fingerprint and address", _always(ShowRoom())),
    CommandSpec("/invite", "", "show a link to pass on, with the fingerprint in it", _always(ShowInvite())),
    CommandSpec("/quit", "", "leave the room", _always(Quit())),
)
TABLE: Final = CommandTable(COMMANDS, "/help")

#: What other chat programs call our commands.
_ELSEWHERE: Final = {
    **dict.fromkeys(("/tell", "/w", "/whisper", "/pm", "/dm", "/query", "/private", "/message"), "/msg"),
    **dict.fromkeys(("/r", "/answer", "/quote"), "/reply"),
    **dict.fromkeys(("/nick", "/rename"), "/name"),
    **dict.fromkeys(("/exit", "/part", "/leave", "/bye"), "/quit"),
    **dict.fromkeys(("/block", "/mute", "/squelch"), "/ignore"),
    **dict.fromkeys(("/unblock", "/unmute"), "/unignore"),
    **dict.fromkeys(("/find", "/grep"), "/search"),
    **dict.fromkeys(("/history", "/older", "/backlog"), "/earlier"),
    **dict.fromkeys(("/names", "/users", "/members", "/list"), "/who"),
    **dict.fromkeys(("/share", "/file", "/upload", "/attach"), "/send"),
    **dict.fromkeys(("/download", "/save", "/fetch"), "/get"),
    **dict.fromkeys(("/abort", "/stop"), "/cancel"),
    **dict.fromkeys(("/transfers", "/downloads"), "/files"),
    "/remove": "/delete",
}

#: The last row of the help.
ESCAPE_HELP: Final = ("//TEXT", "send a text that begins with a slash")

#: Only a slash and one word is a command: a path such as /usr/bin is part of a message.
_COMMAND_LINE: Final = re.compile(r"(?P<name>/[^\s/]*)(?:\s+(?P<argument>.*))?", re.DOTALL)
#: What nobody sees, and input methods leave behind: a command begins after it.
_UNSEEN: Final = re.compile(rf"[\s{DEFAULT_IGNORABLE_BUT_TAGS}]+")
#: What input methods for Chinese and Japanese make of the key of the slash.
_WIDE_SLASH: Final = "\uff0f"


def parse_input(text: str, names: Sequence[str] = ()) -> UserCommand | None:
    """Return what a typed text asks for, or None if it is blank; `names` are those that it may mean.

    Blanks before a command do not make it a message: a private word would be said to all.
    """
    text = clean_text(text)
    if not text.strip():
        return None
    if text.startswith(("//", f"/{_WIDE_SLASH}")):
        return _send_text(text[1:])
    line = _command_line(text)
    if line.lower().startswith("/msg/"):
        return InvalidInput("To write to one member, type /msg NAME TEXT. To write it to all, type //msg/…")
    match = _COMMAND_LINE.fullmatch(line)
    if match is None:
        return _send_text(text)
    name, argument = match["name"], (match["argument"] or "").strip()
    spec = TABLE.find(name)
    if spec is None:
        unknown = TABLE.unknown(_ELSEWHERE.get(name.lower(), name), typed=name)
        return InvalidInput(f"{unknown} To send it as a message, type /{name}.")
    if spec.needs_argument and not argument:
        return InvalidInput(missing_argument(spec))
    return spec.parse(argument, names)


def _command_line(text: str) -> str:
    """Return a text as a command would be typed."""
    line = text[unseen.end() :] if (unseen := _UNSEEN.match(text)) else text
    word = f"/{line[1:].split(maxsplit=1)[0]}" if line[1:].strip() else "/"
    if line.startswith(_WIDE_SLASH) and (TABLE.find(word) or word.lower() in _ELSEWHERE):
        line = f"/{line[1:]}"
    return line.strip()


def is_message(text: str) -> bool:
    """Return whether this unfinished text is a message to all, as far as it goes."""
    return isinstance(parse_input(text), SendText)


def typing_to(text: str, names: Sequence[str]) -> str | None:
    """Return for whom this unfinished text is: the name of a member, "" for all, or None for nobody.

    Of an answer only the caller knows: the message may be a private one.
    """
    command = parse_input(text, names)
    if isinstance(command, SendPrivate):
        return command.name
    return "" if isinstance(command, SendText) else None


def action_of(text: str) -> str | None:
    """Return the action of a message `/me ACTION`, or None for any other text."""
    action = text[len(ACTION_PREFIX) :].strip() if text.startswith(ACTION_PREFIX) else ""
    return action or None


def help_rows() -> list[tuple[str, str]]:
    """Return what to type and what it does, row by row."""
    return [*TABLE.help_rows(), ESCAPE_HELP]


def _with_text(text: str, command: Callable[[str], UserCommand]) -> UserCommand:
    """Return a command with a text; the text may be missing, but not too long."""
    error = text_error(text) if text else ""
    return InvalidInput(error) if error else command(text)


def _send_text(text: str) -> UserCommand:
    text = text.rstrip()
    error = text_error(text)
    return InvalidInput(error) if error else SendText(text)
