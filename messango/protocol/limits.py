"""The limits of the protocol, the same for both ends, and the reasons for them."""

from __future__ import annotations

from typing import Final

PROTOCOL_VERSION: Final = 1

#: Includes the newline. Enough for 8,000 characters of any script (32,000 bytes of UTF-8) plus JSON's
#: escapes, and the most that a peer can make us buffer.
MAX_FRAME_BYTES: Final = 65_536

#: Fits beside a message in a narrow window, and into a TXT record at four bytes per character.
MAX_NAME_CHARACTERS: Final = 32

#: A name has at most this many before it is cleaned: decomposed letters and what is dropped count here. A
#: longer one is refused unread, as comparing it would cost the room time and memory.
MAX_RAW_NAME_CHARACTERS: Final = 128

#: About four printed pages: enough for a pasted traceback, but not for a pasted book.
MAX_TEXT_CHARACTERS: Final = 8_000

#: A reaction: the longest families with skin tones take 41 bytes, and later ones may take more.
MAX_EMOJI_BYTES: Final = 64

#: Different reactions to one message, and how many names each lists: more fit into no window.
MAX_REACTIONS: Final = 20
MAX_REACTION_NAMES: Final = 10

#: What an answer shows of the message that it answers: a line.
MAX_QUOTE_CHARACTERS: Final = 120

#: Messages in one answer to `earlier` or `search`; and the characters of a search.
MAX_ANSWER_MESSAGES: Final = 200
MAX_SEARCH_CHARACTERS: Final = 256

#: How often a member may search and read older messages, per second and at once: each takes a few
#: milliseconds of the host's computer. Nobody scrolls faster.
SEARCH_RATE: Final = 2
SEARCH_BURST: Final = 2
EARLIER_RATE: Final = 10
EARLIER_BURST: Final = 20

#: More features than any version has: what a room offers besides messages.
MAX_FEATURES: Final = 64

#: Ids of messages and rooms; a UUID with dashes has 36.
MAX_ID_CHARACTERS: Final = 64

#: Session secrets: 32 random bytes in base64 are 44 characters. Also limits the room's name in frames.
MAX_TOKEN_CHARACTERS: Final = 128

#: Reasons and hints for people; the longest contain names of a room and members, and a time.
MAX_SENTENCE_CHARACTERS: Final = 1_000

#: A SPAKE2 message (33 bytes) or a SHA-256 confirmation in base64, with room for a larger group.
MAX_PROOF_CHARACTERS: Final = 256

#: Enough for a long passphrase, but not for a file that was given by mistake.
MAX_PASSWORD_CHARACTERS: Final = 256

#: The messages that a new member gets: a few screens.
MAX_BACKLOG_MESSAGES: Final = 200

#: As in the original program; five people can talk without a moderator.
DEFAULT_SEATS: Final = 5
MAX_SEATS: Final = 10_000

#: From the connection to the end of joining, including the TLS handshake.
JOIN_DEADLINE_S: Final = 10.0

#: A client waits this long to be admitted. A server refuses it earlier, at `JOIN_DEADLINE_S`.
JOIN_ANSWER_TIMEOUT_S: Final = 15.0

#: A client that has received nothing for this long sends `ping`.
PING_AFTER_S: Final = 5.0

#: It waits this long for the `pong`, so it notices a dead connection within ten seconds.
PONG_TIMEOUT_S: Final = 4.5

#: The server treats a connection as dead after this time without a byte: two pings and some spare time.
#: An unplugged cable causes no error.
DEAD_AFTER_S: Final = 12.0

#: A member whose connection broke keeps their seat this long: an elevator ride, a new access point, or a
#: laptop that was closed for a moment.
RECONNECT_GRACE_S: Final = 30.0

#: `typing` is sent at most this often; user interfaces show it a little longer.
TYPING_INTERVAL_S: Final = 2.0

#: Joining takes three frames.
MAX_FRAMES_BEFORE_JOIN: Final = 16

#: Messages per second of one member, and how many they may send at once.
DEFAULT_RATE_LIMIT: Final = 20
MESSAGE_BURST: Final = 50

#: Answers per second to one client, for pings and for frames that are not valid. An honest client needs far
#: fewer, and a flood of requests costs the room little.
REPLY_RATE: Final = 50
REPLY_BURST: Final = 200

#: In a busy room a client always receives something, so it never sends `ping`. The server therefore sends
#: `ping` to a member from whom it has received nothing for this long.
PING_MEMBER_AFTER_S: Final = 7.0

#: The original client sends messages without terminators. Bytes that arrive within this time belong to the
#: same message: its pieces arrive within a round trip, and nobody types a line that fast.
MESSAGE_GAP_S: Final = 0.05

#: How often a member may be asked to try addresses of the room (`reach`): each try is a connection.
REACH_EVERY_S: Final = 60.0

#: How many addresses a member tries at most: a room has one on each network, and one or two are shared.
MAX_REACH_ATTEMPTS: Final = 4

#: More addresses than any host offers; a member looks for those on its own networks among them.
MAX_REACH_ADDRESSES: Final = 64

#: The servers of a linked room, and the addresses of each: more than any hall has.
MAX_SERVERS: Final = 32
MAX_SERVER_ADDRESSES: Final = 8

#: An IPv6 address (45 characters), brackets and a port, with room for a scope.
MAX_ADDRESS_CHARACTERS: Final = 128

#: A member tries for this long, and a server waits longer for the answer. Of the packets of a connection,
#: several may be lost before it fails wrongly: the system repeats the first after 1 s and after 3 s.
REACH_TIMEOUT_S: Final = 4.0
REACH_ANSWER_TIMEOUT_S: Final = 6.0

#: The name of a file: what common file systems take.
MAX_FILE_NAME_BYTES: Final = 255

#: The largest file that any frame can name: JSON numbers are exact up to this one.
MAX_FILE_BYTES: Final = 2**53

#: The largest file of a room, unless the host chooses another limit: a minute of video.
DEFAULT_FILE_BYTES: Final = 200_000_000

#: Width and height of a picture that a frame can name. Larger ones are files like any other.
MAX_PICTURE_SIDE: Final = 1_000_000

#: The first line of a file connection, and each answer to it: a name, a session and a digest.
MAX_TRANSFER_FRAME_BYTES: Final = 4_096

#: How many files of one member may be on their way at once.
MAX_TRANSFERS: Final = 2

#: A transfer that has not moved by one byte for this long has broken; the client tries again.
TRANSFER_STALL_S: Final = 30.0

#: How long a partial file, or one that nobody has shared, is kept: over a lunch break.
PART_KEPT_S: Final = 3_600.0

#: How long a shared file is kept, unless the host chooses another time: until the next week.
FILES_KEPT_S: Final = 7 * 86_400.0

#: The largest number of seats that a host can choose.
MAX_MEMBERS: Final = 10_000

#: The largest integer of SQLite and of most languages.
MAX_SEQ: Final = 2**63 - 1

#: In `join`, as the last number that a newcomer has: no history follows. No entry ever has it.
NO_HISTORY: Final = MAX_SEQ

#: Frames other than messages (joins, leaves, typing) that a client accepts from a server. The burst allows a
#: full room of `MAX_MEMBERS` to join twice, and the rate allows a thousand people to type.
NOTICE_RATE: Final = 2_000
NOTICE_BURST: Final = 2 * MAX_MEMBERS
