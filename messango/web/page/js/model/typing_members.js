import { joinNames, plainName } from './text/texts.js';

/** Longer than the interval between two frames of one member, so that the text does not flicker. */
const TYPING_SHOWN_MS = 3_000;
const MAX_TYPING_NAMES = 2;

/** Who is typing: pure, times in milliseconds. */
export class TypingMembers {
  #members = new Map();

  /**
   * @param {object} frame `typing`
   * @param {number} now
   */
  started({ member, name, private: isPrivate = false }, now) {
    this.#members.set(member, { name, isPrivate, until: now + TYPING_SHOWN_MS });
  }

  /** @param {string} member who has sent something, or left */
  stopped(member) {
    this.#members.delete(member);
  }

  /** Nobody is: the connection is gone. */
  clear() {
    this.#members.clear();
  }

  /**
   * @param {number} now
   * @returns {number} when somebody stops, if they type no more; Infinity if nobody is typing
   */
  update(now) {
    for (const [member, { until }] of this.#members) if (until <= now) this.#members.delete(member);
    return Math.min(...[...this.#members.values()].map((each) => each.until));
  }

  /** @param {string} member */
  has(member) {
    return this.#members.has(member);
  }

  /** @returns {string} such as `Ben and Chiara are typing…`; empty if nobody is */
  get text() {
    const typing = [...this.#members.values()];
    if (!typing.length) return '';
    const isFew = typing.length <= MAX_TYPING_NAMES;
    const who = isFew ? joinNames(typing.map(({ name }) => plainName(name))) : `${typing.length} people`;
    const whom = typing.every((each) => each.isPrivate) ? ' to you only' : '';
    return `${who} ${typing.length === 1 ? 'is' : 'are'} typing${whom}…`;
  }
}
