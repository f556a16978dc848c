/** The two ways to the room. */
export const WEB_SOCKET = 'websocket';
export const EVENT_STREAM = 'stream';

/** So many failures in a row, while https works, are no accident. */
const FAILURES = 2;

const WAY_KEY = 'messango.way';

/**
 * Which way to take. iOS refuses WebSockets under a self-signed certificate that its user has accepted, although
 * https works: then the event stream is taken, until the browser is closed. Pure but for the `area` to remember in.
 */
export class LinkChoice {
  #area;
  #failures = 0;

  /** @param {?globalThis.Storage} area such as `sessionStorage` */
  constructor(area) {
    this.#area = area;
    this.way = remembered(area) === EVENT_STREAM ? EVENT_STREAM : WEB_SOCKET;
  }

  /** The way led to the room. */
  opened() {
    this.#failures = 0;
  }

  /** The way did not lead to the room, although https does. */
  failed() {
    this.#failures += 1;
    if (this.#failures < FAILURES) return;
    this.#failures = 0;
    this.way = this.way === WEB_SOCKET ? EVENT_STREAM : WEB_SOCKET;
    try {
      this.#area?.setItem(WAY_KEY, this.way);
    } catch {
      // Not allowed to remember: it is found out again.
    }
  }
}

function remembered(area) {
  try {
    return area?.getItem(WAY_KEY);
  } catch {
    return null;
  }
}
