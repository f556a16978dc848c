/** Who left, and whether they may come back as the same member: then what is sent to them alone is not lost. */

import { oneSpaced } from '../text/matching.js';

/** The member does not come back: what is sent to them alone would never be read. */
const FOR_GOOD = new Set(['left', 'kicked', 'banned', 'no-guests']);
const MAX_DEPARTED = 500;

/** A member who lost the connection is listed this long. */
const LOST_SHOWN_S = 300;
const MAX_LOST = 100;

export class Departed {
  #members = new Map();

  /**
   * @param {object} frame `left`
   * @param {number} now seconds
   */
  left({ member, name, reason }, now) {
    const lostUntil = reason === 'connection-broke' ? now + LOST_SHOWN_S : 0;
    this.#members.delete(member);
    this.#members.set(member, { id: member, name, isGone: FOR_GOOD.has(reason), lostUntil });
    if (this.#members.size > MAX_DEPARTED) this.#members.delete(this.#members.keys().next().value);
  }

  /** @param {string} id of a member who is in the room */
  returned(id) {
    this.#members.delete(id);
  }

  /**
   * @param {number} now
   * @param {string[]} present the names of the members
   * @returns {{id: string, name: string, isLost: boolean}[]} those whose connection broke a short time ago
   */
  lost(now, present) {
    const lost = [...this.#members.values()].filter((each) => each.lostUntil > now && !present.includes(each.name));
    return lost.slice(-MAX_LOST).map(({ id, name }) => ({ id, name, isLost: true }));
  }

  /**
   * Somebody of that name who is here is another member, if the one who left did so before we came.
   * @param {{id: string, name: string}} member not in the room
   * @param {string[]} present the names of the members
   * @returns {'away'|'gone'}
   */
  whereabouts({ id, name }, present) {
    const isReplaced = present.some((each) => oneSpaced(each) === oneSpaced(name));
    return !id || isReplaced || this.#members.get(id)?.isGone ? 'gone' : 'away';
  }
}
