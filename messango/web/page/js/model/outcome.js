/** What the end of a connection means, by the code of `refused` or `closed`: what to do next. */

/** The room may let us in later. */
const WAITS = new Set(['full', 'locked']);

/** Here nothing is to be tried again without another link, or the host. */
const FINAL = new Set(['wrong-key', 'key-required', 'no-guests']);

/** Our own words where the room's are for other programs. */
const TEXTS = {
  __proto__: null,
  'other-room': { reason: 'Another room answers here now.', hint: 'You can join that one.' },
};

/** Before the first frame, where no key came with the address. */
export const NO_KEY = {
  code: 'key-required',
  reason: 'To join, you need the link of the host.',
  hint: 'Scan the QR code that the host shows, or ask them for the link.',
};

/** As from the room, where the host does not admit guests: no browser can ask it then. */
export const NO_GUESTS = {
  type: 'refused',
  code: 'no-guests',
  reason: 'The host takes no guests from the browser now.',
  hint: 'Ask the host to admit them, or join with Messango.',
};

/** For a guest whose seat is gone, and whose link was right once. */
const NEW_LINK = {
  reason: 'To come back, you need the new link: the room was opened again, or the old link was renewed or has expired.',
  hint: 'Scan the QR code that the host shows now. What you have not sent yet is kept, and sent then.',
};

/**
 * @param {{code: string, reason: string, hint: string}} frame `refused` or `closed`
 * @param {boolean} [wasInside] whether this browser had a seat
 * @returns {{code: string, reason: string, hint: string}} in words for a guest
 */
export function outcomeOf({ code, reason, hint }, wasInside = false) {
  return { code, reason, hint, ...(wasInside && code === 'wrong-key' ? NEW_LINK : TEXTS[code]) };
}

/**
 * @param {string} code of `refused`
 * @param {boolean} waits whether we were in the room before, or the person waits for a seat
 * @returns {boolean} whether to try again without asking the person
 */
export function isRetried(code, waits) {
  return code === 'busy' || (waits && WAITS.has(code));
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
