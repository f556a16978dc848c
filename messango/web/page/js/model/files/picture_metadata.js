/**
 * Removes from a picture what says where, when and with what it was taken, and leaves its pixels alone, as the
 * window does. Pure.
 */

import { hasText } from './picture_bytes.js';
import { strippedJpeg, strippedPng, strippedWebp, wholeGif } from './picture_kinds.js';

/** As many bytes tell the kind. */
export const KIND_BYTES = 12;

const MAX_SIDE = 1_000_000;

/** Pictures that can't be read here: TIFF, camera raw files, and those of telephones (HEIC, AVIF). */
const OTHER_STARTS = ['II*\0', 'MM\0*', 'II+\0', 'MM\0+'];
const OTHER_BRANDS = ['heic', 'heix', 'hevc', 'heim', 'heis', 'mif1', 'msf1', 'avif', 'avis'];

const STRIPPERS = {
  'image/jpeg': strippedJpeg,
  'image/png': strippedPng,
  'image/webp': strippedWebp,
  'image/gif': wholeGif,
};

/**
 * @param {Uint8Array} bytes the first ones of a file
 * @returns {string} the type of a picture, `other` for one that can't be read here, or empty
 */
export function pictureType(bytes) {
  if (hasText(bytes, 0, '\xff\xd8\xff')) return 'image/jpeg';
  if (hasText(bytes, 0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (hasText(bytes, 0, 'GIF87a') || hasText(bytes, 0, 'GIF89a')) return 'image/gif';
  if (hasText(bytes, 0, 'RIFF') && hasText(bytes, 8, 'WEBP')) return 'image/webp';
  const isBoxed = hasText(bytes, 4, 'ftyp') && OTHER_BRANDS.some((brand) => hasText(bytes, 8, brand));
  return isBoxed || OTHER_STARTS.some((start) => hasText(bytes, 0, start)) ? 'other' : '';
}

/**
 * @param {Uint8Array} bytes a whole picture of one of the four kinds
 * @returns {?{type: string, pieces: Array<[number, number]|Uint8Array>, changed: boolean, isTurned?: boolean,
 *   width?: number, height?: number}} what to send: ranges of `bytes`, and others in their place; null if it is
 *   damaged. Without a size it is a file like any other; one that is turned has to be drawn again.
 */
export function withoutMetadata(bytes) {
  const type = pictureType(bytes);
  try {
    const { pieces, width, height, isTurned } = STRIPPERS[type](bytes);
    const isShown = Math.min(width, height) > 0 && Math.max(width, height) <= MAX_SIDE;
    const changed = pieces.length > 1 || pieces[0][1] !== bytes.length;
    return { type, pieces, changed, isTurned, ...(isShown ? { width, height } : {}) };
  } catch {
    return null; // Bytes that do not fit together, in one of many ways.
  }
}
