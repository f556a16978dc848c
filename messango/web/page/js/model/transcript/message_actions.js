/** What one can do with a message, in the words of the window. Pure. */

import { HOST_NAME } from '../text/texts.js';

/** What people react with most. */
export const USUAL_REACTIONS = ['👍', '❤️', '😂', '😮', '😢', '🙏'];

const MAX_EMOJI_BYTES = 64;

/**
 * @param {object} entry
 * @param {import('../../session.js').Session} session
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
 * @param {string} typed
 * @returns {string} the emoji, or an empty text if this can't be a reaction; the room decides
 */
export function reactionOf(typed) {
  const emoji = typed.trim();
  const isEmoji = !/[\p{L}\s]/u.test(emoji) && /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(emoji);
  return isEmoji && new TextEncoder().encode(emoji).length <= MAX_EMOJI_BYTES ? emoji : '';
}
