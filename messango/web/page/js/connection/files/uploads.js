import { isFileInfo } from '../../model/frame_rules.js';
import { hexOf } from '../../model/ids.js';
import { Canceled, untilDone } from '../attempts.js';
import { postBytes, postJson, Refused } from './file_requests.js';

/** A digest needs the whole file in memory; the room checks the size of larger ones. */
const MAX_HASHED_BYTES = 64_000_000;

/** The speed is that of so much time. */
const SPEED_MS = 3_000;

/**
 * A file on its way to the room. `state` is `waiting`, `sending`, `failed` or `sent`; `reason` and `hint` say why it
 * failed; `done` bytes of `size` are sent, `speed` a second.
 */
export class Upload {
  state = 'waiting';
  reason = '';
  hint = '';
  done = 0;
  speed = 0;
  abort = new AbortController();
  #samples = [];

  /**
   * @param {string} id its message has the same
   * @param {{blob: Blob, name: string, width?: number, height?: number, caption?: string, replyTo?: number}} file
   */
  constructor(id, file) {
    this.id = id;
    this.file = file;
    this.size = file.blob.size;
  }

  /** @param {number} done */
  moved(done) {
    const now = performance.now();
    this.state = 'sending';
    this.done = Math.max(done, 0);
    this.#samples = [...this.#samples.filter(([at]) => now - at < SPEED_MS), [now, this.done]];
    const [[at, before]] = this.#samples;
    this.speed = now - at > 500 ? Math.max(this.done - before, 0) * 1000 / (now - at) : 0;
  }

  /** Nothing moves. */
  wait() {
    this.state = 'waiting';
    this.#samples = [];
    this.speed = 0;
  }
}

/**
 * Sends files, one after the other, in the order in which they were chosen. A broken connection is waited for, and
 * the file goes on where it stopped. Events: `change`, whenever the list or one of them differs; `stored`, whose detail
 * is `{file, blob}`, before it is shared.
 */
export class Uploads extends EventTarget {
  /** @type {Upload[]} those that are not sent */
  list = [];
  #session;
  #isRunning = false;

  /** @param {import('../../session.js').Session} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  /** @returns {boolean} whether a file would be lost with the page */
  get isBusy() {
    return this.list.some((each) => each.state !== 'failed');
  }

  /** @param {object[]} files as `Upload` takes them */
  add(files) {
    this.list.push(...files.map((file) => new Upload(this.#session.newId(), file)));
    this.#changed();
    this.#run();
  }

  /** Give one up, or remove one that failed. @param {Upload} upload */
  cancel(upload) {
    upload.abort.abort();
    this.#remove(upload);
    const body = { session: this.#session.token };
    postJson(`/uploads/${upload.id}/cancel`, body).catch(() => {}); // Else the room drops it after a while.
  }

  /** Try one again that failed. @param {Upload} upload */
  retry(upload) {
    Object.assign(upload, { state: 'waiting', reason: '', hint: '', abort: new AbortController() });
    this.#changed();
    this.#run();
  }

  async #run() {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let next; (next = this.list.find(({ state }) => state === 'waiting'));) await this.#send(next);
    this.#isRunning = false;
  }

  async #send(upload) {
    const { file, abort: { signal } } = upload;
    const onWait = () => {
      upload.wait();
      this.#changed();
    };
    try {
      const attempt = () => this.#attempt(upload, signal);
      const stored = await untilDone(this.#session, signal, attempt, { progress: () => upload.done, onWait });
      if (signal.aborted) return;
      upload.state = 'sent';
      this.#remove(upload);
      this.dispatchEvent(new CustomEvent('stored', { detail: { file: stored, blob: file.blob } }));
      this.#session.share(stored.id, file.caption ?? '', { replyTo: file.replyTo, id: upload.id, file: stored });
    } catch (error) {
      if (error instanceof Canceled) return;
      const { reason, hint } = error;
      Object.assign(upload, { state: 'failed', reason, hint });
      this.#changed();
    }
  }

  /** @returns {Promise<object>} the stored file */
  async #attempt(upload, signal) {
    const { file: { blob, name, width, height }, id, size } = upload;
    const session = this.#session.token;
    upload.moved(upload.done);
    this.#changed();
    await readBytes(blob.slice(0, 1)); // A file that is gone is no broken connection.
    upload.sha256 ??= await digestOf(blob);
    const begun = await postJson('/uploads', { session, upload: id, name, size, sha256: upload.sha256, width, height }, signal);
    if (begun.type === 'stored') return storedFile(begun);
    const { offset } = begun;
    const onProgress = (sent) => {
      upload.moved(Math.min(offset + sent, size));
      this.#changed();
    };
    onProgress(0);
    const stored = await postBytes(`/uploads/${id}`, blob.slice(offset), { session, offset, signal, onProgress });
    return storedFile(stored);
  }

  #remove(upload) {
    this.list = this.list.filter((each) => each !== upload);
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event('change'));
  }
}

/** @returns {object} the file of an answer; throws `Refused` if it is no such answer */
function storedFile({ file }) {
  if (!isFileInfo(file)) throw new Refused({});
  return file;
}

/** @returns {Promise<string|undefined>} SHA-256 in hexadecimal digits; undefined where it can't be computed */
async function digestOf(blob) {
  if (blob.size > MAX_HASHED_BYTES || !globalThis.crypto?.subtle) return undefined;
  return hexOf(new Uint8Array(await crypto.subtle.digest('SHA-256', await readBytes(blob))));
}

async function readBytes(blob) {
  try {
    return await blob.arrayBuffer();
  } catch {
    const hint = 'It may have been changed or moved. Choose it again.';
    throw new Refused({ code: 'unreadable', reason: "This file can't be read any more.", hint });
  }
}
