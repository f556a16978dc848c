/** So many things are shown at once, and then so many a second: nobody reads faster, and drawing takes time. */
const PACE_AT_ONCE = 20;
const PACE_PER_S = 20;

/** Lets something be done as often as a person can follow, however often it is asked for. */
export class Pace {
  #act;
  #left = PACE_AT_ONCE;
  #countedAt = 0;
  #timer = 0;

  /** @param {function(): void} act does all that there is to do */
  constructor(act) {
    this.#act = act;
  }

  /** Do it now, or in a moment if it was done very often. */
  request() {
    if (this.#timer) return;
    const now = performance.now();
    this.#left = Math.min(this.#left + (now - this.#countedAt) * PACE_PER_S / 1000, PACE_AT_ONCE);
    this.#countedAt = now;
    this.#left -= 1;
    if (this.#left >= 0) this.#act();
    else this.#timer = setTimeout(() => this.#actLate(), 1000 / PACE_PER_S);
  }

  #actLate() {
    this.#timer = 0;
    this.#act();
  }
}
