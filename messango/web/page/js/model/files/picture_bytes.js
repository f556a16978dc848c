/** The parts that pictures are made of, in their bytes. What does not fit together throws an error. Pure. */

/** As it is. 2 to 8 are turned or mirrored, and from 5 on width and height change places. */
export const UPRIGHT = 1;

const LAST_ORIENTATION = 8;
const ORIENTATION = 0x0112;
const SHORT = 3;
const ENTRY_BYTES = 12;

/** More than any picture has between its comments. */
const MAX_PIECES = 65_536;

/**
 * Keep these bytes of a picture.
 * @param {Array<[number, number]|Uint8Array>} pieces ranges of the picture, and other bytes
 */
export function keep(pieces, begins, ends) {
  const last = pieces[pieces.length - 1];
  if (Array.isArray(last) && last[1] === begins) last[1] = ends;
  else pieces.push([begins, ends]);
  check(pieces.length <= MAX_PIECES);
}

/** @param {boolean} isSound whether the bytes can be those of a picture */
export function check(isSound) {
  if (!isSound) throw new RangeError();
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
  try {
    const view = viewOf(tiff);
    const isLittle = hasText(tiff, 0, 'II');
    const short = (at) => view.getUint16(at, isLittle);
    const start = view.getUint32(4, isLittle) + 2;
    for (let at = start; at < start + short(start - 2) * ENTRY_BYTES; at += ENTRY_BYTES) {
      if (short(at) !== ORIENTATION) continue;
      const value = short(at + 2) === SHORT ? short(at + 8) : UPRIGHT;
      return value >= UPRIGHT && value <= LAST_ORIENTATION ? value : UPRIGHT;
    }
  } catch {
    // They are cut off.
  }
  return UPRIGHT;
}

/**
 * @param {number} orientation
 * @returns {number[]} EXIF data that name it and nothing else
 */
export function exifOf(orientation) {
  return [0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
}
