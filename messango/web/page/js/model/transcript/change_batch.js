/** Joins the changes that come together, such as two hundred old messages, so that views draw once. Pure. */
export class ChangeBatch {
  #emit;
  #current = null;

  /** @param {function(import('./transcript.js').Change): void} emit */
  constructor(emit) {
    this.#emit = emit;
  }

  /** @param {import('./transcript.js').Change} change */
  add(change) {
    const current = this.#current;
    const follows = !change.added.length || !current?.added.length
      || change.at === current.at + current.added.length;
    if (!current || change.removed.length || current.removed.length || !follows) {
      this.flush();
      this.#current = { ...change, added: [...change.added], changed: [...change.changed] };
      return;
    }
    if (!current.added.length) current.at = change.at;
    current.added.push(...change.added);
    const isKnown = (entry) => current.added.includes(entry) || current.changed.includes(entry);
    current.changed.push(...change.changed.filter((entry) => !isKnown(entry)));
  }

  /** Hand over what was joined so far. */
  flush() {
    const change = this.#current;
    this.#current = null;
    if (change) this.#emit(change);
  }
}
