/** The files that a person is about to send, in the order in which they go. Pure. */

import { formatSize, sizeProblem } from './files.js';

/** More in one go is hardly meant, and would hide what is being sent. */
const MAX_FILES = 30;

/**
 * A chosen file is `{key, name, size, problem, note, isPicture, ready}`; `ready` is what `readyToSend` returned, and
 * undefined while the file is read.
 */
export class ChosenFiles {
  /** The largest file that the room takes, in bytes. */
  limit = undefined;
  /** Whether pictures keep place and camera data. */
  keepMetadata = false;
  files = [];
  #lastKey = 0;

  /** @returns {boolean} */
  get isEmpty() {
    return this.files.length === 0;
  }

  /**
   * @param {{name: string, size: number, isText?: boolean}[]} files
   * @returns {object[]} those that were added, which are to be read
   */
  add(files) {
    const added = files.slice(0, Math.max(MAX_FILES - this.files.length, 0)).map(({ name, size, isText = false }) => {
      this.#lastKey += 1;
      return { key: this.#lastKey, name, size, isText, problem: sizeProblem(size, this.limit), note: '', isPicture: false };
    });
    this.files.push(...added);
    return added;
  }

  /** A file was read. */
  learned(key, ready) {
    const file = this.#file(key);
    if (!file) return;
    Object.assign(file, { ready, name: ready.name, size: ready.blob.size, isPicture: ready.isPicture });
    file.problem = sizeProblem(file.size, this.limit);
    file.note = ready.hasMetadata ? 'Goes with place and camera data, if there is any.' : '';
  }

  /** A file can't be sent. */
  failed(key, problem) {
    const file = this.#file(key);
    if (file) file.problem = problem;
  }

  /** @param {number} key */
  remove(key) {
    this.files = this.files.filter((file) => file.key !== key);
  }

  /** The next ones are chosen from the start. */
  clear() {
    this.files = [];
    this.keepMetadata = false;
  }

  /**
   * @param {string} caption
   * @param {number|undefined} replyTo
   * @returns {object[]} what is sent: the line about them and the answer go with the first
   */
  outgoing(caption, replyTo) {
    return this.#going.map(({ ready }, index) => {
      const { blob, name, width, height, original } = ready;
      const first = index === 0 ? { caption, replyTo } : {};
      return { blob: this.keepMetadata && original ? original : blob, name, width, height, ...first };
    });
  }

  /** @returns {boolean} whether one of those that go is a picture, which may have place and camera data */
  get hasPicture() {
    return this.#going.some((file) => file.isPicture && !file.ready.hasMetadata);
  }

  /** @returns {boolean} whether a text goes as a file */
  get hasText() {
    return this.files.some((file) => file.isText);
  }

  /** @returns {string} why nothing can be sent now, or empty */
  get refusal() {
    if (this.#isReading) return 'One moment: the files are still being read.';
    return this.#going.length ? '' : 'None of these files can be sent. Remove them to go on.';
  }

  /** @returns {string} what is about to be sent */
  get title() {
    const [count, all] = [this.#going.length, this.files.length];
    if (!this.#isReading && !count) return all === 1 ? "This can't be sent" : 'None of these can be sent';
    const size = this.#isReading ? '' : ` · ${formatSize(this.#going.reduce((sum, file) => sum + file.size, 0))}`;
    const what = all > count && !this.#isReading ? `${count} of ${all} files` : this.#what;
    return `Send ${what} to everybody${size}`;
  }

  /** @returns {string} the label of the button that sends */
  get button() {
    const count = this.#going.length;
    return count > 1 ? `Send ${count} files` : 'Send file';
  }

  /** @returns {string} what the empty message field says */
  get placeholder() {
    return this.files.length === 1 ? 'Add a line about it' : 'Add a line about them';
  }

  get #isReading() {
    return this.files.some((file) => !file.ready && !file.problem);
  }

  get #going() {
    return this.files.filter((file) => file.ready && !file.problem);
  }

  get #what() {
    const { files } = this;
    if (files.length > 1) return `${files.length} ${files.every((file) => file.isPicture) ? 'pictures' : 'files'}`;
    if (this.hasText) return 'your text as a file';
    return files[0]?.isPicture ? 'this picture' : 'this file';
  }

  #file(key) {
    return this.files.find((file) => file.key === key);
  }
}

/**
 * @param {number} count
 * @returns {string} that some files were not added
 */
export function tooManyText(count) {
  return `At most ${MAX_FILES} files go at once: ${count === 1 ? '1 file was' : `${count} files were`} not added.`;
}
