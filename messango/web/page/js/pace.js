/** What takes less than this needs no rest afterwards; after all else the page rests as long as that took. */
const PACE_QUICK_MS = 1;

/** Lets something be done soon, and together with what follows if it takes long, however often it is asked for. */
export class Pace {
  #act;
  #restsUntil = 0;
  #timer = 0;

  /** @param {function(): void} act does all that there is to do */
  constructor(act) {
    this.#act = act;
  }

  /** Do it now, or after the rest. */
  request() {
    if (this.#timer) return;
    const rest = this.#restsUntil - performance.now();
    if (rest > 0) this.#timer = setTimeout(() => this.#go(), rest);
    else this.#go();
  }

  #go() {
    this.#timer = 0;
    const begun = performance.now();
    this.#act();
    const ended = performance.now();
    const took = ended - begun;
    this.#restsUntil = took < PACE_QUICK_MS ? ended : ended + took;
  }
}
