/** One page of a browser talks to the room: a browser has few connections to one address. */

const LOCK_NAME = 'messango';

/**
 * The right to talk to the room. Events: `held` when this page has it, `elsewhere` when another page of this browser
 * has it, or takes it over. Where a browser has no Web Locks, every page has it.
 */
export class BrowserLock extends EventTarget {
  #locks;
  #release = null;
  #waiting = null;

  /** @param {LockManager|undefined} [locks] */
  constructor(locks = navigator.locks) {
    super();
    this.#locks = locks;
  }

  /** @returns {boolean} */
  get isHeld() {
    return Boolean(this.#release);
  }

  /** Take it if it is free; else wait until the other page gives it up or is closed. */
  acquire() {
    if (this.#release || this.#waiting) return;
    if (this.#locks) this.#request({ ifAvailable: true });
    else this.#hold();
  }

  /** Take it from the other page. */
  takeOver() {
    this.#stopWaiting();
    if (this.#locks) this.#request({ steal: true });
    else this.#hold();
  }

  /** Give it up. */
  release() {
    this.#stopWaiting();
    this.#release?.();
    this.#release = null;
  }

  async #request(options) {
    try {
      await this.#locks.request(LOCK_NAME, options, (lock) => (lock ? this.#hold() : this.#wait()));
    } catch {
      if (!options.signal?.aborted) this.#wait(); // Another page has taken over.
    }
  }

  /** @returns {Promise<void>} that lasts as long as this page has the lock */
  #hold() {
    this.#waiting = null;
    const held = new Promise((resolve) => { this.#release = resolve; });
    this.dispatchEvent(new Event('held'));
    return held;
  }

  #wait() {
    this.#release = null;
    this.#waiting = new AbortController();
    this.dispatchEvent(new Event('elsewhere'));
    this.#request({ signal: this.#waiting.signal });
  }

  #stopWaiting() {
    this.#waiting?.abort();
    this.#waiting = null;
  }
}
