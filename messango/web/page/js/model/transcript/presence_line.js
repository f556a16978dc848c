/** Who joined and left directly after each other, in one quiet line: `Ben and Cleo joined · Ben left`. */

import { joinNames, leftText, plainName } from '../text/texts.js';

const ARRIVED = 'joined';
const DEPARTED = 'left';
const VISITED = 'joined and left';
const BY_HOST = 'by the host';

/** A line does not grow beyond so many steps or members; the next one begins another line. */
const MAX_STEPS = 6;
const MAX_PRESENT = 100;

export class PresenceLine {
  #steps = [];

  /** @returns {string} */
  get text() {
    return this.#steps.map(({ names, verb }) => `${joinNames(names.map(plainName))} ${verb}`).join(' · ');
  }

  /** @returns {boolean} whether nothing more should be added */
  get isFull() {
    return this.#steps.length >= MAX_STEPS || this.#steps.some(({ names }) => names.length >= MAX_PRESENT);
  }

  /**
   * @param {string} name
   * @param {string} [server] at which they are, if that is another one of a linked room
   */
  joined(name, server) {
    const isBack = this.#takeLast(name, DEPARTED);
    this.#takeLast(name, VISITED); // They are here again, after all.
    const where = server ? ` at ${plainName(server)}` : '';
    this.#add(name, isBack ? 'left and came back' : ARRIVED + where, isBack ? '' : ARRIVED);
  }

  /** @param {object} frame `left` */
  left(frame) {
    const verb = leftText(frame).slice(plainName(frame.name).length + 1);
    const wasShort = this.#takeLast(frame.name, ARRIVED);
    const reason = verb.includes(BY_HOST) ? verb.slice(DEPARTED.length) : '';
    this.#add(frame.name, wasShort ? `${VISITED}${reason}` : verb);
  }

  /** Remove a member from the last step if that is what they did. */
  #takeLast(name, verb) {
    const last = this.#steps[this.#steps.length - 1];
    if ((last?.kind || last?.verb.split(' (')[0]) !== verb || last.names[last.names.length - 1] !== name) return false;
    if (last.verb.includes(BY_HOST)) return false;
    last.names.pop();
    if (!last.names.length) this.#steps.pop();
    return true;
  }

  #add(name, verb, kind) {
    const last = this.#steps[this.#steps.length - 1];
    if (last?.verb === verb) last.names.push(name);
    else this.#steps.push({ names: [name], verb, kind });
  }
}
