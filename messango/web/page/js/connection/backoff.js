/** The first attempt is immediate; later ones wait longer, so that a closed room costs little. */
const STEPS_MS = [0, 500, 1000, 2000, 4000, 8000];

/** The members of a reopened room must not all connect in the same moment. */
const JITTER = 0.3;

/** Pauses between attempts to connect. Pure. */
export class Backoff {
  #attempt = 0;
  #random;

  /** @param {function(): number} [random] from 0 to 1 */
  constructor(random = Math.random) {
    this.#random = random;
  }

  /** @returns {number} the milliseconds to wait; counts one attempt */
  next() {
    const step = STEPS_MS[Math.min(this.#attempt, STEPS_MS.length - 1)];
    this.#attempt += 1;
    return step * (1 - JITTER + 2 * JITTER * this.#random());
  }

  /** Start again with an immediate attempt. */
  reset() {
    this.#attempt = 0;
  }
}
