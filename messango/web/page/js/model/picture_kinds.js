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
/** How often an animation is repeated. */
const KEPT_GIF = new Set(['\x0bNETSCAPE2.0', '\x0bANIMEXTS1.0']);

/** @typedef {{pieces: Pieces, width: number, height: number}} Stripped */

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
  let orientation = UPRIGHT;
  for (let at = 8, kind = ''; kind !== 'IEND';) {
    if (at + 12 > bytes.length) throw new DamagedPicture();
    const [begins, content, length] = [at, at + 8, view.getUint32(at)];
    kind = textAt(bytes, at + 4, 4);
    at += 12 + length;
    if (at > bytes.length || !/^[A-Za-z]{4}$/.test(kind)) throw new DamagedPicture();
    if (KEPT_PNG.has(kind) || /^[A-Z]/.test(kind)) {
      pieces.keep(begins, at);
    } else if (kind === 'eXIf') {
      orientation = orientationOf(bytes.subarray(content, content + length));
      if (orientation !== UPRIGHT) pieces.replace(begins, exifChunk(orientation));
    }
  }
  if (!hasText(bytes, 12, 'IHDR')) throw new DamagedPicture();
  const [width, height] = shownSize(view.getUint32(16), view.getUint32(20), orientation);
  return { pieces, width, height };
}

function exifChunk(orientation) {
  const content = Uint8Array.from([0x65, 0x58, 0x49, 0x66, ...exifOf(orientation)]);
  const chunk = new Uint8Array(content.length + 8);
  viewOf(chunk).setUint32(0, content.length - 4);
  chunk.set(content, 4);
  viewOf(chunk).setUint32(content.length + 4, crc32(content));
  return chunk;
}

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without EXIF, XMP, and chunks of programs' own
 */
export function strippedWebp(bytes) {
  const chunks = webpChunks(bytes);
  const [first] = chunks;
  const isExtended = first?.kind === 'VP8X';
  if (!first || !(isExtended || KEPT_WEBP.has(first.kind))) throw new DamagedPicture();
  // Without VP8X no program looks for EXIF.
  const exif = isExtended ? chunks.find(({ kind }) => kind === 'EXIF') : undefined;
  const orientation = exif ? orientationOf(bytes.subarray(exif.content, exif.content + exif.length)) : UPRIGHT;
  const body = new Pieces(bytes);
  for (const chunk of chunks) {
    if (chunk.kind === 'VP8X') keepExtended(body, bytes, chunk, orientation !== UPRIGHT);
    else if (KEPT_WEBP.has(chunk.kind)) body.keep(chunk.begins, chunk.ends);
    else if (chunk === exif && orientation !== UPRIGHT) body.replace(chunk.begins, riffChunk('EXIF', exifOf(orientation)));
  }
  const pieces = new Pieces(bytes);
  const head = bytes.slice(0, 12);
  viewOf(head).setUint32(4, body.length + 4, true);
  pieces.replace(0, head);
  for (const piece of body.list) {
    if (piece instanceof Uint8Array) pieces.list.push(piece);
    else pieces.keep(...piece);
  }
  const [width, height] = shownSize(...webpSize(bytes, first), orientation);
  return { pieces, width, height };
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

function keepExtended(body, bytes, chunk, hasExif) {
  if (chunk.length < 10) throw new DamagedPicture();
  const flags = (bytes[chunk.content] & ~(HAS_EXIF | HAS_XMP)) | (hasExif ? HAS_EXIF : 0);
  const head = bytes.slice(chunk.begins, chunk.content + 1);
  head[8] = flags;
  body.replace(chunk.begins, head);
  body.keep(chunk.content + 1, chunk.ends);
}

function riffChunk(kind, content) {
  const chunk = new Uint8Array(8 + content.length);
  chunk.set(Array.from(kind, (letter) => letter.charCodeAt(0)));
  viewOf(chunk).setUint32(4, content.length, true);
  chunk.set(content, 8);
  return chunk;
}

function webpSize(bytes, { kind, content, length }) {
  if (length < 10) throw new DamagedPicture();
  const view = viewOf(bytes);
  const at = (offset) => view.getUint16(content + offset, true);
  if (kind === 'VP8X') return [(view.getUint32(content + 4, true) & 0xffffff) + 1, (view.getUint32(content + 6, true) >>> 8) + 1];
  if (kind === 'VP8 ') return [at(6) & 0x3fff, at(8) & 0x3fff];
  const bits = view.getUint32(content + 1, true);
  return [(bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1];
}

/**
 * @param {Uint8Array} bytes
 * @returns {Stripped} without comments and what programs added, and all behind the end
 */
export function strippedGif(bytes) {
  const view = viewOf(bytes);
  const pieces = new Pieces(bytes);
  if (bytes.length < 13) throw new DamagedPicture();
  const tableBytes = (flags) => (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0);
  let at = 13 + tableBytes(bytes[10]);
  pieces.keep(0, at);
  for (let kind = 0; kind !== 0x3b && at < bytes.length;) {
    const begins = at;
    kind = bytes[at];
    const label = bytes[at + 1];
    if (kind === 0x2c) at = endOfBlocks(bytes, at + 11 + tableBytes(bytes[at + 9]));
    else if (kind === 0x21) at = endOfBlocks(bytes, at + 2);
    else if (kind === 0x3b) at += 1;
    else throw new DamagedPicture();
    const isKept = kind !== 0x21 || label === 0xf9 || label === 1 || (label === 0xff && KEPT_GIF.has(textAt(bytes, begins + 2, 12)));
    if (isKept) pieces.keep(begins, at);
  }
  return { pieces, width: view.getUint16(6, true), height: view.getUint16(8, true) };
}

function endOfBlocks(bytes, begins) {
  let at = begins;
  while (bytes[at]) at += 1 + bytes[at];
  if (at >= bytes.length) throw new DamagedPicture();
  return at + 1;
}
