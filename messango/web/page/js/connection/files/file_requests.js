/** The page's requests about files. Each rejects with `Refused` if the room says no, or with what else broke. */

import { isRoomFrame } from '../../model/frame_rules.js';
import { lineOf } from '../room_link.js';

/** More is no answer of a room. */
const MAX_ANSWER_BYTES = 16_384;

/** A body that has not moved for this long is on a connection that broke. */
const STALLED_MS = 20_000;

/** An attempt may be repeated after it, a few times. */
const OTHER_SIZE = {
  code: 'fault', reason: 'The room sent more bytes than the file has.', hint: 'Ask its sender to share it again.',
};

/** The room says why something can't be done: `code`, `reason` and `hint` are those of a `problem`. */
export class Refused extends Error {
  /** @param {{code?: string, reason?: string, hint?: string}} problem */
  constructor({ code = '', reason = 'The room did not take that.', hint = 'Try again.' }) {
    super(reason);
    Object.assign(this, { code, reason, hint });
  }
}

/**
 * @param {string} path
 * @param {object} body
 * @param {AbortSignal} [signal]
 * @returns {Promise<object>} the frame that answers
 */
export async function postJson(path, body, signal) {
  const headers = { 'X-Messango': '1', 'Content-Type': 'application/json' };
  const options = { method: 'POST', headers, body: lineOf(body) };
  const { status, blob } = await fetchBody(path, options, MAX_ANSWER_BYTES, signal);
  return answerOf(status, await blob.text());
}

/**
 * @param {string} path
 * @param {number} size how many bytes these are
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>}
 */
export async function getBlob(path, size, signal) {
  const { status, blob } = await fetchBody(path, {}, Math.max(size, MAX_ANSWER_BYTES), signal);
  if (status >= 400) return answerOf(status, await blob.text());
  if (blob.size > size) throw new Refused(OTHER_SIZE);
  if (blob.size < size) throw new Error('Bytes are missing.');
  return blob;
}

/**
 * Send many bytes; only this kind of request tells how far it is.
 * @param {string} path
 * @param {Blob} blob
 * @param {{session: string, offset: number, signal: AbortSignal, onProgress: function(number): void}} options
 *   `onProgress` gets how many of these bytes are sent
 * @returns {Promise<object>} the frame that answers
 */
export function postBytes(path, blob, { session, offset, signal, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let timer = 0;
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), STALLED_MS);
    };
    const abort = () => request.abort();
    request.open('POST', path);
    request.setRequestHeader('X-Messango', '1');
    request.setRequestHeader('X-Messango-Session', session);
    request.setRequestHeader('X-Messango-Offset', offset);
    request.upload.onprogress = (event) => {
      watch();
      onProgress(event.loaded);
    };
    request.onprogress = ({ loaded }) => loaded > MAX_ANSWER_BYTES && request.abort();
    request.onload = () => {
      try {
        resolve(answerOf(request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    for (const type of ['error', 'abort']) request.addEventListener(type, () => reject(new Error('The connection broke.')));
    request.onloadend = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    signal.addEventListener('abort', abort);
    watch();
    request.send(blob);
    if (signal.aborted) abort();
  });
}

/** A room may send without end, or nothing: neither is waited for. */
async function fetchBody(path, options, most, signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  let timer = 0;
  const watch = () => {
    clearTimeout(timer);
    timer = setTimeout(abort, STALLED_MS);
  };
  signal?.addEventListener('abort', abort);
  watch();
  try {
    const response = await fetch(path, { ...options, redirect: 'error', signal: controller.signal });
    return { status: response.status, blob: await blobOf(response.body.getReader(), most, watch) };
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
    abort(); // What is left of a body is not wanted.
  }
}

async function blobOf(reader, most, onProgress) {
  const parts = [];
  for (let size = 0; ;) {
    const { done, value } = await reader.read();
    if (done) return new Blob(parts);
    onProgress();
    size += value.length;
    if (size > most) throw new Refused(OTHER_SIZE);
    parts.push(value);
  }
}

/** An answer that is not ours, such as one of a network's own login page, counts as a broken connection. */
function answerOf(status, text) {
  const frame = JSON.parse(text);
  if (!isRoomFrame(frame)) throw new Refused({});
  if (status >= 400) throw new Refused(frame);
  return frame;
}
