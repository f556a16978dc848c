/** What the list of people says of a member, in the words of the window. */

import { HOST_NAME, quotedName } from './texts.js';

/**
 * @param {object} member
 * @param {boolean} isTyping
 * @returns {string} behind the name
 */
export function memberStatus({ you, host, isLost }, isTyping) {
  if (isLost) return 'lost connection';
  if (isTyping) return host ? 'host, typing…' : 'typing…';
  return [you && 'you', host && 'host'].filter(Boolean).join(', ');
}

/**
 * @param {object} member
 * @returns {string} below the name: what others should know before they trust it
 */
export function memberWarning({ resembles, web, encrypted, isLost }) {
  if (isLost) return '';
  const other = resembles === HOST_NAME ? 'the host' : quotedName(resembles);
  return [resembles && `looks like ${other}`, web && 'by browser', !encrypted && !resembles && 'not encrypted']
    .filter(Boolean).join(', ');
}
