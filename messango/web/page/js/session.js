import { BrowserLock } from './connection/browser_lock.js';
import { Connector } from './connection/connector.js';
import { LinkChoice } from './connection/link_choice.js';
import { Membership } from './connection/membership.js';
import { ChangeBatch } from './model/transcript/change_batch.js';
import { Conversation } from './model/conversation.js';
import { Ids } from './model/ids.js';
import { Outbox } from './model/outbox.js';
import { Questions } from './model/questions.js';
import { oneLine } from './model/text/texts.js';
import { Pace } from './pace.js';

const EARLIER_COUNT = 100;
const TYPING_EVERY_MS = 2_000;

const MESSAGES = new Set(['say', 'tell', 'share']);
const LOST_HISTORY = { reason: 'The room has lost its history, and with it the message that you mean.', hint: '' };

/**
 * One person in the room: what they do, and what happens.
 *
 * `state` is `new` (a name is needed), `connecting`, `joined`, `reconnecting`, `refused`, `closed` or `elsewhere` (in
 * another page of this browser); `code`, `reason` and `hint` say why. Events: `state`; `room`; `people`, whose detail
 * may have `joined`, `left` or `renamed`; `preview`, after `look`; `transcript`, whose detail is a `Change`; `typing`, whose detail is the frame;
 * `problem`, whose detail is `{code, reason, hint, request}`: a request without a place in the transcript failed.
 */
export class Session extends EventTarget {
  #storage;
  #membership;
  #conversation;
  #changes = new ChangeBatch((change) => this.#report('transcript', change));
  #showing = new Pace(() => this.#show());
  #outbox;
  #questions = new Questions();
  #ids = new Ids();
  #renaming = '';
  #seen = 0;
  #visits = 0;
  #preview = null;
  #linkDown = null;
  #typingAt = -TYPING_EVERY_MS;

  /**
   * @param {import('./model/storage.js').Storage} storage
   * @param {Membership} [membership]
   */
  constructor(storage, membership = membershipOf(storage)) {
    super();
    this.#storage = storage;
    this.#membership = membership;
    this.#conversation = new Conversation((type, detail) => this.#conversationChanged(type, detail));
    this.#outbox = new Outbox((requests) => { storage.unsent = requests; });
    membership.addEventListener('state', () => this.#report('state', {}));
    membership.addEventListener('look', ({ detail }) => {
      this.#preview = detail;
      this.#report('preview', detail);
    });
    membership.addEventListener('welcome', (event) => this.#welcomed(event.detail));
    membership.addEventListener('frames', (event) => this.#received(event.detail));
    membership.addEventListener('lost', () => this.#lost());
  }

  get state() { return this.#membership.state; }

  get code() { return this.#membership.code; }

  get reason() { return this.#membership.reason; }

  get hint() { return this.#membership.hint; }

  /** @returns {?object} `{reason, hint}` while our server has no link to the room's others: what we write waits */
  get linkDown() { return this.#linkDown; }

  /** @returns {boolean} whether this page does not come back into the room by itself */
  get isOver() { return ['refused', 'closed', 'elsewhere'].includes(this.state); }

  /** @returns {boolean} whether the person waits for a seat */
  get isWaiting() { return this.#membership.isWaiting; }

  /** @returns {import('./model/transcript/transcript.js').Transcript} */
  get transcript() { return this.#conversation.transcript; }

  /** @returns {import('./model/people.js').People} */
  get people() { return this.#conversation.people; }

  /** @returns {?object} what the room says of itself; null before the first visit */
  get room() { return this.#conversation.room; }

  /** @returns {?object} what the room tells everybody; null before it was looked at */
  get preview() { return this.#preview; }

  /** @returns {string} the own public id */
  get me() { return this.#conversation.me; }

  /** @returns {string} the secret that uploads and tickets need; empty before joining */
  get token() { return this.#storage.seat?.session ?? ''; }

  /** @returns {number} the number of the last entry when we joined: what comes up to it is history */
  get latest() { return this.#conversation.latest; }

  /** @returns {number} the last number that this browser had when the page was loaded; 0 if it had none */
  get seen() { return this.#seen; }

  /** @returns {boolean} whether this page has joined once, and not come back yet */
  get isFirstVisit() { return this.#visits === 1; }

  /** @returns {string} an id for a request, for `share` before its upload begins */
  newId() { return this.#ids.next(); }

  /**
   * @param {string} feature such as `reactions`
   * @returns {boolean} whether the room offers it
   */
  can(feature) { return this.#conversation.can(feature); }

  /** Begin when the page has loaded: go back to the room if this browser was in it. */
  start() { this.#membership.start(); }

  /** Another link was opened: what was refused may be allowed now. */
  keyChanged() { this.#membership.keyChanged(); }

  /** Ask the room what it tells everybody. */
  look() { this.#membership.look(); }

  /** Join under a name, now or as soon as the room can be reached. */
  join(name) { this.#membership.join(name); }

  /** Wait until the room has a seat, or is unlocked. */
  waitForSeat() { this.#membership.waitForSeat(); }

  /** Wait no longer. */
  stopWaiting() { this.#membership.stopWaiting(); }

  /** Go on in this page instead of the other one. */
  takeOver() { this.#membership.takeOver(); }

  /** Connect now instead of after the pause. */
  retryNow() { this.#membership.retryNow(); }

  /** Leave the room. What is not sent yet never will be: the next who joins in this browser is another member. */
  leave() {
    for (const { frame } of this.#outbox.requests) this.discard(frame.id);
    this.#membership.leave();
  }

  /**
   * Say something to everybody, now or after reconnecting.
   * @param {string} text
   * @param {{replyTo?: number}} [options]
   * @returns {string} the id of the request, as of those that follow
   */
  say(text, { replyTo } = {}) {
    return this.#write({ type: 'say', id: this.newId(), text, reply_to: replyTo });
  }

  /** Say something to one member only. */
  tell(memberId, text, { replyTo } = {}) {
    return this.#write({ type: 'tell', id: this.newId(), to: memberId, text, reply_to: replyTo });
  }

  /** Share an uploaded file; `file` is what its entry shows until the receipt comes. */
  share(fileId, text, { replyTo, id = this.newId(), file } = {}) {
    return this.#write({ type: 'share', id, file: fileId, text, reply_to: replyTo }, { file });
  }

  /** Add a reaction to a message, or take the own one back. */
  react(seq, emoji, on) {
    return this.#request({ type: 'react', id: this.newId(), seq, emoji, on });
  }

  /** Replace the text of an own message. */
  edit(seq, text) {
    return this.#request({ type: 'edit', id: this.newId(), seq, text });
  }

  /** Delete an own message. */
  remove(seq) {
    return this.#request({ type: 'delete', id: this.newId(), seq });
  }

  /** Send a failed message again. @param {string} id */
  sendAgain(id) {
    const frame = this.discard(id);
    if (frame) this.#write({ ...frame, id: this.newId() });
  }

  /**
   * Remove a failed message.
   * @param {string} id
   * @returns {object|undefined} its frame
   */
  discard(id) {
    this.#conversation.removePending(id);
    this.#changes.flush();
    return this.#outbox.remove(id);
  }

  /**
   * @param {number} [count] at most 200
   * @returns {Promise<void>} when older messages are in the transcript; rejects with `{code, reason, hint}`
   */
  async earlier(count = EARLIER_COUNT) {
    const before = this.transcript.oldest;
    if (!before || !this.transcript.hasEarlier) return;
    const answer = await this.#ask({ type: 'earlier', id: this.newId(), before, count });
    this.#conversation.addEarlier(answer, before);
    this.#changes.flush();
  }

  /**
   * @param {string} words
   * @param {number} [before] a number; by default all that the room keeps is searched
   * @returns {Promise<{entries: object[], more: boolean}>} newest last; rejects with `{code, reason, hint}`
   */
  async search(words, before) {
    const answer = await this.#ask({ type: 'search', id: this.newId(), words, before });
    return { entries: this.transcript.present(answer), more: answer.more };
  }

  /**
   * Drop the oldest entries beyond so many, for a page that is open for days; they can be loaded again.
   * @param {number} most
   */
  trim(most) {
    const change = this.transcript.trim(most);
    if (change) this.#report('transcript', change);
  }

  /** The person is typing, to all or to the member with this id; may be called for every key. */
  typing(to = '') {
    const now = performance.now();
    // A room without private messages would tell all members.
    if (now - this.#typingAt < TYPING_EVERY_MS || (to && !this.can('private'))) return;
    this.#typingAt = now;
    this.#membership.send({ type: 'typing', to: to || undefined });
  }

  /** Ask for another name, now or after reconnecting. */
  rename(name) {
    this.#renaming = oneLine(name);
    this.#membership.send({ type: 'rename', name: this.#renaming });
  }

  #write(frame, details) {
    this.#conversation.addPending(frame, details);
    this.#changes.flush();
    return this.#request(frame);
  }

  #request(frame) {
    this.#outbox.add(frame);
    this.#sendWaiting();
    return frame.id;
  }

  #ask(frame) {
    const answer = this.#questions.ask(frame);
    this.#sendWaiting();
    return answer;
  }

  #sendWaiting() {
    if (this.state !== 'joined') return;
    for (const frame of [...(this.#linkDown ? [] : this.#outbox.nextBatch()), ...this.#questions.nextBatch()]) this.#membership.send(frame);
  }

  #welcomed({ frame, stored, isSameRoom }) {
    if (!isSameRoom) this.#conversation.forget();
    this.#visits += 1;
    if (this.#visits === 1) this.#seen = stored ?? frame.latest;
    this.#linkDown = null;
    this.#outbox.load(this.#storage.unsent);
    this.#conversation.joined(frame, { wanted: this.#renaming || this.#storage.name });
    this.#membership.remember(this.#conversation.last);
    if (stored !== null && stored > frame.latest) this.#failNumbered();
    this.#showUnsent();
    this.#changes.flush();
    if (this.#renaming) this.rename(this.#renaming);
    this.#sendWaiting();
  }

  /** Show what an earlier page, or the other tab, could not send any more. */
  #showUnsent() {
    for (const { frame, failed } of this.#outbox.requests) {
      const isShown = !MESSAGES.has(frame.type) || this.transcript.pending(frame.id);
      if (!isShown) this.#conversation.addPending(frame, { failed });
    }
  }

  #failNumbered() {
    for (const frame of this.#outbox.takeNumbered()) this.#requestFailed(frame, LOST_HISTORY);
  }

  #received(frames) {
    for (const frame of frames) this.#handle(frame);
    this.#showing.request();
    this.#sendWaiting();
  }

  #show() {
    this.#membership.remember(this.#conversation.last);
    this.#changes.flush();
  }

  #handle(frame) {
    if (frame.type === 'problem') {
      this.#problem(frame);
    } else if (frame.type === 'earlier' || frame.type === 'found') {
      this.#questions.answered(frame);
    } else if (this.#conversation.handle(frame, this.#renaming)) {
      if (frame.member === this.me) this.#outbox.remove(frame.id);
    } else if (frame.type === 'renamed' && frame.member === this.me) {
      this.#storage.name = frame.name;
      this.#renaming = '';
    }
  }

  #problem(frame) {
    if (!frame.id && (frame.code === 'link-down' || frame.code === 'link-up')) {
      this.#linkDown = frame.code === 'link-down' ? frame : null;
      if (!this.#linkDown) this.#conversation.notice(frame.reason);
      this.#report('state', {});
      return;
    }
    if (frame.code === 'bad-name') this.#renaming = '';
    if (frame.id && this.#questions.failed(frame)) return;
    const request = frame.id ? this.#outbox.get(frame.id) : undefined;
    this.#requestFailed(request, frame);
  }

  #requestFailed(request, { code = '', reason, hint }) {
    if (request && MESSAGES.has(request.type)) {
      this.#outbox.add(request);
      this.#outbox.fail(request.id, { reason, hint });
      this.#conversation.setFailed(request.id, { reason, hint });
      return;
    }
    if (request) this.#outbox.remove(request.id);
    this.#report('problem', { code, reason, hint, request });
  }

  #lost() {
    this.#questions.requeue();
    if (this.state !== 'closed' && this.state !== 'refused') return;
    this.#questions.failAll({ code: this.code, reason: this.reason, hint: this.hint });
  }

  #conversationChanged(type, detail) {
    if (type === 'transcript') {
      this.#changes.add(detail);
      return;
    }
    this.#showing.request(); // Views see things in the order in which they happened.
    this.#report(type, detail);
  }

  #report(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

function membershipOf(storage) {
  const choice = new LinkChoice(sessionArea());
  return new Membership(storage, new Connector(choice), new BrowserLock());
}

function sessionArea() {
  try {
    return globalThis.sessionStorage;
  } catch {
    return null;
  }
}
