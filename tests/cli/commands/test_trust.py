"""`messango trust`: list, forget, accept, and completion of room names."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from messango.cli.commands.trust import trust_warning
from messango.cli.main import main
from messango.client.trust.known_room import KnownRoom
from messango.client.trust.known_rooms import FILE_NAME, KnownRooms
from messango.discovery.model.events import FoundRoom
from messango.protocol.room_id import is_room_id
from messango.transport.addresses import Address, Invite
from messango.transport.identity.fingerprint_words import group_digits, words_of
from tests.discovery.factories import some_room
from tests.support.raw_server import ROOM_INFO
from tests.support.terminal import run_in_terminal

KNOWN, REFUSED, OTHER = "ab" * 32, "cd" * 32, "ef" * 32
HERE = Address("192.0.2.1", 8001)


def trust(*arguments: str) -> Result:
    """Run the command without a terminal."""
    return CliRunner().invoke(main, ["trust", *arguments])


@pytest.fixture
def rooms() -> KnownRooms:
    """Return two known rooms; a refused fingerprint is stored for Tea."""
    rooms = KnownRooms.load()
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="1f" * 16, name="Tea"), KNOWN, HERE)
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="2f" * 16, name="Table 4"), OTHER, HERE)
    rooms.record_refused("1f" * 16, REFUSED)
    return rooms


def found(room_id: str, name: str, fingerprint: str) -> FoundRoom:
    """Return a room of the list."""
    return dataclasses.replace(some_room(name), id=room_id, fingerprint=fingerprint)


def tea(rooms: KnownRooms) -> KnownRoom:
    """Return what is stored of the room Tea."""
    known = rooms.by_id("1f" * 16)
    assert known is not None
    return known


@pytest.mark.parametrize("arguments", [(), ("list",)])
def test_the_list_shows_words_and_digits(rooms: KnownRooms, arguments: tuple[str, ...]) -> None:
    """The last visited room first; a refused fingerprint stands below its room."""
    result = trust(*arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    found = [result.stdout.index(text) for text in ("Table 4", words_of(OTHER), group_digits(OTHER), "Tea")]
    assert found == sorted(found)
    for fingerprint in (KNOWN, REFUSED):
        assert words_of(fingerprint) in result.stdout
        assert group_digits(fingerprint) in result.stdout
    assert str(HERE) in result.stdout
    assert len(rooms.all()) == 2


@pytest.mark.parametrize("arguments", [("--json",), ("list", "--json")])
@pytest.mark.usefixtures("rooms")
def test_a_program_reads_the_list(arguments: tuple[str, ...]) -> None:
    """One array with every field."""
    table, tea_room = json.loads(trust(*arguments).stdout)
    assert (table["id"], table["name"], table["refused"]) == ("2f" * 16, "Table 4", None)
    assert (tea_room["fingerprint"], tea_room["words"]) == (KNOWN, words_of(KNOWN))
    assert tea_room["refused"] == {"fingerprint": REFUSED, "words": words_of(REFUSED)}
    assert tea_room["addresses"] == [str(HERE)]


def test_no_known_rooms() -> None:
    """Not a failure; a program gets an empty list."""
    result = trust()
    assert (result.exit_code, result.stdout) == (0, "")
    assert "no rooms yet" in result.stderr
    assert json.loads(trust("--json").stdout) == []


def test_control_characters_in_names_are_escaped(rooms: KnownRooms) -> None:
    """A stranger may give a room any name."""
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="3f" * 16, name="\x1b[2Jroot\u202e"), OTHER, HERE)
    for arguments in ((), ("--json",), ("forget", "--yes", "3f" * 16)):
        output = trust(*arguments).output
        assert "root" in output
        assert not {"\x1b", "\u202e"} & set(output)


FORGED_LINES = f"Tea  (id 1f)\n    {words_of(REFUSED)}\n    {group_digits(REFUSED)}"


@pytest.mark.parametrize("field", ["id", "name"])
def test_no_room_shows_the_words_of_another(rooms: KnownRooms, field: str) -> None:
    """A server of an earlier version may have been stored with line breaks in its id or its name."""
    path = Path(os.environ["MESSANGO_HOME"]) / FILE_NAME
    rooms.accept("1f" * 16, KNOWN)
    stored = json.loads(path.read_bytes())
    stored[0][field] = FORGED_LINES
    path.write_text(json.dumps(stored))
    assert f"\n    {words_of(REFUSED)}\n" not in trust().stdout
    assert len(trust().stdout.splitlines()) == 6
    for shell in ("bash", "zsh", "fish"):
        assert words_of(REFUSED) not in complete("trust forget T", shell)
    for known in KnownRooms.load().all():
        assert is_room_id(known.id)


def test_an_edited_file_does_no_harm(rooms: KnownRooms) -> None:
    """An impossible date, no address, odd digits: everything else is still shown."""
    path = Path(os.environ["MESSANGO_HOME"]) / FILE_NAME
    stored = json.loads(path.read_bytes())
    stored[0] |= {"last_visit": 1e300, "addresses": [], "fingerprint": "ß", "refused": "\x1b"}
    path.write_text(json.dumps(stored))
    result = trust()
    assert result.exit_code == 0
    assert "last visit unknown" in result.stdout
    result = trust("accept", "2f" * 16, "--yes")
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert len(rooms.all()) == 2


@pytest.mark.parametrize("arguments", [(), ("forget", "Tea"), ("accept", "Tea", "--yes")])
def test_a_damaged_file_is_reported(arguments: tuple[str, ...]) -> None:
    """The error names the file, which is left as it is."""
    path = Path(os.environ["MESSANGO_HOME"]) / FILE_NAME
    path.write_bytes(b"[{")
    result = trust(*arguments)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(path) in result.stderr
    assert path.read_bytes() == b"[{"


@pytest.mark.parametrize("room", ["Tea", "tea", "1f" * 16])
def test_a_room_is_forgotten_by_name_or_id(rooms: KnownRooms, room: str) -> None:
    """A name in any case will do."""
    assert trust("forget", room, "--yes").exit_code == 0
    assert [known.id for known in rooms.all()] == ["2f" * 16]


@pytest.mark.parametrize(
    "given",
    [
        (),
        tuple(words_of(REFUSED).split()),
        (words_of(REFUSED).upper(),),
        tuple(word[:4] for word in words_of(REFUSED).split()),
        (", ".join(words_of(REFUSED).split()),),
        (REFUSED,),
        tuple(group_digits(REFUSED).split()),
        (str(Invite(HERE, REFUSED)),),
    ],
    ids=["last refused", "words", "capitals", "beginnings", "commas", "digits", "groups", "link"],
)
def test_a_new_fingerprint_is_accepted(rooms: KnownRooms, given: tuple[str, ...]) -> None:
    """In any form that a host can give it, after both fingerprints were shown."""
    result = trust("accept", "Tea", *given, "--yes")
    assert (result.exit_code, result.stdout) == (0, "")
    for fingerprint in (KNOWN, REFUSED):
        assert words_of(fingerprint) in result.stderr
        assert group_digits(fingerprint) in result.stderr
    assert (tea(rooms).fingerprint, tea(rooms).refused) == (REFUSED, "")


def test_digits_and_links_need_no_refused_visit(rooms: KnownRooms) -> None:
    """A host can announce a new fingerprint before anybody meets it."""
    assert trust("accept", "Table 4", KNOWN, "--yes").exit_code == 0
    known = rooms.by_id("2f" * 16)
    assert known is not None
    assert known.fingerprint == KNOWN


def test_the_known_fingerprint_is_not_accepted_again(rooms: KnownRooms) -> None:
    """The answer says that it is already known."""
    for given in (KNOWN, words_of(KNOWN)):
        result = trust("accept", "Tea", given)
        assert result.exit_code == 0
        assert "already know" in result.stderr
    assert tea(rooms).fingerprint == KNOWN


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (("forget", "Nowhere", "--yes"), 3, "no room with the name or id “Nowhere”"),
        (("accept", "Nowhere"), 3, "`messango trust` lists"),
        (("accept", "Table 4"), 3, "the four words"),
        (("accept", "Table 4", "one", "two", "three", "four"), 3, "the four words"),
        (("accept", "Tea", "one", "two", "three", "four"), 4, words_of(REFUSED)),
        (("accept", "Tea", "one", "two", "three"), 2, "64 hexadecimal digits"),
        (("accept", "Tea", "abcd"), 2, "64 hexadecimal digits"),
        (("accept", "Tea", "messango://192.0.2.1/"), 2, "contains no fingerprint"),
        (("accept", "Tea", "messango://["), 2, "not a valid invite link"),
        (("accept", "Tea"), 2, "--yes"),
        (("forget", "Tea"), 2, "--yes"),
    ],
)
def test_mistakes(rooms: KnownRooms, arguments: tuple[str, ...], status: int, sentence: str) -> None:
    """Each mistake has its exit status and a sentence; nothing is changed."""
    result = trust(*arguments)
    assert result.exit_code == status
    assert sentence in result.stderr
    assert result.stdout == ""
    assert (tea(rooms).fingerprint, tea(rooms).refused) == (KNOWN, REFUSED)


@pytest.mark.parametrize("arguments", [("accept", "Tea"), ("forget", "Tea")])
def test_a_full_disk(rooms: KnownRooms, arguments: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says so, and the known rooms are as before."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("messango.client.trust.known_rooms.write_private", full)
    result = trust(*arguments, "--yes")
    assert result.exit_code == 1
    assert "No space left on device" in result.stderr
    assert (tea(rooms).fingerprint, tea(rooms).refused) == (KNOWN, REFUSED)


def test_namesakes_are_chosen_by_id(rooms: KnownRooms) -> None:
    """The error lists both ids, and each of them works."""
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="3f" * 16, name="TEA"), OTHER, HERE)
    result = trust("forget", "tea", "--yes")
    assert result.exit_code == 2
    assert f"{'3f' * 16}, {'1f' * 16}" in result.stderr
    assert trust("forget", "3f" * 16, "--yes").exit_code == 0
    assert trust("forget", "tea", "--yes").exit_code == 0


def test_accept_chooses_the_namesake_that_was_refused(rooms: KnownRooms) -> None:
    """Only one of the two rooms has a fingerprint to accept."""
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="3f" * 16, name="TEA"), OTHER, HERE)
    assert trust("accept", "tea", "--yes").exit_code == 0
    assert tea(rooms).fingerprint == REFUSED


@pytest.mark.parametrize(
    ("shown", "warning"),
    [
        (("1f" * 16, "Tea", KNOWN), ""),
        (("1f" * 16, "Tea", OTHER), "its fingerprint has changed"),
        (("9f" * 16, "tea", OTHER), "a different room with a name you know"),
        (("9f" * 16, "New", OTHER), ""),
    ],
)
@pytest.mark.usefixtures("rooms")
def test_trust_warnings(shown: tuple[str, str, str], warning: str) -> None:
    """Changed fingerprints and namesakes of known rooms have one, other rooms do not."""
    assert trust_warning(found(*shown)) == warning


def test_no_trust_warning_with_a_damaged_file() -> None:
    """`messango discover` still lists the rooms."""
    (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).write_bytes(b"[{")
    assert trust_warning(found("1f" * 16, "Tea", OTHER)) == ""


def test_nothing_happens_without_a_yes(rooms: KnownRooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """At a terminal, the default answer is no."""
    monkeypatch.setattr("messango.cli.commands.trust._is_interactive", lambda: True)
    for answer in ("\n", "n\n", ""):
        for arguments in (["accept", "Tea"], ["forget", "Tea"]):
            assert CliRunner().invoke(main, ["trust", *arguments], input=answer).exit_code == 1
    assert tea(rooms).fingerprint == KNOWN
    assert CliRunner().invoke(main, ["trust", "accept", "Tea"], input="y\n").exit_code == 0
    assert tea(rooms).fingerprint == REFUSED


def test_both_fingerprints_are_shown_before_the_question(rooms: KnownRooms) -> None:
    """At a real terminal."""
    with run_in_terminal("trust", "accept", "Tea") as person:
        person.wait_for("[y/N]")
        assert words_of(KNOWN) in person.screen_text
        assert words_of(REFUSED) in person.screen_text
        person.send_keys("\r")
        assert person.read_to_exit() == 1
    assert tea(rooms).fingerprint == KNOWN
    with run_in_terminal("trust", "accept", "Tea") as person:
        person.wait_for("[y/N]")
        person.send_keys("y\r")
        person.wait_for("Accepted.")
        assert person.read_to_exit() == 0
    assert tea(rooms).fingerprint == REFUSED


def complete(line: str, shell: str = "zsh") -> str:
    """Return the completions of a line, in the form that the shell expects."""
    words = f"messango {line}"
    variables = {
        "_MESSANGO_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return CliRunner().invoke(main, env=variables, prog_name="messango").stdout.rstrip("\n")


@pytest.mark.parametrize("command", ["trust forget", "trust accept", "chat", "gui"])
@pytest.mark.usefixtures("rooms")
def test_tab_completes_the_names_of_known_rooms(command: str) -> None:
    """Each name is one word; case does not matter."""
    assert "plain\nTable 4\n2f" in complete(f"{command} ta")
    assert complete(f"{command} ta", "bash") == "plain,Table\\ 4"
    assert complete(f"{command} x") == ""


def test_tab_does_not_complete_names_that_a_shell_would_run(rooms: KnownRooms) -> None:
    """A stranger chose the name."""
    rooms.remember(msgspec.structs.replace(ROOM_INFO, id="3f" * 16, name="Ta$(id)"), OTHER, HERE)
    assert "id" not in complete("trust forget Ta", "bash")


def test_tab_with_a_damaged_file() -> None:
    """No completion, and no traceback in the middle of the line."""
    (Path(os.environ["MESSANGO_HOME"]) / FILE_NAME).write_bytes(b"[{")
    assert complete("trust forget ta") == ""
