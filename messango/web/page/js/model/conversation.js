/** What is known of the room: turns its frames into changes of the transcript and of the people. */

import { People } from './people.js';
import { PresenceLine } from './transcript/presence_line.js';
import { lookAlikeText, plainName, quotedName, quotedText } from './text/texts.js';
import { Transcript } from './transcript/transcript.js';

const ENTRIES = new Set(['message', 'told', 'reacted', 'edited', 'deleted']);
const BEGAN_AGAIN = 'The room has lost its history: what is above is from before, and only here.';
const NOT_KEPT = 'The room no longer keeps some of the messages that you missed.';

/**
 * Pure. `report(type, detail)` is called for each change, with the events of `Session`: `room`, `people`,
 * `transcript` and `typing`.
 */
export class Conversation {
  people = new People();
  transcript = new Transcript();
  /** What the room says of itself; null before the first visit. */
  room = null;
  /** The number of the last entry that was received; null: none is known, and the next join gets the newest ones. */
  last = null;
  /** The number of the last entry when we joined: what comes up to it is history. */
  latest = 0;
  #report;
  #now;
  #presence = null;

  /**
   * @param {function(string, *): void} report
   * @param {function(): number} [now] seconds since 1970
   */
  constructor(report, now = () => Date.now() / 1000) {
    this.#report = report;
    this.#now = now;
  }

  /** @returns {string} the own public id */
  get me() {
    return this.people.me?.id ?? '';
  }

  /**
   * @param {string} feature
   * @returns {boolean} whether the room offers it
   */
  can(feature) {
    return Boolean(this.room?.features?.includes(feature));
  }

  /** The next room is another one: nothing of this one belongs to it. */
  forget() {
    const removed = this.transcript.entries;
    this.transcript = new Transcript();
    this.people = new People();
    this.last = null;
    if (removed.length) this.#transcriptChanged({ added: [], changed: [], removed, at: 0 });
  }

  /**
   * We are in the room, for the first time or again.
   * @param {object} frame `welcome`
   * @param {{wanted: string}} details the name that was asked for
   */
  joined(frame, { wanted }) {
    const since = this.last !== null && this.last <= frame.latest ? this.last : null;
    const formerly = new Set(this.people.all.map((each) => each.name));
    const formerName = this.people.me?.name;
    const hasBegunAgain = this.last !== null && since === null;
    const hasGap = since !== null && frame.latest > since && frame.oldest > since + 1;
    this.room = frame.room;
    this.latest = frame.latest;
    this.last = since ?? (frame.oldest === 0 ? frame.latest : null);
    this.people.reset(frame);
    this.#transcriptChanged(this.transcript.begin(frame, since));
    this.#report('room', this.room);
    this.#report('people', {});
    if (hasBegunAgain) this.notice(BEGAN_AGAIN);
    if (hasGap) this.notice(NOT_KEPT);
    if (wanted && wanted !== frame.you && frame.you !== formerName) {
      this.notice(`You are called ${quotedName(frame.you)} here: ${quotedName(wanted)} was taken.`);
    }
    for (const person of this.people.all) if (!formerly.has(person.name)) this.#warnOf(person);
  }

  /**
   * @param {object} frame
   * @param {string} [wanted] the name that we asked for
   * @returns {boolean} whether it was an entry, which takes a number in the room's order
   */
  handle(frame, wanted = '') {
    if (ENTRIES.has(frame.type)) return this.#entry(frame);
    if (frame.type === 'joined') this.#joined(frame);
    else if (frame.type === 'left') this.#left(frame);
    else if (frame.type === 'renamed') this.#renamed(frame, wanted);
    else if (frame.type === 'typing') this.#report('typing', frame);
    return false;
  }

  /**
   * Add a quiet line.
   * @param {string} text
   */
  notice(text) {
    this.#presence = null;
    this.#transcriptChanged(this.transcript.notice(text, { time: this.#now() }));
  }

  /**
   * Add an own message that waits for its receipt.
   * @param {object} frame
   * @param {object} [details] `{failed, file}`
   */
  addPending(frame, details = {}) {
    const answered = frame.reply_to ? this.transcript.get(frame.reply_to) : undefined;
    const reply = answered ? { seq: answered.seq, name: answered.name, text: quotedText(answered.text) } : null;
    const toName = frame.to ? this.people.get(frame.to)?.name ?? '' : '';
    const name = this.people.me?.name ?? '';
    const sender = { name, time: this.#now(), toName, reply, ...details };
    this.#transcriptChanged(this.transcript.addPending(frame, sender));
  }

  /**
   * @param {string} id
   * @param {?{reason: string, hint: string}} failed null: it waits again
   */
  setFailed(id, failed) {
    this.#transcriptChanged(this.transcript.setFailed(id, failed));
  }

  /** @param {string} id of an own message without a receipt */
  removePending(id) {
    this.#transcriptChanged(this.transcript.removePending(id));
  }

  /**
   * @param {object} answer `earlier`
   * @param {number} before
   */
  addEarlier(answer, before) {
    this.#transcriptChanged(this.transcript.addEarlier(answer, before));
  }

  #entry(frame) {
    // The second receipt of a request that we sent twice has its old number.
    this.last = Math.max(this.last ?? 0, frame.seq);
    const isMessage = frame.type === 'message' || frame.type === 'told';
    this.#transcriptChanged(isMessage ? this.transcript.add(frame) : this.transcript.apply(frame));
    return true;
  }

  #joined(frame) {
    const person = this.people.add({ ...frame, id: frame.member });
    this.#report('people', { joined: person });
    this.#presenceChanged((line) => line.joined(frame.name, frame.server));
    this.#warnOf(person);
  }

  #left(frame) {
    if (!this.people.left(frame, this.#now())) return;
    this.#report('people', { left: frame });
    this.#presenceChanged((line) => line.left(frame));
  }

  #renamed(frame, wanted) {
    const person = this.people.add({ ...frame, id: frame.member });
    this.#report('people', { renamed: person, old: frame.old });
    if (!person.you && frame.old === frame.name) return; // They are at another server of a linked room now.
    const who = person.you ? 'You are' : `${plainName(frame.old)} is`;
    const isTaken = person.you && wanted && wanted !== frame.name;
    const taken = isTaken ? `: ${quotedName(wanted)} was taken` : '';
    this.notice(`${who} ${frame.old === frame.name ? 'still' : 'now'} called ${plainName(frame.name)}${taken}`);
    this.#warnOf(person);
  }

  #warnOf(person) {
    const text = lookAlikeText(person);
    if (text) this.notice(text);
  }

  #presenceChanged(change) {
    const last = this.transcript.last;
    const goesOn = last && last === this.#presence?.entry && !this.#presence.line.isFull;
    const line = goesOn ? this.#presence.line : new PresenceLine();
    change(line);
    const details = { time: this.#now(), kind: 'presence', replaces: goesOn ? last : undefined };
    const changed = this.transcript.notice(line.text, details);
    this.#presence = { line, entry: goesOn ? last : changed.added[0] };
    this.#transcriptChanged(changed);
  }

  #transcriptChanged(change) {
    if (change) this.#report('transcript', change);
  }
}
