/** One page of a browser talks to the room: a browser has few connections to one address. */

const NAME = 'messango';

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
  async acquire() {
    if (this.#release) return;
    if (!this.#locks) {
      this.#hold();
      return;
    }
    const isTaken = await this.#locks.query().then(({ held }) => held.some((lock) => lock.name === NAME));
    if (isTaken) this.dispatchEvent(new Event('elsewhere'));
    this.#request({});
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

  #request(options) {
    const waiting = options.steal ? null : new AbortController();
    this.#waiting = waiting;
    const signal = waiting ? { signal: waiting.signal } : {};
    this.#locks.request(NAME, { ...options, ...signal }, () => this.#hold()).catch(() => this.#taken(waiting));
  }

  /** @returns {Promise<void>} that lasts as long as this page has the lock */
  #hold() {
    this.#waiting = null;
    const held = new Promise((resolve) => { this.#release = resolve; });
    this.dispatchEvent(new Event('held'));
    return held;
  }

  /** Another page has taken over, unless we have given up waiting ourselves. */
  #taken(waiting) {
    if (waiting?.signal.aborted) return;
    this.#release = null;
    this.dispatchEvent(new Event('elsewhere'));
    this.#request({});
  }

  #stopWaiting() {
    this.#waiting?.abort();
    this.#waiting = null;
  }
}
