/** What is said about messages, in the words of the window. Pure. */

import { joinNames, plainName } from './texts.js';

const ACTION_PREFIX = '/me ';

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
