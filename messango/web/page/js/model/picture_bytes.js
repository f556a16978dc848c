/** The parts that pictures are made of, in their bytes. Pure. */

/** As it is. 2 to 8 are turned or mirrored, and from 5 on width and height change places. */
export const UPRIGHT = 1;

const LAST_ORIENTATION = 8;
const FIRST_TURNED = 5;
const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** More than any picture has between its comments. */
const MAX_PIECES = 65_536;

/** The bytes claim to be a picture, but can't be read as one. */
export class DamagedPicture extends Error {}

/** What is kept of a picture, in order, and what is written in place of the rest. */
export class Pieces {
  /** @type {Array<[number, number]|Uint8Array>} ranges of the source, and other bytes */
  list = [];
  #source;

  /** @param {Uint8Array} source */
  constructor(source) {
    this.#source = source;
  }

  /** @returns {boolean} whether the result is the picture as it is */
  get isWhole() {
    const [first] = this.list;
    return this.list.length === 1 && first[0] === 0 && first[1] === this.#source.length;
  }

  /** @returns {number} the bytes of the result */
  get length() {
    return this.list.reduce((sum, piece) => sum + (piece instanceof Uint8Array ? piece.length : piece[1] - piece[0]), 0);
  }

  /** Keep these bytes. */
  keep(begins, ends) {
    const last = this.list[this.list.length - 1];
    if (Array.isArray(last) && last[1] === begins) last[1] = ends;
    else this.#add([begins, ends]);
  }

  /** Write these bytes in place of those that begin here, unless they are the same. */
  replace(begins, data) {
    if (data.every((byte, index) => this.#source[begins + index] === byte)) this.keep(begins, begins + data.length);
    else this.#add(data);
  }

  #add(piece) {
    if (this.list.length === MAX_PIECES) throw new DamagedPicture();
    this.list.push(piece);
  }
}

/**
 * @param {Uint8Array} bytes
 * @returns {DataView}
 */
export function viewOf(bytes) {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * @param {Uint8Array} bytes
 * @param {number} begins
 * @param {string} text
 * @returns {boolean} whether this text stands here
 */
export function hasText(bytes, begins, text) {
  return textAt(bytes, begins, text.length) === text;
}

/** @returns {string} the bytes from here on as Latin-1 */
export function textAt(bytes, begins, count) {
  return String.fromCharCode(...bytes.subarray(begins, begins + count));
}

/**
 * @param {Uint8Array} tiff EXIF data without their mark
 * @returns {number} the orientation that they name, 1 to 8; 1 if they name none or can't be read
 */
export function orientationOf(tiff) {
  const isLittle = hasText(tiff, 0, 'II*\0');
  if (tiff.length < 8 || !(isLittle || hasText(tiff, 0, 'MM\0*'))) return UPRIGHT;
  const view = viewOf(tiff);
  const start = view.getUint32(4, isLittle);
  if (start + 2 > tiff.length) return UPRIGHT;
  const ends = Math.min(start + 2 + view.getUint16(start, isLittle) * ENTRY_BYTES, tiff.length - ENTRY_BYTES + 1);
  for (let at = start + 2; at < ends; at += ENTRY_BYTES) {
    if (view.getUint16(at, isLittle) !== ORIENTATION) continue;
    const isOne = view.getUint16(at + 2, isLittle) === SHORT && view.getUint32(at + 4, isLittle) === 1;
    const value = view.getUint16(at + 8, isLittle);
    return isOne && value >= UPRIGHT && value <= LAST_ORIENTATION ? value : UPRIGHT;
  }
  return UPRIGHT;
}

/**
 * @param {number} orientation
 * @returns {Uint8Array} EXIF data that name it and nothing else
 */
export function exifOf(orientation) {
  const [high, low] = [ORIENTATION >> 8, ORIENTATION & 0xff];
  const head = [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, high, low, 0, SHORT, 0, 0, 0, 1, 0, orientation];
  return Uint8Array.from([...head, 0, 0, 0, 0, 0, 0]);
}

/** @returns {[number, number]} width and height as they are shown */
export function shownSize(width, height, orientation) {
  return orientation >= FIRST_TURNED ? [height, width] : [width, height];
}
