/** Gets files of the room by tickets, so that no session is in an address. */

import { untilDone } from '../attempts.js';
import { getBlob, postJson, Refused } from './file_requests.js';

const TICKET = /^[\w-]{1,64}$/;

/**
 * @param {import('../../session.js').Session} session
 * @param {{id: string, name: string}} file
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>} an address that gives the file once, within a minute; rejects with `Refused`
 */
export async function addressOf(session, file, signal) {
  const { ticket } = await postJson('/tickets', { session: session.token, file: file.id }, signal);
  if (!TICKET.test(ticket)) throw new Refused({});
  return `/files/${ticket}/${encodeURIComponent(file.name.replace(/\p{Cs}/gu, '_')) || 'file'}`;
}

/**
 * @param {import('../../session.js').Session} session
 * @param {{id: string, name: string, size: number}} file
 * @param {AbortSignal} signal
 * @returns {Promise<Blob>} the whole file; rejects with `Refused` or `Canceled`
 */
export function fetchFile(session, file, signal) {
  return untilDone(session, signal, async () => getBlob(await addressOf(session, file, signal), file.size, signal));
}
