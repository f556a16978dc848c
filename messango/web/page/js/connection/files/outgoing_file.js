/** Reads a file that a person has chosen, and makes of it what is sent. */

import { KIND_BYTES, pictureType, withoutMetadata } from '../../model/files/picture_metadata.js';

/** A larger picture is not read: a phone has little memory. */
const MAX_READ_BYTES = 64_000_000;

const JPEG_QUALITY = 0.92;

/**
 * @param {Blob} file
 * @param {string} name
 * @returns {Promise<{blob: Blob, name: string, width?: number, height?: number, isPicture: boolean, original?: Blob,
 *   hasMetadata: boolean}>} a picture without place and camera data; `hasMetadata`: they could not be removed, if there
 *   are any; `original` is the picture with them, if they were. Rejects if the file can't be read.
 */
export async function readyToSend(file, name) {
  const type = pictureType(new Uint8Array(await file.slice(0, KIND_BYTES).arrayBuffer()));
  if (!type) return { blob: file, name, isPicture: false, hasMetadata: false };
  const isReadable = type !== 'other' && file.size <= MAX_READ_BYTES;
  const found = isReadable ? withoutMetadata(new Uint8Array(await file.arrayBuffer())) : null;
  if (found && !found.isTurned) return { ...strippedBlob(file, found), name, isPicture: true, hasMetadata: false };
  const drawn = file.size <= MAX_READ_BYTES ? await drawnAgain(file) : null;
  if (drawn) return { ...drawn, name: name.replace(/\.[^.]*$/, '') + '.jpg', isPicture: true, original: file, hasMetadata: false };
  return { blob: file, name, isPicture: true, hasMetadata: true };
}

/** The pieces stay where they are on the disk. */
function strippedBlob(file, { type, pieces, changed, width, height }) {
  if (!changed) return { blob: file, width, height };
  const parts = pieces.map((piece) => (Array.isArray(piece) ? file.slice(...piece) : piece));
  return { blob: new Blob(parts, { type }), width, height, original: file };
}

/** For what we can't take apart, such as HEIC where the browser knows it. */
async function drawnAgain(file) {
  try {
    const bitmap = await createImageBitmap(file);
    const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
    canvas.getContext('2d').drawImage(bitmap, 0, 0);
    bitmap.close();
    const blob = await new Promise((resolve) => { canvas.toBlob(resolve, 'image/jpeg', JPEG_QUALITY); });
    return blob && { blob, width: canvas.width, height: canvas.height };
  } catch {
    return null; // Not a picture that this browser can show.
  }
}
