import { endingOf } from '../../model/files/files.js';
import { element } from '../dom.js';

/** How much of a name's end stays in sight. */
const KEPT_END = 10;

/** A longer ending does not fit on an icon. */
const MAX_ICON_LETTERS = 4;

/**
 * @param {string} name
 * @returns {HTMLElement} it is cut in its middle, so that its ending stays in sight
 */
export function nameElement(name) {
  const letters = Array.from(name);
  const end = letters.splice(-Math.min(KEPT_END, letters.length - 1));
  const parts = [letters, end].map((part) => element('span', {}, part.join('')));
  return element('span', { class: 'file-name', title: name }, ...parts);
}

/**
 * @param {string} name
 * @returns {HTMLElement} a tile with its ending
 */
export function iconElement(name) {
  const ending = endingOf(name);
  const shown = ending && ending.length <= MAX_ICON_LETTERS ? ending.toUpperCase() : 'FILE';
  return element('span', { class: 'file-icon', 'aria-hidden': 'true' }, shown);
}
