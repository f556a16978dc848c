/** Files as a person sees them: sizes, kinds, and what is said about them. Pure. */

/** Pictures up to this size come by themselves; others on a tap. */
export const AUTO_BYTES = 2_000_000;

const UNITS = ['kB', 'MB', 'GB', 'TB', 'PB'];

const ENDINGS = {
  picture: 'avif bmp gif heic jpeg jpg png svg tif tiff webp',
  video: 'avi m4v mkv mov mp4 mpeg mpg ogv webm wmv',
  sound: 'aac aiff flac m4a mid mp3 oga ogg opus wav wma',
  archive: '7z bz2 dmg gz img iso rar tar tgz xz zip zst',
  document: 'csv doc docx epub md odp ods odt pdf pps ppt pptx rtf tex txt xls xlsx',
};
const KINDS = new Map(
  Object.entries(ENDINGS).flatMap(([kind, endings]) => endings.split(' ').map((ending) => [ending, kind])),
);

/** Pictures that every browser shows, and that can hold no program. */
const SHOWN = new Set(['png', 'jpg', 'jpeg', 'webp', 'gif']);

/** A room may say that any picture is a million pixels high; a side shown is at least this part of the other. */
const MAX_RATIO = 8;

/** How much of a name's end stays in sight. */
const KEPT_END = 12;

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
 * @param {string} name
 * @returns {string} `picture`, `video`, `sound`, `archive`, `document` or `file`
 */
export function kindOf(name) {
  return KINDS.get(endingOf(name)) ?? 'file';
}

/**
 * @param {{name: string, width?: number, height?: number}} file
 * @returns {boolean} whether the picture itself is shown, not only its name
 */
export function isPicture(file) {
  return SHOWN.has(endingOf(file.name)) && file.width > 0 && file.height > 0;
}

/**
 * @param {string} name
 * @returns {[string, string]} a beginning that may be cut, and an end that stays in sight
 */
export function splitName(name) {
  const letters = Array.from(name);
  const kept = letters.length > 2 * KEPT_END ? KEPT_END : 0;
  return [letters.slice(0, letters.length - kept).join(''), letters.slice(letters.length - kept).join('')];
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
  const two = (number) => String(number).padStart(2, '0');
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  // A colon is not allowed in the names of files everywhere.
  return `${what} ${day} ${two(now.getHours())}.${two(now.getMinutes())}.${ending}`;
}
