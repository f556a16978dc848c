/** Whether something can be said to one member only, and what one should know before. In the words of the window. */

import { plainName } from './text/texts.js';

export const WHO_CAN_READ = 'Only you two and the host can read this';

const HOST_MEMBER = 'host';

/**
 * @param {object} session
 * @param {{id: string, name: string}} to
 * @returns {string} why a private message is not possible; empty if it is
 */
export function privateRefusal(session, { id, name }) {
  const { people, room } = session;
  if (!room) return 'You are not in the room yet.';
  if (id === session.me) return 'That is you.';
  if (!session.can('private')) return 'This room has no private messages: its host uses an earlier version of Messango.';
  if (id === HOST_MEMBER) {
    return "Announcements of the host can't be answered privately; write to the member who hosts the room.";
  }
  if (people.get(id)?.encrypted === false) {
    return `${plainName(name)} has no encrypted connection, so private messages can't be sent there.`;
  }
  return people.whereabouts({ id, name }) === 'gone' ? goneText(name) : '';
}

/**
 * @param {string} name
 * @returns {string}
 */
export function goneText(name) {
  return `${plainName(name)} is not in the room any more.`;
}

/**
 * @param {object} session
 * @param {{id: string, name: string}} to
 * @returns {string} who can read the message, and when they get it
 */
export function privateNote({ people }, to) {
  if (people.whereabouts(to) !== 'away') return WHO_CAN_READ;
  return `${plainName(to.name)} is away and will get it when they are back. ${WHO_CAN_READ}`;
}
