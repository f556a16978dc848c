/** Makes ids for requests. The server remembers those of a session, so none may ever come twice. */
export class Ids {
  #prefix;
  #count = 0;

  /** @param {string} [prefix] random by default, so that a page that is loaded again makes others */
  constructor(prefix = randomHex(6)) {
    this.#prefix = prefix;
  }

  /** @returns {string} an id for the next request of any kind */
  next() {
    this.#count += 1;
    return `${this.#prefix}-${this.#count}`;
  }
}

/**
 * @param {number} bytes
 * @returns {string} so many random bytes in hexadecimal digits
 */
export function randomHex(bytes) {
  return hexOf(crypto.getRandomValues(new Uint8Array(bytes)));
}

/**
 * @param {Uint8Array} bytes
 * @returns {string} in hexadecimal digits
 */
export function hexOf(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
