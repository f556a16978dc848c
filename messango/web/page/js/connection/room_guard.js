import { isRoomFrame, isNoticeFrame } from '../model/frame_rules.js';

/** Frames other than messages: a full room may join twice at once, and a thousand people may type. */
const NOTICES_PER_S = 2_000;
const NOTICES_AT_ONCE = 20_000;

const GUARD_HINT = 'Tell the host, and try again later.';
const NOT_UNDERSTOOD = {
  type: 'closed', code: 'bad-frame', reason: 'The room sent something that no room should send.', hint: GUARD_HINT,
};
const TOO_MANY = { type: 'closed', code: 'flood', reason: 'The room sends too much at once.', hint: GUARD_HINT };

/**
 * Checks what comes over one link. A room may be anybody's: what is not a frame, or too many frames, ends the
 * conversation as if the room had closed it. Pure.
 */
export class RoomGuard {
  #left = NOTICES_AT_ONCE;
  #countedAt = 0;

  /**
   * @param {*[]} values what came
   * @param {number} now milliseconds
   * @returns {object[]} the frames before the first wrong one, which is replaced by a `closed`
   */
  check(values, now) {
    this.#left = Math.min(this.#left + (now - this.#countedAt) * NOTICES_PER_S / 1000, NOTICES_AT_ONCE);
    this.#countedAt = now;
    const wrong = values.findIndex((value) => !isRoomFrame(value) || !this.#isWithinRate(value));
    if (wrong < 0) return values;
    return [...values.slice(0, wrong), this.#left < 0 ? TOO_MANY : NOT_UNDERSTOOD];
  }

  #isWithinRate(frame) {
    if (isNoticeFrame(frame)) this.#left -= 1;
    return this.#left >= 0;
  }
}
