/** What stays of a picture of each kind: what its pixels, colors and animation need, and how it is turned. Pure. */

import { DamagedPicture, exifOf, hasText, orientationOf, Pieces, shownSize, textAt, UPRIGHT, viewOf } from './picture_bytes.js';

/** In JPEG, 0xff and one of these begin a segment without a length. */
const isBare = (marker) => marker === 1 || (marker >= 0xd0 && marker <= 0xd9);
/** Its frame has the size; the others in the range are tables. */
const isFrame = (marker) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
const [JPEG_END, JPEG_SCAN] = [0xd9, 0xda];
/** A thumbnail, which may show what was cut off, follows so many bytes. */
const JFIF_BYTES = 18;
/** The color profile, and what Adobe says about the colors. */
const KEPT_APPS = new Map([[0xe2, 'ICC_PROFILE\0'], [0xee, 'Adobe']]);

const KEPT_PNG = new Set('cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST tRNS pHYs sPLT acTL fcTL fdAT'.split(' '));
const KEPT_WEBP = new Set(['VP8 ', 'VP8L', 'ALPH', 'ANIM', 'ANMF', 'ICCP']);
/** What the first byte of VP8X says is in the file. */
const [HAS_EXIF, HAS_XMP] = [0x08, 0x04];

/**
 * `isTurned`: the metadata turn the picture, and the pieces would not; cameras do not write such ones.
 * @typedef {{pieces: Pieces, width: number, height: number, isTurned?: boolean}} Stripped
 */

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without EXIF, XMP, comments, thumbnails, and all behind the end
 */
export function strippedJpeg(bytes) {
  const view = viewOf(bytes);
  const pieces = new Pieces(bytes);
  pieces.keep(0, 2);
  let size = [0, 0];
  let orientation = 0;
  for (let at = 2; at < bytes.length;) {
    const begins = at;
    if (bytes[at] !== 0xff) throw new DamagedPicture();
    while (bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    at += 2;
    if (isBare(marker)) {
      pieces.keep(begins, at);
      if (marker === JPEG_END) break;
      continue;
    }
    const content = at + 2;
    if (content > bytes.length) throw new DamagedPicture();
    at += view.getUint16(at);
    if (at < content || at > bytes.length) throw new DamagedPicture();
    if (marker === 0xe1 && hasText(bytes, content, 'Exif\0\0') && !orientation) {
      orientation = orientationOf(bytes.subarray(content + 6, at));
      if (orientation !== UPRIGHT) pieces.replace(begins, exifSegment(orientation));
    } else if (marker === 0xe0 && hasText(bytes, content, 'JFIF\0')) {
      keepJfif(pieces, bytes, begins, at);
    } else if (isKeptSegment(bytes, marker, content)) {
      pieces.keep(begins, at);
    }
    if (isFrame(marker)) size = [view.getUint16(content + 3), view.getUint16(content + 1)];
    if (marker === JPEG_SCAN) {
      pieces.keep(at, at = endOfPixels(bytes, at));
    }
  }
  const [width, height] = shownSize(...size, orientation || UPRIGHT);
  return { pieces, width, height };
}

function exifSegment(orientation) {
  return Uint8Array.from([0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, ...exifOf(orientation)]);
}

function keepJfif(pieces, bytes, begins, ends) {
  if (ends - begins < JFIF_BYTES) return;
  const head = bytes.slice(begins, begins + JFIF_BYTES);
  head.set([0, JFIF_BYTES - 2], 2);
  head.set([0, 0], JFIF_BYTES - 2);
  pieces.replace(begins, head);
}

function isKeptSegment(bytes, marker, content) {
  if (marker < 0xe0) return true;
  const mark = KEPT_APPS.get(marker);
  return mark !== undefined && hasText(bytes, content, mark);
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
  const pieces = new Pieces(bytes);
  pieces.keep(0, 8);
  let isTurned = false;
  for (let at = 8, kind = ''; kind !== 'IEND';) {
    if (at + 12 > bytes.length) throw new DamagedPicture();
    const [begins, content, length] = [at, at + 8, view.getUint32(at)];
    kind = textAt(bytes, at + 4, 4);
    at += 12 + length;
    if (at > bytes.length || !/^[A-Za-z]{4}$/.test(kind)) throw new DamagedPicture();
    if (KEPT_PNG.has(kind) || /^[A-Z]/.test(kind)) {
      pieces.keep(begins, at);
    } else if (kind === 'eXIf') {
      isTurned = isTurnedBy(bytes.subarray(content, content + length));
    }
  }
  if (!hasText(bytes, 12, 'IHDR')) throw new DamagedPicture();
  return { pieces, width: view.getUint32(16), height: view.getUint32(20), isTurned };
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without EXIF, XMP, and chunks of programs' own
 */
export function strippedWebp(bytes) {
  const chunks = webpChunks(bytes);
  const [first] = chunks;
  const body = new Pieces(bytes);
  let isTurned = false;
  for (const chunk of chunks) {
    const { kind, begins, content, length, ends } = chunk;
    if (chunk === first && kind === 'VP8X') keepExtended(body, bytes, chunk);
    else if (KEPT_WEBP.has(kind)) body.keep(begins, ends);
    else if (kind === 'EXIF') isTurned = isTurnedBy(bytes.subarray(content, content + length));
  }
  const pieces = new Pieces(bytes);
  const head = bytes.slice(0, 12);
  viewOf(head).setUint32(4, body.length + 4, true);
  pieces.replace(0, head);
  body.list.forEach((piece) => (piece instanceof Uint8Array ? pieces.list.push(piece) : pieces.keep(...piece)));
  const [width, height] = webpSize(bytes, first);
  return { pieces, width, height, isTurned };
}

function webpChunks(bytes) {
  const view = viewOf(bytes);
  if (bytes.length < 12) throw new DamagedPicture();
  const end = 8 + view.getUint32(4, true);
  if (end > bytes.length) throw new DamagedPicture();
  const chunks = [];
  for (let at = 12; at + 8 <= end;) {
    const length = view.getUint32(at + 4, true);
    const content = at + 8;
    if (content + length > end) throw new DamagedPicture();
    // Chunks have an even length; the last one's filling is sometimes forgotten.
    const ends = Math.min(content + length + (length % 2), end);
    chunks.push({ kind: textAt(bytes, at, 4), begins: at, content, length, ends });
    at = ends;
  }
  return chunks;
}

/** Keep the head, which says what is in the file. */
function keepExtended(body, bytes, { begins, content, ends }) {
  const head = bytes.slice(begins, content + 1);
  head[8] &= ~(HAS_EXIF | HAS_XMP);
  body.replace(begins, head);
  body.keep(content + 1, ends);
}

function webpSize(bytes, { kind, content, length }) {
  if (length < 10 || !(kind === 'VP8X' || KEPT_WEBP.has(kind))) throw new DamagedPicture();
  const view = viewOf(bytes);
  const at = (offset) => view.getUint16(content + offset, true);
  if (kind === 'VP8X') return [(view.getUint32(content + 4, true) & 0xffffff) + 1, (view.getUint32(content + 6, true) >>> 8) + 1];
  if (kind === 'VP8 ') return [at(6) & 0x3fff, at(8) & 0x3fff];
  const bits = view.getUint32(content + 1, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} all of it: no camera writes this kind
 */
export function wholeGif(bytes) {
  const [pieces, view] = [new Pieces(bytes), viewOf(bytes)];
  pieces.keep(0, bytes.length);
  return { pieces, width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function isTurnedBy(exif) {
  return orientationOf(exif) !== UPRIGHT;
}
