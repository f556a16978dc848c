/** Parts of sentences, in the words of the other front ends. Names and texts come from strangers. */

export const MAX_NAME = 32;
export const MAX_TEXT = 8000;
export const MAX_QUOTE = 120;

/** From this length on, a counter is shown. */
const COUNTER_FROM = MAX_TEXT * 0.9;

const WORD = /^[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}_'’.-]*[\p{L}\p{N}\p{M}_])?$/u;
const DOUBLE_QUOTES = /["“”„‟″〃＂]/gu;

/** The name under which the host's program speaks; no member can have it. */
export const HOST_NAME = 'ℹ Host';

/** Why a member left: the words for what the server says. */
const LEAVE_REASONS = {
  __proto__: null, // The server's words are looked up.
  'left': '',
  'connection-broke': 'the connection broke',
  'kicked': 'removed by the host',
  'banned': 'banned by the host',
  'too-slow': 'too slow to read',
  'no-guests': 'the host takes no guests from the browser any more',
};

/**
 * @param {string} text
 * @returns {string} the text on one line, without what turns the direction of words around it
 */
export function oneLine(text) {
  return text.split(/[\s\u202a-\u202e\u2066-\u2069]+/u).filter(Boolean).join(' ');
}

/**
 * @param {string} name
 * @returns {string} the name between quotation marks
 */
export function quotedName(name) {
  return `“${oneLine(name).replace(DOUBLE_QUOTES, "'")}”`;
}

/**
 * @param {string} name
 * @returns {string} the name within a sentence: quoted unless it is a single word
 */
export function plainName(name) {
  return name === HOST_NAME || WORD.test(name) ? name : quotedName(name);
}

/**
 * @param {string[]} names
 * @param {number} [most]
 * @returns {string} such as `Ann, Ben and Cleo`, or `Ann, Ben and 7 others`
 */
export function joinNames(names, most = 4) {
  const shown = names.length > most + 1 ? [...names.slice(0, most), `${names.length - most} others`] : names;
  const last = shown[shown.length - 1] ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}

/**
 * @param {number} count
 * @param {string} noun
 * @returns {string} such as `1 message` or `2,000 messages`
 */
export function counted(count, noun) {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/**
 * @param {number} taken
 * @param {number} seats
 * @param {number} [servers] each of which has its own seats
 * @returns {string} such as `3 of 20 seats taken`
 */
export function seatsText(taken, seats, servers = 1) {
  if (servers > 1) return `${counted(taken, 'member')} at ${servers} servers`;
  return taken <= seats ? `${taken} of ${seats} seats taken` : counted(taken, 'member');
}

/**
 * @param {string} text
 * @returns {string} the beginning of a text on one line, as an answer quotes it
 */
export function quotedText(text) {
  return oneLine(firstCharacters(text, MAX_QUOTE));
}

/**
 * @param {string} text
 * @returns {number} its length as the room counts it: an emoji outside the first plane is one character
 */
export function lengthOf(text) {
  return text.length - (text.match(/[\ud800-\udbff][\udc00-\udfff]/g)?.length ?? 0);
}

/**
 * @param {string} text
 * @returns {string} how many characters are left or too many; empty while far from the limit
 */
export function counterText(text) {
  const left = MAX_TEXT - lengthOf(text);
  if (left > MAX_TEXT - COUNTER_FROM) return '';
  const count = Math.abs(left).toLocaleString('en');
  return left >= 0 ? `${count} characters left` : `${count} characters too many`;
}

/**
 * @param {object} frame `left`
 * @returns {string} such as `Ben left (removed by the host: spamming)`
 */
export function leftText(frame) {
  const known = LEAVE_REASONS[frame.reason] ?? oneLine(frame.reason.replaceAll('-', ' '));
  const reason = frame.note ? `${known}: ${oneLine(frame.note)}` : known;
  return `${plainName(frame.name)} left${reason ? ` (${reason})` : ''}`;
}

/**
 * @param {{name: string, you: boolean, resembles: string}} person
 * @returns {string} the warning about a name that looks like another one; empty for others
 */
export function lookAlikeText(person) {
  if (!person.resembles) return '';
  const isHost = person.resembles === HOST_NAME;
  const other = isHost ? "the host's name" : quotedName(person.resembles);
  if (person.you) return `Your name looks like ${other}, so everybody is warned that they are not the same.`;
  const whose = isHost ? 'they are not the host' : 'they are two members';
  return `Careful: ${quotedName(person.name)} only looks like ${other}; ${whose}.`;
}

function firstCharacters(text, count) {
  return text.length <= count ? text : Array.from(text.slice(0, 2 * count)).slice(0, count).join('');
}
