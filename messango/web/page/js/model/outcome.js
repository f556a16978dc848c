/** What the end of a connection means, by the code of `refused` or `closed`: what to do next. */

/** The room may let us in later. */
const WAITS = new Set(['full', 'locked']);

/** Here nothing is to be tried again without another link, or the host. */
const FINAL = new Set(['wrong-key', 'key-required', 'password-required', 'no-guests']);

const RESCAN = 'Scan the QR code that the host shows now, or ask them for the link.';

/** Our own words where the room's are for other programs. */
const TEXTS = {
  'wrong-key': { reason: 'This link is not valid any more.', hint: RESCAN },
  'key-required': { reason: 'To join, you need the link that the host shows.', hint: RESCAN },
  'password-required': { reason: 'To join, you need the link that the host shows.', hint: RESCAN },
  'other-room': { reason: 'Another room answers here now.', hint: 'You can join that one.' },
};

/** Before the first frame, where no key came with the address. */
export const NO_KEY = { code: 'key-required', ...TEXTS['key-required'] };

/**
 * @param {{code: string, reason: string, hint: string}} frame `refused` or `closed`
 * @returns {{code: string, reason: string, hint: string}} in words for a guest
 */
export function outcomeOf({ code, reason, hint }) {
  return { code, reason, hint, ...TEXTS[code] };
}

/**
 * @param {string} code of `refused`
 * @param {boolean} wasJoined whether we have a session in the room
 * @returns {boolean} whether to try again without asking the person
 */
export function isRetried(code, wasJoined) {
  return code === 'busy' || (wasJoined && WAITS.has(code));
}

/**
 * @param {{state: string, code: string}} session
 * @returns {'wait'|'join'|'again'|'here'|''} what the person can do: wait for a seat, join with a name, try again,
 *   take over from another page; empty if only another link helps
 */
export function nextStep({ state, code }) {
  if (state === 'elsewhere') return 'here';
  if (FINAL.has(code)) return '';
  if (WAITS.has(code)) return 'wait';
  return code === 'bad-name' || code === 'other-room' ? 'join' : 'again';
}
