/** The own requests that change the conversation and that the room has not answered yet, in order. */

/** The most that may be sent without a receipt: our receipts come as fast as we read. */
const WINDOW_REQUESTS = 100;

/** The kinds that mean a message only by its number. */
const NUMBERED = new Set(['react', 'edit', 'delete']);

/**
 * A request is `{frame, failed?}`; `failed` is `{reason, hint}` of a message that the room did not take, which
 * stays until the person sends it again or removes it. Pure: `onChange` stores what `requests` returns.
 */
export class Outbox {
  #waiting = new Map();
  #inFlight = new Set();
  #onChange;

  /** @param {function(object[]): void} [onChange] called after each change with all requests */
  constructor(onChange = () => {}) {
    this.#onChange = onChange;
  }

  /** @returns {object[]} all requests, in order */
  get requests() {
    return [...this.#waiting.values()];
  }

  /**
   * Replace all, and send everything again with the same ids: another page has left it, or the connection broke.
   * @param {object[]} requests
   */
  load(requests) {
    this.#inFlight.clear();
    this.#waiting = new Map(requests.filter((each) => each?.frame?.id).map((each) => [each.frame.id, each]));
  }

  /**
   * @param {string} id
   * @returns {object|undefined} the frame of the request
   */
  get(id) {
    return this.#waiting.get(id)?.frame;
  }

  /** @param {object} frame a request with an `id`, kept until the room has answered */
  add(frame) {
    this.#waiting.set(frame.id, { frame });
    this.#changed();
  }

  /** @returns {object[]} the frames that may be sent now; they count as sent */
  nextBatch() {
    const batch = [];
    for (const [id, { frame, failed }] of this.#waiting) {
      if (this.#inFlight.size >= WINDOW_REQUESTS) break;
      if (failed || this.#inFlight.has(id)) continue;
      this.#inFlight.add(id);
      batch.push(frame);
    }
    return batch;
  }

  /**
   * Remove a request: it was answered, or the person gave it up.
   * @param {string} id
   * @returns {object|undefined} its frame, if it waited
   */
  remove(id) {
    const request = this.#waiting.get(id);
    this.#inFlight.delete(id);
    if (this.#waiting.delete(id)) this.#changed();
    return request?.frame;
  }

  /**
   * Keep a message that the room did not take, with the reason.
   * @param {string} id
   * @param {{reason: string, hint: string}} failed
   */
  fail(id, failed) {
    const request = this.#waiting.get(id);
    this.#inFlight.delete(id);
    if (!request) return;
    this.#waiting.set(id, { frame: request.frame, failed });
    this.#changed();
  }

  /**
   * Remove the requests that mean a message by its number: the room's numbers begin again.
   * @returns {object[]} their frames; messages that answer another one are among them
   */
  takeNumbered() {
    const frames = this.requests.map((each) => each.frame);
    const numbered = frames.filter((frame) => NUMBERED.has(frame.type) || frame.reply_to !== undefined);
    for (const { id } of numbered) this.remove(id);
    return numbered;
  }

  #changed() {
    this.#onChange(this.requests);
  }
}
