/** The conversation as it is shown: messages and notices in one order, own ones without a receipt last. */

import { applyChange, entryOf, pendingEntryOf } from './entries.js';

/** The changes that are kept for messages which an answer on its way brings as they were before. */
const MAX_RECENT = 1000;

/**
 * What changed, for views: `added` entries stand at the index `at`, one after the other; `changed` ones are
 * where they were; `removed` ones are gone, or are among `added` again because they moved.
 * @typedef {{added: object[], changed: object[], removed: object[], at: number}} Change
 */

/** Pure. Every method that changes something returns a `Change`, or null if nothing differs. */
export class Transcript {
  /** All entries in their order. */
  entries = [];
  #me = '';
  /** Whether older messages were not asked for yet, and the number of the first that the room keeps. */
  #mayHaveEarlier = false;
  #oldestKept = 0;
  /** Counts how often the room's numbers began again: no key comes twice. */
  #order = 0;
  #bySeq = new Map();
  #pendingCount = 0;
  #recent = [];
  #latest = 0;
  #historyCounted = null;
  #noticeCount = 0;

  /** @returns {number} the number of the first message; 0 if there is none */
  get oldest() {
    return this.entries.find((entry) => entry.seq)?.seq ?? 0;
  }

  /** @returns {boolean} whether the room may keep messages before the first one */
  get hasEarlier() {
    return this.#mayHaveEarlier && this.oldest > this.#oldestKept;
  }

  /** @returns {boolean} whether the room has dropped its first messages */
  get isCut() {
    return this.#oldestKept > 1;
  }

  /**
   * @param {number} seq
   * @returns {object|undefined} the message with this number, if it is loaded
   */
  get(seq) {
    return this.#bySeq.get(seq);
  }

  /**
   * @param {string} id
   * @returns {object|undefined} the own message without a receipt
   */
  pending(id) {
    return this.entries.slice(this.#firstPending).find((entry) => entry.id === id);
  }

  /**
   * Note what follows now.
   * @param {object} welcome
   * @param {?number} since the number after which entries follow; null: the newest messages in their present form
   * @returns {?Change}
   */
  begin(welcome, since) {
    const change = since === null && this.#bySeq.size > 0 ? this.#forgetNumbers() : null;
    this.#me = welcome.member;
    this.#latest = welcome.latest;
    this.#historyCounted = since === null ? welcome.latest : null;
    this.#oldestKept = welcome.oldest || welcome.latest + 1; // 0: it keeps none yet.
    if (since === null) this.#mayHaveEarlier = true;
    return change;
  }

  /**
   * Add a message that the room has sent by itself.
   * @param {object} frame `message` or `told`
   * @returns {?Change}
   */
  add(frame) {
    const isHistory = frame.seq <= this.#latest;
    const counted = isHistory ? Math.max(frame.seq, this.#historyCounted ?? 0) : frame.seq;
    const entry = this.#entryOf(frame, counted);
    if (isHistory && (entry.edited || entry.reply)) entry.textKnown = this.#latest;
    const pending = entry.own ? this.pending(entry.id) : undefined;
    if (pending) return this.#accept(pending, entry);
    return this.#insert(entry);
  }

  /**
   * Change the messages that a frame is about.
   * @param {object} change `reacted`, `edited` or `deleted`
   * @returns {?Change}
   */
  apply(change) {
    this.#recent.push(change);
    if (this.#recent.length > MAX_RECENT) this.#recent.shift();
    const target = this.get(change.target);
    const others = change.type === 'reacted' ? [] : this.entries.filter((each) => each.reply?.seq === change.target);
    const isQuoteFinal = change.type === 'edited' && target?.deleted;
    const concerned = [...(target ? [target] : []), ...(isQuoteFinal ? [] : others)];
    const changed = concerned.filter((entry) => applyChange(entry, change, this.#me));
    return changed.length ? { added: [], changed, removed: [], at: 0 } : null;
  }

  /**
   * Add older messages above all.
   * @param {object} answer `earlier`
   * @param {number} before the number before which they were asked for
   * @returns {?Change}
   */
  addEarlier(answer, before) {
    if (this.oldest && this.oldest !== before) return null;
    let last = 0;
    const older = this.present(answer).filter(({ seq }) => {
      const isNext = seq > last && seq < before && !this.#bySeq.has(seq);
      if (isNext) last = seq;
      return isNext;
    });
    this.#mayHaveEarlier = answer.more && older.length > 0;
    if (!older.length) return null;
    for (const entry of older) this.#bySeq.set(entry.seq, entry);
    this.entries.unshift(...older);
    return { added: older, changed: [], removed: [], at: 0 };
  }

  /**
   * @param {object} answer `earlier` or `found`
   * @returns {object[]} its messages as entries in their present form; loaded ones are the same objects
   */
  present(answer) {
    return answer.messages.map((frame) => {
      const loaded = this.get(frame.seq);
      if (loaded) return loaded;
      const entry = this.#entryOf(frame, Math.max(frame.seq, answer.latest));
      for (const change of this.#recent) applyChange(entry, change, this.#me);
      return entry;
    });
  }

  /**
   * Add an own message that waits for its receipt.
   * @param {object} frame `say`, `tell` or `share`
   * @param {object} sender see `pendingEntryOf`
   * @returns {Change}
   */
  addPending(frame, sender) {
    const entry = pendingEntryOf(frame, { member: this.#me, ...sender });
    this.entries.push(entry);
    this.#pendingCount += 1;
    return { added: [entry], changed: [], removed: [], at: this.entries.length - 1 };
  }

  /**
   * Let an own message wait, or say why it could not be sent.
   * @param {string} id
   * @param {?{reason: string, hint: string}} failed
   * @returns {?Change}
   */
  setFailed(id, failed) {
    const entry = this.pending(id);
    if (!entry) return null;
    Object.assign(entry, { state: failed ? 'failed' : 'waiting', reason: failed?.reason, hint: failed?.hint });
    return { added: [], changed: [entry], removed: [], at: 0 };
  }

  /**
   * Remove an own message without a receipt.
   * @param {string} id
   * @returns {?Change}
   */
  removePending(id) {
    const entry = this.pending(id);
    if (!entry) return null;
    this.#takePending(entry);
    return { added: [], changed: [], removed: [entry], at: 0 };
  }

  /**
   * Add a quiet line, or put another text into one.
   * @param {string} text
   * @param {{time: number, kind?: string, replaces?: object}} details `replaces`: a notice that is the last entry
   * @returns {Change}
   */
  notice(text, { time, kind = '', replaces }) {
    if (replaces) {
      replaces.notice = text;
      return { added: [], changed: [replaces], removed: [], at: 0 };
    }
    this.#noticeCount += 1;
    const entry = { key: `notice-${this.#noticeCount}`, seq: 0, notice: text, kind, time };
    const at = this.#firstPending;
    this.entries.splice(at, 0, entry);
    return { added: [entry], changed: [], removed: [], at };
  }

  /** @returns {object|undefined} the last entry that is not waiting for a receipt */
  get last() {
    return this.entries[this.#firstPending - 1];
  }

  /**
   * Drop the oldest entries beyond so many; they can be loaded again.
   * @param {number} most
   * @returns {?Change}
   */
  trim(most) {
    const surplus = Math.min(this.entries.length - most, this.#firstPending);
    if (surplus <= 0) return null;
    const removed = this.entries.splice(0, surplus);
    for (const { seq } of removed) if (this.#bySeq.delete(seq)) this.#mayHaveEarlier = true;
    return { added: [], changed: [], removed, at: 0 };
  }

  get #firstPending() {
    return this.entries.length - this.#pendingCount;
  }

  #entryOf(frame, counted) {
    return entryOf(frame, { me: this.#me, counted, key: `${this.#order}-${frame.seq}` });
  }

  #insert(entry) {
    if (this.#bySeq.has(entry.seq) || this.#isAboveLoaded(entry)) return null;
    const at = this.#placeOf(entry);
    this.entries.splice(at, 0, entry);
    this.#bySeq.set(entry.seq, entry);
    return { added: [entry], changed: [], removed: [], at };
  }

  /** The receipt of an own message has come: it takes its place, often the one where it stands. */
  #accept(pending, received) {
    const index = this.#takePending(pending);
    if (this.#bySeq.has(received.seq) || this.#isAboveLoaded(received)) {
      return { added: [], changed: [], removed: [pending], at: 0 };
    }
    const entry = Object.assign(pending, received, { key: pending.key, reason: undefined, hint: undefined });
    const at = this.#placeOf(entry);
    this.entries.splice(at, 0, entry);
    this.#bySeq.set(entry.seq, entry);
    if (at === index) return { added: [], changed: [entry], removed: [], at };
    return { added: [entry], changed: [], removed: [entry], at };
  }

  #takePending(entry) {
    const index = this.entries.indexOf(entry);
    this.entries.splice(index, 1);
    this.#pendingCount -= 1;
    return index;
  }

  /** Between it and the first loaded message others are missing: it comes when those are loaded. */
  #isAboveLoaded({ seq }) {
    return this.hasEarlier && seq < this.oldest;
  }

  #placeOf({ seq }) {
    let at = this.#firstPending;
    for (let index = at - 1; index >= 0 && !(this.entries[index].seq && this.entries[index].seq < seq); index -= 1) {
      if (this.entries[index].seq) at = index;
    }
    return at;
  }

  /** What is here stays to be read, but its numbers are others' now: nothing can be done with it. */
  #forgetNumbers() {
    const changed = [...this.#bySeq.values()];
    for (const entry of changed) entry.seq = 0;
    this.#bySeq.clear();
    this.#recent = [];
    this.#order += 1;
    return { added: [], changed, removed: [], at: 0 };
  }
}
