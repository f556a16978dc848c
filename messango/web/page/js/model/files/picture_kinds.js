/** What stays of a picture of each kind: what its pixels, colors and animation need, and how it is turned. Pure. */

import { UPRIGHT, check, exifOf, hasText, keep, orientationOf, textAt, viewOf } from './picture_bytes.js';

/** In JPEG, 0xff and one of these begin a segment without a length. */
const isBare = (marker) => marker === 1 || (marker >= 0xd0 && marker <= 0xd9);
/** Its frame has the size; the others in the range are tables. */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const [JPEG_END, JPEG_SCAN] = [0xd9, 0xda];
/** From here on, width and height change places. */
const FIRST_TURNED = 5;
/** A thumbnail, which may show what was cut off, follows so many bytes. */
const JFIF_BYTES = 18;
/** A segment of this size has the orientation and nothing else. */
const EXIF_BYTES = 36;
/** The color profile, and what Adobe says about the colors. */
const KEPT_APPS = { 0xe2: 'ICC_PROFILE\0', 0xee: 'Adobe' };

const KEPT_PNG = 'cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST tRNS pHYs sPLT acTL fcTL fdAT'.split(' ');
const KEPT_WEBP = ['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP'];
/** Where VP8X says what is in the file, and what it says of EXIF and XMP. */
const [WEBP_FLAGS, WEBP_METADATA] = [20, 0x0c];

/**
 * `isTurned`: the metadata turn the picture, and the pieces would not; cameras do not write such ones.
 * @typedef {{pieces: Array<[number, number]|Uint8Array>, width: number, height: number, isTurned?: boolean}} Stripped
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without EXIF, XMP, comments, thumbnails, and all behind the end
 */
export function strippedJpeg(bytes) {
  const view = viewOf(bytes);
  const pieces = [[0, 2]];
  let [size, orientation] = [[0, 0], 0];
  for (let at = 2; at < bytes.length;) {
    const begins = at;
    check(bytes[at] === 0xff);
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    at += 2;
    if (isBare(marker)) {
      keep(pieces, begins, at);
      if (marker === JPEG_END) break;
      continue;
    }
    const content = at + 2;
    at += view.getUint16(at);
    check(content <= at && at <= bytes.length);
    if (marker === 0xe1 && hasText(bytes, content, 'Exif\0\0') && !orientation) {
      orientation = orientationOf(bytes.subarray(content + 6, at));
      if (orientation !== UPRIGHT) keepExif(pieces, begins, at, orientation);
    } else if (marker === 0xe0 && hasText(bytes, content, 'JFIF\0')) {
      keepJfif(pieces, bytes, begins, at);
    } else if (marker < 0xe0 || (KEPT_APPS[marker] && hasText(bytes, content, KEPT_APPS[marker]))) {
      keep(pieces, begins, at);
    }
    if (isFrame(marker)) size = [view.getUint16(content + 3), view.getUint16(content + 1)];
    if (marker === JPEG_SCAN) keep(pieces, at, at = endOfPixels(bytes, at));
  }
  const [width, height] = orientation < FIRST_TURNED ? size : size.reverse();
  return { pieces, width, height };
}

function keepExif(pieces, begins, ends, orientation) {
  if (ends - begins === EXIF_BYTES) keep(pieces, begins, ends);
  else pieces.push(Uint8Array.from([0xff, 0xe1, 0, EXIF_BYTES - 2, 0x45, 0x78, 0x69, 0x66, 0, 0, ...exifOf(orientation)]));
}

function keepJfif(pieces, bytes, begins, ends) {
  if (ends - begins <= JFIF_BYTES) {
    keep(pieces, begins, ends);
    return;
  }
  const head = bytes.slice(begins, begins + JFIF_BYTES);
  head.set([0, JFIF_BYTES - 2], 2);
  head.set([0, 0], JFIF_BYTES - 2);
  pieces.push(head);
}

/** In the pixels, 0xff is followed by 0 or by the number of a restart; anything else is the next marker. */
function endOfPixels(bytes, begins) {
  for (let at = bytes.indexOf(0xff, begins); at >= 0 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at + 1)) {
    const next = bytes[at + 1];
    if (next > 1 && next !== 0xff && !(next >= 0xd0 && next <= 0xd7)) return at;
  }
  return bytes.length;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without texts, EXIF, times, chunks of programs' own, and all behind the end
 */
export function strippedPng(bytes) {
  const view = viewOf(bytes);
  const pieces = [[0, 8]];
  let isTurned = false;
  check(hasText(bytes, 12, 'IHDR'));
  for (let at = 8, kind = ''; kind !== 'IEND';) {
    const [begins, content] = [at, at + 8];
    kind = textAt(bytes, at + 4, 4);
    at += 12 + view.getUint32(at);
    check(at <= bytes.length && /^[A-Za-z]{4}$/.test(kind));
    if (KEPT_PNG.includes(kind) || /^[A-Z]/.test(kind)) keep(pieces, begins, at);
    else if (kind === 'eXIf') isTurned = isTurnedBy(bytes.subarray(content, at - 4));
  }
  return { pieces, width: view.getUint32(16), height: view.getUint32(20), isTurned };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without EXIF, XMP, and chunks of programs' own
 */
export function strippedWebp(bytes) {
  const view = viewOf(bytes);
  const end = 8 + view.getUint32(4, true);
  const head = bytes.slice(0, hasText(bytes, 12, 'VP8X') ? WEBP_FLAGS + 1 : 12);
  const pieces = [];
  let isTurned = false;
  check(end <= bytes.length);
  for (let at = 12; at + 8 <= end;) {
    const [begins, content] = [at, at + 8];
    const kind = textAt(bytes, at, 4);
    const ends = content + view.getUint32(at + 4, true);
    check(ends <= end);
    // Chunks have an even length; the last one's filling is sometimes forgotten.
    at = Math.min(ends + (ends % 2), end);
    if (begins < head.length) keep(pieces, head.length, at);
    else if (KEPT_WEBP.includes(kind)) keep(pieces, begins, at);
    else if (kind === 'EXIF') isTurned = isTurnedBy(bytes.subarray(content, ends));
  }
  const kept = pieces.reduce((sum, [begins, ends]) => sum + ends - begins, head.length);
  viewOf(head).setUint32(4, kept - 8, true);
  head[WEBP_FLAGS] &= ~WEBP_METADATA;
  if (head.every((byte, index) => byte === bytes[index])) pieces[0][0] = 0;
  else pieces.unshift(head);
  const [width, height] = webpSize(view, textAt(bytes, 12, 4));
  return { pieces, width, height, isTurned };
}

function webpSize(view, kind) {
  check(kind === 'VP8X' || KEPT_WEBP.includes(kind));
  if (kind === 'VP8X') return [(view.getUint32(24, true) & 0xffffff) + 1, (view.getUint32(26, true) >>> 8) + 1];
  if (kind === 'VP8 ') return [view.getUint16(26, true) & 0x3fff, view.getUint16(28, true) & 0x3fff];
  const bits = view.getUint32(21, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} all of it: no camera writes this kind
 */
export function wholeGif(bytes) {
  const view = viewOf(bytes);
  return { pieces: [[0, bytes.length]], width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function isTurnedBy(exif) {
  return orientationOf(exif) !== UPRIGHT;
}
