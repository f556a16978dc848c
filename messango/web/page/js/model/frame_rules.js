/** What a room may send: of which kind each field of a frame is, and how long. Pure. */

const RULE_FLAG = (value) => typeof value === 'boolean';
const RULE_TIME = (value) => typeof value === 'number';
/** Exact in JavaScript; rooms count from 1, or from the microseconds since 1970. */
const RULE_COUNT = (value) => Number.isSafeInteger(value) && value >= 0;
/** A character outside the first plane has a length of two. */
const textUpTo = (most) => (value) => typeof value === 'string' && value.length <= 2 * most;
const listUpTo = (rule, most) => (value) => Array.isArray(value) && value.length <= most && value.every(rule);
const maybe = (rule) => (value) => value === undefined || value === null || rule(value);
const fieldsOf = (rules) => (value) => isPlainObject(value) && Object.keys(rules).every((name) => rules[name](value[name]));

const RULE_ID = textUpTo(64);
const RULE_NAME = textUpTo(128);
const RULE_TEXT = textUpTo(8_000);
const RULE_SENTENCE = textUpTo(1_000);
const MAYBE_COUNT = maybe(RULE_COUNT);
const MAYBE_FLAG = maybe(RULE_FLAG);
const MAYBE_NAME = maybe(RULE_NAME);

const RULE_FILE = { id: RULE_ID, name: textUpTo(255), size: RULE_COUNT, width: MAYBE_COUNT, height: MAYBE_COUNT };
const RULE_PERSON = { name: RULE_NAME, host: MAYBE_FLAG, web: MAYBE_FLAG, encrypted: MAYBE_FLAG, resembles: MAYBE_NAME, server: MAYBE_NAME };
const RULE_MEMBER = { ...RULE_PERSON, member: RULE_ID };
const RULE_ROOM = {
  id: RULE_ID, name: RULE_NAME, members: RULE_COUNT, seats: RULE_COUNT, locked: RULE_FLAG,
  features: maybe(listUpTo(RULE_ID, 64)), largest_file: MAYBE_COUNT,
};
const RULE_QUOTE = { seq: RULE_COUNT, name: MAYBE_NAME, text: maybe(textUpTo(120)) };
const RULE_REACTION = { emoji: RULE_ID, count: RULE_COUNT, mine: RULE_FLAG, names: maybe(listUpTo(RULE_NAME, 10)) };
const RULE_ENTRY = { seq: RULE_COUNT, id: RULE_ID, member: RULE_ID, name: RULE_NAME, time: RULE_TIME };
const RULE_MESSAGE = {
  ...RULE_ENTRY, text: RULE_TEXT, reply: maybe(fieldsOf(RULE_QUOTE)), edited: MAYBE_FLAG, deleted: MAYBE_FLAG,
  reactions: maybe(listUpTo(fieldsOf(RULE_REACTION), 20)), file: maybe(fieldsOf(RULE_FILE)),
};
const RULE_CHANGE = { ...RULE_ENTRY, target: RULE_COUNT };
const RULE_ANSWER = { id: RULE_ID, messages: listUpTo(isMessageFrame, 200), more: RULE_FLAG, latest: RULE_COUNT };
const RULE_END = { code: RULE_ID, reason: RULE_SENTENCE, hint: RULE_SENTENCE };

/** Fields that are not here are not read. */
const FRAME_RULES = new Map(Object.entries({
  room: RULE_ROOM,
  welcome: {
    room: fieldsOf(RULE_ROOM), you: RULE_NAME, member: RULE_ID, session: RULE_NAME, latest: RULE_COUNT, oldest: RULE_COUNT,
    people: maybe(listUpTo(fieldsOf({ ...RULE_PERSON, id: RULE_ID }), 10_000)),
    servers: maybe(listUpTo(fieldsOf({ id: RULE_ID, name: RULE_NAME }), 64)),
  },
  refused: RULE_END,
  closed: RULE_END,
  problem: { ...RULE_END, id: maybe(RULE_ID) },
  message: RULE_MESSAGE,
  told: { ...RULE_MESSAGE, to: RULE_ID, to_name: RULE_NAME, away: MAYBE_FLAG },
  reacted: { ...RULE_CHANGE, emoji: RULE_ID, on: RULE_FLAG },
  edited: { ...RULE_CHANGE, text: RULE_TEXT },
  deleted: RULE_CHANGE,
  earlier: RULE_ANSWER,
  found: RULE_ANSWER,
  joined: RULE_MEMBER,
  renamed: { ...RULE_MEMBER, old: RULE_NAME },
  left: { name: RULE_NAME, reason: RULE_SENTENCE, member: RULE_ID, note: maybe(RULE_SENTENCE) },
  typing: { name: RULE_NAME, member: RULE_ID, private: MAYBE_FLAG },
}).map(([type, rules]) => [type, fieldsOf(rules)]));

/** Those that take a number in the room's order. */
const NUMBERED_FRAMES = new Set(['message', 'told', 'reacted', 'edited', 'deleted']);

/**
 * @param {*} frame
 * @returns {boolean} whether a room may send it; frames of other kinds are those of later versions
 */
export function isRoomFrame(frame) {
  return isPlainObject(frame) && (FRAME_RULES.get(frame.type)?.(frame) ?? true);
}

/**
 * @param {*} file
 * @returns {boolean} whether it can be the description of a file
 */
export function isFileInfo(file) {
  return fieldsOf(RULE_FILE)(file);
}

/**
 * @param {object} frame
 * @returns {boolean} whether it is no message, and changes none: a room sends few of these
 */
export function isNoticeFrame(frame) {
  return !NUMBERED_FRAMES.has(frame.type);
}

function isMessageFrame(frame) {
  return (frame?.type === 'message' || frame?.type === 'told') && isRoomFrame(frame);
}

function isPlainObject(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
