/** What this browser keeps: the guest key, the name, and for each room what it takes to return to it. */

const INDEX = 'messango';

/** Of more rooms at this address the first are forgotten: each start of a host may be another one. */
const MAX_ROOMS = 5;

/**
 * Reads and writes a `localStorage`. Where a browser refuses to store, or its space is used up, everything
 * works until the page is closed.
 */
export class Storage {
  #area;
  #memory = new Map();

  /** @param {?globalThis.Storage} area */
  constructor(area = localArea()) {
    this.#area = area;
  }

  /** @returns {string} the guest key of the last link; empty if there was none */
  get key() {
    return this.#index.key ?? '';
  }

  set key(key) {
    this.#changeIndex({ key });
  }

  /** @returns {string} the name that the person chose last */
  get name() {
    return this.#index.name ?? '';
  }

  set name(name) {
    this.#changeIndex({ name });
  }

  /** @returns {string} the id of the room joined last; what follows is about that room */
  get room() {
    return this.#index.room ?? '';
  }

  set room(room) {
    const rooms = [...(this.#index.rooms ?? []).filter((each) => each !== room), room];
    for (const old of rooms.splice(0, rooms.length - MAX_ROOMS)) this.#forget(old);
    this.#changeIndex({ room, rooms });
  }

  /** @returns {?{session: string, since: ?number}} how to return to the room; null if there is no way */
  get seat() {
    return this.room ? this.#read(`${INDEX}.seat.${this.room}`, null) : null;
  }

  set seat(seat) {
    this.#write(`${INDEX}.seat.${this.room}`, seat);
  }

  /** @returns {object[]} the requests without an answer, as `Outbox` keeps them */
  get unsent() {
    const unsent = this.room ? this.#read(`${INDEX}.unsent.${this.room}`, []) : [];
    return Array.isArray(unsent) ? unsent : [];
  }

  set unsent(unsent) {
    this.#write(`${INDEX}.unsent.${this.room}`, unsent.length ? unsent : null);
  }

  /** @returns {*} what is half written, as the composer keeps it */
  get draft() {
    return this.#read(`${INDEX}.draft.${this.room}`, null);
  }

  set draft(draft) {
    this.#write(`${INDEX}.draft.${this.room}`, draft);
  }

  /** The person is out of the room for good: nothing is left of what they did in it. */
  leave() {
    this.#forget(this.room);
  }

  get #index() {
    return this.#read(INDEX, {});
  }

  #changeIndex(fields) {
    this.#write(INDEX, { ...this.#index, ...fields });
  }

  #forget(room) {
    for (const kind of ['seat', 'unsent', 'draft']) this.#write(`${INDEX}.${kind}.${room}`, null);
  }

  /** What could not be stored is in memory, and newer than what is stored. */
  #read(key, otherwise) {
    try {
      return JSON.parse(this.#memory.get(key) ?? this.#area?.getItem(key)) ?? otherwise;
    } catch {
      return otherwise; // Not ours, or not allowed.
    }
  }

  #write(key, value) {
    const text = JSON.stringify(value);
    try {
      if (value === null) this.#area.removeItem(key);
      else this.#area.setItem(key, text);
      this.#memory.delete(key);
    } catch {
      this.#memory.set(key, text);
    }
  }
}

function localArea() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // The browser refuses: all site data is blocked.
  }
}
