/** The room sends something at least every 7 s: it pings members that are silent. A little longer is normal. */
const SILENCE_MS = 9_000;

/** The room answers a ping within milliseconds; a slow network repeats what it has lost. */
const ANSWER_MS = 4_500;

/** After the page was away, the answer comes soon or not at all. */
const ANSWER_AFTER_AWAY_MS = 2_000;

/** A timer that comes so much too late was held back: the page was hidden, or the device slept. */
const LATE_MS = 1_500;

/**
 * Decides when to ping, and when a silent connection is dead. Pure: `now` is in milliseconds, from any clock that
 * does not jump.
 */
export class Heartbeat {
  #dueAt = 0;
  #isAsked = false;
  #wasLate = false;

  /** @param {number} now a connection begins, or something was received */
  heard(now) {
    this.#isAsked = false;
    this.#wasLate = false;
    this.#dueAt = now + SILENCE_MS;
  }

  /** @returns {number} when to call `tick` */
  get dueAt() {
    return this.#dueAt;
  }

  /**
   * @param {number} now
   * @returns {''|'ping'|'dead'} what to do
   */
  tick(now) {
    if (now < this.#dueAt) return '';
    const isLate = now - this.#dueAt > LATE_MS;
    // What has come meanwhile may still wait behind a late timer, so one more answer is waited for.
    if (this.#isAsked && (!isLate || this.#wasLate)) return 'dead';
    this.#wasLate = isLate && this.#isAsked;
    return this.#ask(now, isLate ? ANSWER_AFTER_AWAY_MS : ANSWER_MS);
  }

  /**
   * The page is back from where it may have lost the connection.
   * @param {number} now
   * @returns {'ping'}
   */
  check(now) {
    this.#wasLate = true;
    return this.#ask(now, ANSWER_AFTER_AWAY_MS);
  }

  #ask(now, patience) {
    this.#isAsked = true;
    this.#dueAt = now + patience;
    return 'ping';
  }
}
