/** What one can do with a message, in the words of the window. Pure. */

import { joinNames, plainName, HOST_NAME } from './texts.js';

const ACTION_PREFIX = '/me ';

/** What people react with most. */
export const USUAL_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

const MAX_EMOJI_BYTES = 64;

/**
 * @param {object} entry
 * @param {import('../session.js').Session} session
 * @returns {string[]} what is possible now: `reply`, `react`, `copy`, `edit`, `delete` and `privately`
 */
export function actionsFor(entry, session) {
  if (entry.deleted || entry.notice) return [];
  const isOffered = session.state === 'joined' && entry.seq > 0;
  const hasSender = !entry.own && !entry.private && entry.member && entry.name !== HOST_NAME;
  const isPossible = {
    reply: isOffered,
    react: isOffered && session.can('reactions'),
    copy: Boolean(entry.text),
    edit: isOffered && entry.own && session.can('edits'),
    delete: isOffered && entry.own && session.can('edits'),
    privately: isOffered && hasSender && session.can('private'),
  };
  return Object.keys(isPossible).filter((action) => isPossible[action]);
}

/**
 * @param {object} entry
 * @returns {{id: string, name: string}|null} the other of the two whose private message this is
 */
export function partnerOf({ private: isPrivate, own, to, toName, member, name }) {
  if (!isPrivate) return null;
  return own ? { id: to, name: toName } : { id: member, name };
}

/**
 * @param {object} entry that is answered or edited
 * @returns {string} why sending would do something else than meant; empty if it would not
 */
export function blockedText({ deleted, seq }) {
  if (deleted) return "That message was deleted. This can't be sent; close it with ✕ first.";
  return seq ? '' : "You rejoined the room after you began this. This can't be sent; close it with ✕ first.";
}

/**
 * @param {string} text
 * @returns {string} what the sender does, of a message `/me ACTION`; empty for others
 */
export function actionText(text) {
  return text.startsWith(ACTION_PREFIX) ? text.slice(ACTION_PREFIX.length).trim() : '';
}

/**
 * @param {string} typed
 * @returns {string} the emoji, or an empty text if this can't be a reaction; the room decides
 */
export function reactionOf(typed) {
  const emoji = typed.trim();
  const isEmoji = !/[\p{L}\s]/u.test(emoji) && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(emoji);
  return isEmoji && new TextEncoder().encode(emoji).length <= MAX_EMOJI_BYTES ? emoji : '';
}

/**
 * @param {object} reaction
 * @param {string} ownName
 * @returns {string} such as `You, Ben and 3 others reacted with 👍`
 */
export function whoReacted({ emoji, count, mine, names }, ownName) {
  const others = names.filter((name) => !(mine && name === ownName)).map(plainName);
  const listed = mine ? ['You', ...others] : others;
  const more = count - listed.length;
  if (more > 0) listed.push(`${more.toLocaleString('en')} ${more === 1 ? 'other' : 'others'}`);
  return `${joinNames(listed.length ? listed : ['Somebody'], 11)} reacted with ${emoji}`;
}
