import { NO_GUESTS } from '../model/outcome.js';
import { Backoff } from './backoff.js';
import { EventStreamLink } from './event_stream_link.js';
import { Heartbeat } from './heartbeat.js';
import { EVENT_STREAM, LinkChoice } from './link_choice.js';
import { RoomGuard } from './room_guard.js';
import { WebSocketLink } from './web_socket_link.js';

/** An attempt from before the page woke up may never end; one of this moment is as good as another. */
const FRESH_MS = 1_000;

/** A room that lets us in and breaks off sooner than this is not asked again at once. */
export const STABLE_MS = 2_000;

/** A page that takes longer to load is not there. */
const PROBE_WITHIN_MS = 5_000;
const FORBIDDEN = 403;

/**
 * Keeps a link to the room open between `start` and `stop`: owns the link and the timers of its silence and of the
 * next attempt. Events: `open`, `frames` and `lost` as of a `RoomLink`, for each link. `lost` comes also for
 * one that was never open; the next attempt is made without being asked for.
 */
export class Connector extends EventTarget {
  #backoff = new Backoff();
  #heartbeat = new Heartbeat();
  #guard = new RoomGuard();
  #choice;
  #link = null;
  #isOpen = false;
  #isWanted = false;
  #startedAt = 0;
  #joinedAt = Infinity;
  #retryTimer = 0;
  #silenceTimer = 0;

  /** @param {LinkChoice} choice */
  constructor(choice) {
    super();
    this.#choice = choice;
  }

  /** @returns {boolean} whether a link is open */
  get isOpen() {
    return this.#isOpen;
  }

  /** Connect, and stay connected. */
  start() {
    this.#isWanted = true;
    this.#backoff.reset();
    this.#connect();
  }

  /** Disconnect; no event follows. */
  stop() {
    this.#isWanted = false;
    this.#drop();
  }

  /** The room has let us in: if it stays so for a moment, connect at once after the next break. */
  joined() {
    this.#joinedAt = performance.now();
  }

  /** Break off what is open and try again, the sooner the fewer attempts there were. */
  reconnect() {
    this.#drop();
    this.#connectLater();
  }

  /** The page was away: find out soon whether the link still is there, or connect at once. */
  wakeUp() {
    if (!this.#isWanted) return;
    if (this.#isOpen) {
      this.#act(this.#heartbeat.check(performance.now()));
    } else if (!this.#link || performance.now() - this.#startedAt > FRESH_MS) {
      this.#backoff.reset();
      this.#connect();
    }
  }

  /** @param {object} frame lost if no link is open */
  send(frame) {
    if (this.#isOpen) this.#link.send(frame);
  }

  #connect() {
    this.#drop();
    const link = this.#choice.way === EVENT_STREAM ? new EventStreamLink() : new WebSocketLink();
    this.#link = link;
    this.#guard = new RoomGuard();
    this.#startedAt = performance.now();
    link.addEventListener('open', () => this.#opened());
    link.addEventListener('frames', (event) => this.#received(event.detail));
    link.addEventListener('lost', () => this.#lost());
  }

  #opened() {
    this.#isOpen = true;
    this.#choice.opened();
    this.#heard();
    this.dispatchEvent(new Event('open'));
  }

  #received(values) {
    this.#heard();
    const frames = this.#guard.check(values, performance.now());
    if (frames.some((frame) => frame.type === 'ping')) this.send({ type: 'pong' });
    this.dispatchEvent(new CustomEvent('frames', { detail: frames }));
  }

  async #lost() {
    const wasOpen = this.#isOpen;
    this.#drop();
    this.dispatchEvent(new Event('lost'));
    if (!this.#isWanted || this.#link) return;
    this.#connectLater();
    if (!wasOpen) this.#answered(await httpsStatus());
  }

  /** What the way was not open for: a host who admits no guests at all answers by HTTP only. */
  #answered(status) {
    if (status === FORBIDDEN && this.#isWanted) this.dispatchEvent(new CustomEvent('frames', { detail: [NO_GUESTS] }));
    else if (status) this.#choice.failed();
  }

  #connectLater() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #drop() {
    clearTimeout(this.#retryTimer);
    clearTimeout(this.#silenceTimer);
    if (performance.now() - this.#joinedAt > STABLE_MS) this.#backoff.reset();
    this.#joinedAt = Infinity;
    this.#isOpen = false;
    this.#link?.close();
    this.#link = null;
  }

  #heard() {
    this.#heartbeat.heard(performance.now());
    this.#listen();
  }

  #listen() {
    clearTimeout(this.#silenceTimer);
    const wait = Math.max(this.#heartbeat.dueAt - performance.now(), 0);
    this.#silenceTimer = setTimeout(() => this.#act(this.#heartbeat.tick(performance.now())), wait);
  }

  #act(what) {
    if (what === 'dead') {
      this.#lost();
      return;
    }
    if (what === 'ping') this.send({ type: 'ping' });
    this.#listen();
  }
}

/** @returns {Promise<number>} 0 if nothing answers */
async function httpsStatus() {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PROBE_WITHIN_MS);
  try {
    const { status } = await fetch('/', { method: 'HEAD', cache: 'no-store', signal: abort.signal });
    return status;
  } catch {
    return 0;
  } finally {
    clearTimeout(timer);
  }
}
