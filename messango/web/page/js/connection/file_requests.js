/** The page's requests about files. Each rejects with `Refused` if the room says no, or with what else broke. */

const ANSWER_WITHIN_MS = 20_000;

/** A body that has not moved for this long is on a connection that broke. */
const STALLED_MS = 20_000;

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
  const response = await fetchWithin(path, { method: 'POST', headers, body: JSON.stringify(body) }, signal);
  return answerOf(response.status, await response.text());
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<Blob>}
 */
export async function getBlob(path, signal) {
  const response = await fetchWithin(path, {}, signal);
  return response.ok ? response.blob() : answerOf(response.status, await response.text());
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

async function fetchWithin(path, options, signal) {
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, ANSWER_WITHIN_MS);
  signal?.addEventListener('abort', abort);
  try {
    return await fetch(path, { ...options, signal: controller.signal });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

/** An answer that is not ours, such as one of a network's own login page, counts as a broken connection. */
function answerOf(status, text) {
  const frame = JSON.parse(text);
  if (status >= 400) throw new Refused(frame);
  return frame;
}
