/** Files as a person sees them: sizes, kinds, and what is said about them. Pure. */

/** Pictures up to this size come by themselves; others on a tap. */
export const AUTO_BYTES = 2_000_000;

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

/** Pictures that every browser shows, and that can hold no program. */
const SHOWN = new Set(['png', 'jpg', 'jpeg', 'webp', 'gif']);

/** A room may say that any picture is a million pixels high; a side shown is at least this part of the other. */
const MAX_RATIO = 8;

/**
 * @param {number} size in bytes
 * @returns {string} such as `2.1 MB`
 */
export function formatSize(size) {
  if (size < 1_000) return size === 1 ? '1 byte' : `${size} bytes`;
  let [amount, unit] = [size / 1_000, 0];
  for (; amount >= 999.5 && unit < UNITS.length - 1; unit += 1) amount /= 1_000;
  return `${amount.toFixed(amount < 9.95 ? 1 : 0)} ${UNITS[unit]}`;
}

/**
 * @param {string} text of a message with a file, which ends with a line for programs that do not know files
 * @param {{name: string, size: number}} file
 * @returns {string} what the sender wrote about it
 */
export function captionOf(text, file) {
  const line = `[file] ${file.name} (${formatSize(file.size)})`;
  return text.endsWith(line) ? text.slice(0, -line.length).replace(/\n$/, '') : text;
}

/**
 * @param {string} name
 * @returns {string} its ending in lower case, without the dot
 */
export function endingOf(name) {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : '';
}

/**
 * @param {{name: string, width?: number, height?: number}} file
 * @returns {boolean} whether the picture itself is shown, not only its name
 */
export function isPicture(file) {
  return SHOWN.has(endingOf(file.name)) && file.width > 0 && file.height > 0;
}

/**
 * @param {{width: number, height: number}} file
 * @param {[number, number]} box
 * @returns {[number, number]} how large it is shown: as it is, or smaller; never a thin line
 */
export function pictureSize(file, box) {
  const width = Math.max(file.width, file.height / MAX_RATIO, 1);
  const height = Math.max(file.height, file.width / MAX_RATIO, 1);
  const scale = Math.min(box[0] / width, box[1] / height, 1);
  return [Math.max(Math.round(width * scale), 1), Math.max(Math.round(height * scale), 1)];
}

/**
 * @param {number} size
 * @param {number|undefined} largest what the room takes
 * @returns {string} why a file of this size can't be sent; empty if it can
 */
export function sizeProblem(size, largest = Number.MAX_SAFE_INTEGER) {
  if (size <= largest) return '';
  return `This file is too large: the room takes files of up to ${formatSize(largest)}.`;
}

/**
 * @param {string} what such as `Picture` or `text`
 * @param {Date} now
 * @param {string} ending
 * @returns {string} the name of a file that has none, such as `text 2026-11-22 14.02.txt`
 */
export function datedName(what, now, ending) {
  const local = new Date(now - now.getTimezoneOffset() * 60_000).toISOString();
  // A colon is not allowed in the names of files everywhere.
  return `${what} ${local.slice(0, 16).replace('T', ' ').replace(':', '.')}.${ending}`;
}
