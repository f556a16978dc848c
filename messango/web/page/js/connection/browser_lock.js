/** One page of a browser talks to the room: a browser has few connections to one address. */

const LOCK_NAME = 'messango';

/** A request that could not even be made is made again so often, for three seconds. */
const RETRY_MS = 100;
const MAX_RETRIES = 30;

/**
 * The right to talk to the room. Events: `held` when this page has it, `elsewhere` when another page of this browser
 * has it, or takes it over. Where a browser has no Web Locks, or refuses them, every page has it.
 */
export class BrowserLock extends EventTarget {
  #locks;
  #release = null;
  #waiting = null;
  #retryTimer = 0;
  #retries = 0;

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
    if (this.#release || this.#waiting || this.#retryTimer) return;
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
    } catch (problem) {
      if (options.signal?.aborted) return;
      if (problem.name === 'AbortError') this.#wait(); // Another page has taken over.
      else this.#retry(options);
    }
  }

  /** WebKit refuses requests while a page that was reloaded is not active yet. Asking at once would block it. */
  #retry(options) {
    this.#retries += 1;
    if (this.#retries > MAX_RETRIES) {
      this.#hold();
      return;
    }
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => {
      this.#retryTimer = 0;
      this.#request(options);
    }, RETRY_MS);
  }

  /** @returns {Promise<void>} that lasts as long as this page has the lock */
  #hold() {
    this.#waiting = null;
    this.#retries = 0;
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
    clearTimeout(this.#retryTimer);
    this.#retryTimer = 0;
    this.#waiting?.abort();
    this.#waiting = null;
  }
}
