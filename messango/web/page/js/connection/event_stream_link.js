import { OPEN_WITHIN_MS, RoomLink, lineOf } from './room_link.js';

/** A request that takes longer has got lost, and with it the connection. */
const POST_WITHIN_MS = 15_000;

/** The first event, which names the stream. */
const TOKEN_IN_FIRST = /^\{"type":"stream","stream":"([\w-]{1,128})"\}$/;

/** What the room reads at once. */
const MAX_BODY_BYTES = 65_536;

/** The pause before a request that the room could not take yet, if it does not say how long. */
const RETRY_S = 1;

/** Frames over an event stream, and in POST requests: one at a time, so that they arrive in order. */
export class EventStreamLink extends RoomLink {
  #source = new EventSource('/events');
  #abort = new AbortController();
  #encoder = new TextEncoder();
  #timer = setTimeout(() => this.broke(), OPEN_WITHIN_MS);
  #token = '';
  #lines = [];
  #isPosting = false;

  constructor() {
    super();
    this.#source.onmessage = (event) => (this.#token ? this.received(event.data) : this.#begin(event.data));
    this.#source.onerror = () => this.broke();
  }

  /** @param {object} frame */
  send(frame) {
    this.#lines.push(this.#encoder.encode(`${lineOf(frame)}\n`));
    if (!this.#isPosting) this.#post();
  }

  disconnect() {
    clearTimeout(this.#timer);
    this.#source.close();
    this.#abort.abort();
  }

  /** The first event names the stream, to which the requests belong. */
  #begin(data) {
    clearTimeout(this.#timer);
    this.#token = TOKEN_IN_FIRST.exec(data)?.[1] ?? '';
    if (this.#token) this.opened();
    else this.broke();
  }

  async #post() {
    this.#isPosting = true;
    while (this.#lines.length && !this.ended) {
      const response = await this.#attempt(this.#nextBody());
      if (response?.status !== 204) {
        this.broke();
      }
    }
    this.#isPosting = false;
  }

  /** Take as many lines as one request may have. */
  #nextBody() {
    let [size, count] = [0, 0];
    while (count < this.#lines.length && (!count || size + this.#lines[count].length <= MAX_BODY_BYTES)) {
      size += this.#lines[count].length;
      count += 1;
    }
    return new Blob(this.#lines.splice(0, count));
  }

  /** @returns {Promise<?Response>} null if the connection broke */
  async #attempt(body) {
    const headers = { 'X-Messango': '1', 'X-Messango-Stream': this.#token };
    for (;;) {
      const timer = setTimeout(() => this.broke(), POST_WITHIN_MS);
      try {
        const response = await fetch('/frames', { method: 'POST', headers, body, signal: this.#abort.signal });
        if (response.status !== 503) return response;
        await pause(retryAfter(response) * 1000);
      } catch {
        return null;
      } finally {
        clearTimeout(timer);
      }
    }
  }
}

/** A room that says nonsense is not asked without a pause. */
function retryAfter(response) {
  const seconds = Number(response.headers.get('Retry-After'));
  return seconds > 0 ? seconds : RETRY_S;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
