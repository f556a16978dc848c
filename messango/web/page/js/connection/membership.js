import { isRetried, NO_KEY, outcomeOf } from '../model/outcome.js';
import { oneLine } from '../model/text/texts.js';
import { STABLE_MS } from './connector.js';
import { onWakeUp } from './wake_ups.js';

const PROTOCOL = 1;

/** How often to try a room that was full or locked. */
const SEAT_RETRY_MS = 5_000;

/** A room that has not answered by then is stuck. */
const ANSWER_JOIN_MS = 15_000;

/** After so many attempts, the person should know more than that there will be another one. */
const MANY_FAILURES = 4;

const BROKE = { reason: 'The connection was lost.', hint: '' };
const UNREACHABLE = {
  reason: 'The room does not answer.',
  hint: 'Is this device still in the Wi-Fi of the host? If it is, scan the QR code that the host shows now.',
};
const STUCK = { reason: 'The room neither let you in nor refused you.', hint: 'Its server may be stuck.' };
const REMOVED = new Set(['kicked', 'banned', 'no-guests']);

/** The key of the link opens nothing any more. */
const KEY_IS_OLD = new Set(['wrong-key', 'no-guests']);
const LEFT_BY_CHOICE = { code: 'left', reason: 'You left the room.', hint: '' };

/**
 * Gets into the room and stays in it: decides after each end of a connection whether to go on, and what the person
 * should know. `state`, `code`, `reason` and `hint` are those of `Session`. Events: `state`; `welcome` and `frames`,
 * whose details are what came; `lost`; `look`, whose detail is the `room` that was looked at.
 */
export class Membership extends EventTarget {
  state = 'new';
  code = '';
  reason = '';
  hint = '';
  /** Whether the person waits for a seat. */
  isWaiting = false;
  /** The number of the last entry that this page has; null: none, so the newest ones follow. */
  since = null;
  #storage;
  #connector;
  #lock;
  #wasJoined = false;
  #isLooking = false;
  #failures = 0;
  #joinedAt = Infinity;
  #seatTimer = 0;
  #answerTimer = 0;

  /**
   * @param {import('../model/storage.js').Storage} storage
   * @param {import('./connector.js').Connector} connector
   * @param {import('./browser_lock.js').BrowserLock} lock
   */
  constructor(storage, connector, lock) {
    super();
    this.#storage = storage;
    this.#connector = connector;
    this.#lock = lock;
    connector.addEventListener('open', () => this.#opened());
    connector.addEventListener('frames', (event) => this.#received(event.detail));
    connector.addEventListener('lost', () => this.#lost());
    lock.addEventListener('held', () => this.#connect());
    lock.addEventListener('elsewhere', () => this.#moved());
    onWakeUp(() => this.retryNow());
  }

  /** Begin when the page has loaded: go back to the room if this browser was in it. */
  start() {
    if (this.#storage.seat && this.#storage.name) this.join(this.#storage.name);
    else if (this.#storage.key) this.#setState('new');
    else this.#setState('refused', NO_KEY);
  }

  /** Ask the room what it tells everybody: its name, seats, and whether it is locked. */
  look() {
    this.#isLooking = true;
    this.#connector.start();
  }

  /** Another link was opened: what was refused may be allowed now. */
  keyChanged() {
    if (this.state === 'refused' || this.state === 'closed') this.start();
  }

  /** @param {string} name */
  join(name) {
    this.#storage.name = oneLine(name);
    this.isWaiting = false;
    this.#setState(this.#wasJoined ? 'reconnecting' : 'connecting');
    if (this.#lock.isHeld) this.#connect();
    else this.#lock.acquire();
  }

  /** Wait until the room has a seat, or is unlocked. */
  waitForSeat() {
    this.isWaiting = true;
    this.#connect();
  }

  /** Wait no longer. */
  stopWaiting() {
    this.isWaiting = false;
    this.#stop();
    this.#setState('refused', this);
  }

  /** Go on in this page instead of the other one. */
  takeOver() {
    this.#setState('connecting');
    this.#lock.takeOver();
  }

  /** Connect now instead of after the pause, or find out soon whether the connection is still there. */
  retryNow() {
    if (this.#seatTimer) this.#connect();
    else this.#connector.wakeUp();
  }

  /** Leave the room; the next visit is one of somebody new. */
  leave() {
    this.#connector.send({ type: 'leave' });
    this.#storage.leave();
    this.#end('closed', LEFT_BY_CHOICE);
  }

  /** @param {object} frame lost unless we are in the room */
  send(frame) {
    if (this.state === 'joined') this.#connector.send(frame);
  }

  /** @param {?number} since the number of the last entry that was received */
  remember(since) {
    if (since === this.since) return;
    this.since = since;
    this.#storage.seat = { ...this.#storage.seat, since };
  }

  #connect() {
    this.#stop();
    this.#isLooking = false;
    this.#setState(this.#wasJoined ? 'reconnecting' : 'connecting');
    this.#connector.start();
  }

  #opened() {
    if (this.#isLooking) this.#connector.send({ type: 'look', protocol: PROTOCOL });
    else this.#join();
  }

  #looked(frame) {
    this.#isLooking = false;
    this.#stop();
    this.dispatchEvent(new CustomEvent('look', { detail: frame }));
  }

  #join() {
    const { seat, key, name, room } = this.#storage;
    const frame = { type: 'join', protocol: PROTOCOL, name, key: key || undefined, session: seat?.session };
    if (this.since !== null) frame.since = this.since;
    if (seat || this.since !== null) frame.room = room;
    this.#connector.send(frame);
    this.#answerTimer = setTimeout(() => this.#retryLater(STUCK), ANSWER_JOIN_MS);
  }

  #received(frames) {
    let others = [];
    const flush = () => {
      if (others.length) this.dispatchEvent(new CustomEvent('frames', { detail: others }));
      others = [];
    };
    for (const frame of frames) {
      if (frame.type === 'welcome' || frame.type === 'refused' || frame.type === 'closed') {
        flush();
        this.#answered(frame);
      } else if (frame.type === 'room' && this.#isLooking) {
        this.#looked(frame);
      } else if (this.state === 'joined') {
        others.push(frame);
      }
    }
    flush();
  }

  #answered(frame) {
    clearTimeout(this.#answerTimer);
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'refused') this.#refused(frame);
    else this.#closed(frame);
  }

  #welcomed(frame) {
    const before = this.#storage.seat;
    const isSameRoom = this.#storage.room === frame.room.id;
    this.#storage.room = frame.room.id;
    const since = isSameRoom ? before?.since ?? null : null;
    this.#storage.seat = { session: frame.session, since };
    this.#wasJoined = true;
    this.#joinedAt = performance.now();
    this.isWaiting = false;
    this.#connector.joined();
    this.#setState('joined');
    this.dispatchEvent(new CustomEvent('welcome', { detail: { frame, stored: since, isSameRoom } }));
  }

  #refused(frame) {
    const outcome = outcomeOf(frame, Boolean(this.#storage.seat));
    if (isRetried(frame.code, this.#wasJoined || this.isWaiting)) {
      this.#retryLater(outcome);
      return;
    }
    if (frame.code === 'other-room') this.#forgetRoom();
    this.#forgetSecrets(frame.code);
    this.#end('refused', outcome);
  }

  /** The room does not take back whom the host has removed; as somebody new they may come. */
  #forgetSecrets(code) {
    if (REMOVED.has(code)) this.#storage.seat = null;
    if (KEY_IS_OLD.has(code)) this.#storage.key = '';
  }

  #forgetRoom() {
    this.#storage.room = '';
    this.since = null;
    this.#wasJoined = false;
  }

  #closed(frame) {
    if (frame.code === 'too-slow') {
      this.#connector.reconnect();
      this.#lost();
    } else if (frame.code === 'replaced') {
      this.#moved();
    } else {
      this.#forgetSecrets(frame.code);
      this.#end('closed', outcomeOf(frame));
    }
  }

  #retryLater(outcome) {
    this.#stop();
    this.#setState(this.#wasJoined ? 'reconnecting' : 'connecting', outcome);
    this.#seatTimer = setTimeout(() => {
      this.#seatTimer = 0;
      this.#connector.start();
    }, SEAT_RETRY_MS);
  }

  #lost() {
    clearTimeout(this.#answerTimer);
    if (this.#isLooking) return; // The connector tries again.
    this.#failures = performance.now() - this.#joinedAt > STABLE_MS ? 1 : this.#failures + 1;
    this.#joinedAt = Infinity;
    this.#setState(this.#wasJoined ? 'reconnecting' : 'connecting', this.#trouble());
    this.dispatchEvent(new Event('lost'));
  }

  /** Why we are not in the room now; nothing as long as it may pass in a moment. */
  #trouble() {
    if (this.#failures >= MANY_FAILURES) return UNREACHABLE;
    return this.#failures > 1 ? BROKE : {};
  }

  #moved() {
    this.#stop();
    this.#setState('elsewhere');
    this.dispatchEvent(new Event('lost'));
  }

  #end(state, outcome) {
    this.#stop();
    this.isWaiting = false;
    this.#lock.release();
    this.#setState(state, outcome);
    this.dispatchEvent(new Event('lost'));
  }

  #stop() {
    clearTimeout(this.#answerTimer);
    clearTimeout(this.#seatTimer);
    this.#seatTimer = 0;
    this.#connector.stop();
  }

  #setState(state, { code = '', reason = '', hint = '' } = {}) {
    Object.assign(this, { state, code, reason, hint });
    this.dispatchEvent(new Event('state'));
  }
}
