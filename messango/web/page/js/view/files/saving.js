import { addressOf, fetchFile } from '../../connection/files/downloads.js';
import { Canceled } from '../../connection/attempts.js';

/** Larger files go past the page, straight into the browser's downloads: a phone has little memory. */
const MAX_IN_MEMORY = 20_000_000;

/** Some browsers begin to read the bytes only when the person has said where to. */
const KEPT_MS = 60_000;

/**
 * Saves files of the room in the browser's downloads. `stateOf(id)` returns `{isMoving, reason, isGone}` or undefined;
 * `onChange(id)` is called when that differs.
 */
export class Saving {
  #session;
  #states = new Map();
  #onChange;

  /**
   * @param {import('../../session.js').Session} session
   * @param {function(string): void} onChange
   */
  constructor(session, onChange) {
    this.#session = session;
    this.#onChange = onChange;
  }

  stateOf(id) {
    return this.#states.get(id);
  }

  /** @param {string} id */
  cancel(id) {
    this.#states.get(id)?.abort?.abort();
  }

  /** The room no longer keeps a file. @param {string} id */
  gone(id) {
    this.#set(id, { isGone: true });
  }

  /** @param {object} file */
  async save(file) {
    const abort = new AbortController();
    this.#set(file.id, { isMoving: true, abort });
    try {
      if (file.size <= MAX_IN_MEMORY) saveBlob(await fetchFile(this.#session, file, abort.signal), file.name);
      else follow(await addressOf(this.#session, file, abort.signal), file.name);
      this.#set(file.id);
    } catch (error) {
      if (error instanceof Canceled || abort.signal.aborted) this.#set(file.id);
      else if (error.code === 'unknown-entry') this.gone(file.id);
      else this.#set(file.id, { reason: reasonOf(error) });
    }
  }

  #set(id, state) {
    if (state) this.#states.set(id, state);
    else this.#states.delete(id);
    this.#onChange(id);
  }
}

/**
 * @param {Error} error
 * @returns {string} what happened, and what to do
 */
export function reasonOf({ reason, hint }) {
  return reason ? `${reason} ${hint}`.trim() : 'The room can not be reached now. Try again.';
}

/**
 * @param {Blob} blob
 * @param {string} name
 */
export function saveBlob(blob, name) {
  const url = URL.createObjectURL(blob);
  follow(url, name);
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS);
}

function follow(href, name) {
  const link = Object.assign(document.createElement('a'), { href, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
