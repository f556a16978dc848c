/** A link that is not open by then never will be. */
export const OPEN_WITHIN_MS = 10_000;

/**
 * A connection to the room over which frames go. Events: `open` once it can send; `frames`, whose `detail` is an
 * array of frames; `lost` once, when it broke or could not be opened. After `close` none follows. Each kind has
 * `send(frame)`.
 */
export class RoomLink extends EventTarget {
  #ended = false;

  /** @returns {boolean} whether it was closed or lost */
  get ended() {
    return this.#ended;
  }

  /** Close it; no event follows. */
  close() {
    this.#ended = true;
    this.disconnect();
  }

  /** For subclasses: let go of what is open. May come twice. */
  disconnect() {}

  /** For subclasses: the link can send now. */
  opened() {
    if (!this.#ended) this.dispatchEvent(new Event('open'));
  }

  /** For subclasses: the link broke. */
  broke() {
    if (this.#ended) return;
    this.close();
    this.dispatchEvent(new Event('lost'));
  }

  /**
   * For subclasses: lines of frames have come.
   * @param {string} lines
   */
  received(lines) {
    if (this.#ended) return;
    const values = valuesOf(lines);
    if (values) this.dispatchEvent(new CustomEvent('frames', { detail: values }));
    else this.broke(); // Not a room of ours.
  }
}

/**
 * @param {object} frame
 * @returns {string} its line. Half a character, such as of an emoji that a field has cut, is none that a room takes
 */
export function lineOf(frame) {
  return JSON.stringify(frame, (_, value) => (typeof value === 'string' ? value.replace(/\p{Cs}/gu, '\ufffd') : value));
}

/** @returns {?Array} null if something is no JSON */
function valuesOf(lines) {
  try {
    return lines.split('\n').filter(Boolean).map((line) => JSON.parse(line));
  } catch {
    return null; // Also for bytes instead of a text.
  }
}
