/**
 * Which pictures come by themselves, and when: the visible ones, two at a time, and never more than a bound. A room is
 * not trusted: it can neither fill the memory nor use the network for longer than a person would. Pure.
 */

import { AUTO_BYTES } from './files.js';

/** So many at a time, as many as a member may have. */
const MAX_AT_ONCE = 2;

/** All that comes by itself in one visit; after that each picture needs a tap. */
const MAX_AUTO_BYTES = 100_000_000;

/** What is kept in memory, as files; beyond it those not seen for the longest go. */
const MAX_KEPT_BYTES = 60_000_000;

/** Each counts as at least this much: a room may offer countless tiny ones. */
const LEAST_BYTES = 20_000;

/** Those that still wait; those that became visible last come first. */
const MAX_WAITING = 50;

/** Decides; somebody else fetches. */
export class PictureFetches {
  #waiting = new Map();
  /** What a person asked for comes before that, whatever its size. */
  #asked = new Map();
  #running = new Set();
  #visible = new Set();
  /** By file: `{url, cost}`; the one seen last is the last. */
  #kept = new Map();
  #failures = new Map();
  #autoBytes = 0;

  /** @returns {string|undefined} the picture of a file that is here */
  urlOf(id) {
    const kept = this.#kept.get(id);
    if (this.#kept.delete(id)) this.#kept.set(id, kept);
    return kept?.url;
  }

  /** @returns {string|undefined} why a picture is not shown */
  failure(id) {
    return this.#failures.get(id);
  }

  /** @returns {boolean} whether a picture is on its way, or will be by itself */
  isComing(id) {
    return this.#running.has(id) || this.#asked.has(id) || this.#waiting.has(id);
  }

  /** A picture's place came into sight. @param {object} file */
  becameVisible(file) {
    this.#visible.add(file.id);
    if (!this.#comesByItself(file)) return;
    this.#waiting.set(file.id, file);
    if (this.#waiting.size > MAX_WAITING) this.#waiting.delete(this.#waiting.keys().next().value);
  }

  /** It is out of sight again: others come first. */
  becameHidden(id) {
    this.#visible.delete(id);
    this.#waiting.delete(id);
  }

  /** A person wants to see a picture, of any size. @param {object} file */
  request(file) {
    this.#failures.delete(file.id);
    if (!this.#kept.has(file.id) && !this.#running.has(file.id)) this.#asked.set(file.id, file);
  }

  /** @returns {object|undefined} the file to fetch now; `arrived` or `failed` has to follow */
  next() {
    if (this.#running.size >= MAX_AT_ONCE) return undefined;
    const isAsked = this.#asked.size > 0;
    const file = [...(isAsked ? this.#asked : this.#waiting).values()].pop();
    if (!file) return undefined;
    this.#asked.delete(file.id);
    this.#waiting.delete(file.id);
    if (!isAsked) this.#autoBytes += costOf(file);
    this.#running.add(file.id);
    return file;
  }

  /**
   * A picture is here.
   * @param {object} file
   * @param {string} url
   * @returns {string[]} the addresses of pictures out of sight that have to go for it
   */
  arrived(file, url) {
    this.#running.delete(file.id);
    this.#kept.set(file.id, { url, cost: costOf(file) });
    let bytes = [...this.#kept.values()].reduce((sum, { cost }) => sum + cost, 0);
    const gone = [];
    for (const [id, kept] of this.#kept) {
      if (bytes <= MAX_KEPT_BYTES) break;
      if (id === file.id || this.#visible.has(id)) continue;
      this.#kept.delete(id);
      gone.push(kept.url);
      bytes -= kept.cost;
    }
    return gone;
  }

  /** A picture does not come, or can't be shown. */
  failed(id, reason) {
    this.#running.delete(id);
    this.#failures.set(id, reason);
  }

  #comesByItself(file) {
    const isKnown = this.#kept.has(file.id) || this.#failures.has(file.id) || this.isComing(file.id);
    return !isKnown && file.size <= AUTO_BYTES && this.#autoBytes + costOf(file) <= MAX_AUTO_BYTES;
  }
}

function costOf(file) {
  return Math.max(file.size, LEAST_BYTES);
}
