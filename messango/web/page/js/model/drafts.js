const MAX_DRAFTS = 50;

/**
 * Half-written texts, for everybody (`''`) and for single members by id. What was written for one member never gets
 * into a field that sends to everybody; a text for everybody may be taken along to one member.
 */
export class Drafts {
  #texts = new Map();
  #along = '';

  /** @returns {string} the text for everybody that waits */
  get forAll() {
    return this.#texts.get('') ?? '';
  }

  /**
   * Put the text away for those whom it was for.
   * @param {string} from
   * @param {string} to
   * @param {string} text
   * @returns {string} the text for the others
   */
  exchange(from, to, text) {
    if (from === to) return text;
    const isAlong = from ? text === this.#along : Boolean(text.trim());
    this.#along = '';
    const waiting = this.#texts.get(to) ?? '';
    this.#texts.delete(to);
    if (!(from && isAlong)) this.keep(from, text);
    if (waiting || !isAlong) return waiting;
    this.#along = text;
    return text;
  }

  /** The text is sent: if it was taken along, it is not to be sent again. */
  sent() {
    if (this.forAll === this.#along) this.#texts.delete('');
    this.#along = '';
  }

  /**
   * @param {string} whom
   * @param {string} text
   */
  keep(whom, text) {
    this.#texts.delete(whom);
    if (text.trim()) this.#texts.set(whom, text);
    if (this.#texts.size > MAX_DRAFTS) this.#texts.delete([...this.#texts.keys()].find(Boolean));
  }
}
