/** Tries something about a file until it works: over broken connections, a busy room, and restarts. */

import { Refused } from './files/file_requests.js';

/** How often in a row a room may fail, or not know us, before that is its answer: it may have just started. */
const MAX_FAULTS = 5;
const FAULTS = new Set(['fault', 'not-joined', 'other-offset']);
const PASSING = new Set([...FAULTS, 'busy', 'closing']);

const PAUSES_MS = [250, 500, 1000, 2000, 4000];

/** A room through which no file has moved for this long will not move it. */
const GIVE_UP_MS = 600_000;

const KEPT_BREAKING = {
  reason: 'The connection kept breaking.',
  hint: "Try again later, or ask the room's host what keeps the room busy.",
};
const NOT_IN_ROOM = { reason: 'You are not in the room any more.', hint: 'Join again, then try again.' };
const OVER = new Set(['closed', 'refused', 'new']);

/** Given up by the person. */
export class Canceled extends Error {}

/**
 * @param {import('../session.js').Session} session
 * @param {AbortSignal} signal
 * @param {function(): Promise<*>} attempt called again while what it rejects with may pass
 * @param {{progress?: function(): number, onWait?: function(): void}} [options] `progress` returns how many bytes have
 *   moved; `onWait` is called before each pause
 * @returns {Promise<*>} rejects with `Refused` or `Canceled`
 */
export async function untilDone(session, signal, attempt, { progress = () => 0, onWait = () => {} } = {}) {
  let [pauses, faults, moved, hopeless] = [0, 0, progress(), Date.now() + GIVE_UP_MS];
  for (;;) {
    if (session.state !== 'joined') onWait();
    await whenJoined(session, signal);
    try {
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw new Canceled();
      if (progress() > moved) [pauses, faults, moved, hopeless] = [0, 0, progress(), Date.now() + GIVE_UP_MS];
      if (error instanceof Refused) {
        faults += FAULTS.has(error.code) ? 1 : 0;
        if (!PASSING.has(error.code) || faults > MAX_FAULTS) throw error;
      }
      if (Date.now() > hopeless) throw error instanceof Refused ? error : new Refused(KEPT_BREAKING);
      onWait();
      await pauseFor(PAUSES_MS[Math.min(pauses, PAUSES_MS.length - 1)], signal);
      pauses += 1;
    }
  }
}

/** @returns {Promise<void>} rejects if we are not in the room and will not be */
function whenJoined(session, signal) {
  return new Promise((resolve, reject) => {
    const stop = new AbortController();
    const look = () => {
      if (signal.aborted) reject(new Canceled());
      else if (OVER.has(session.state)) reject(new Refused(NOT_IN_ROOM));
      else if (session.state === 'joined') resolve();
      else return;
      stop.abort();
    };
    session.addEventListener('state', look, { signal: stop.signal });
    signal.addEventListener('abort', look, { signal: stop.signal });
    look();
  });
}

/** Also ends when the page comes back to the front. */
function pauseFor(milliseconds, signal) {
  return new Promise((resolve) => {
    const stop = new AbortController();
    const timer = setTimeout(end, milliseconds);
    function end() {
      clearTimeout(timer);
      stop.abort();
      resolve();
    }
    signal.addEventListener('abort', end, { signal: stop.signal });
    addEventListener('online', end, { signal: stop.signal });
  });
}
