/** Which names to offer behind an `@`, by the rules of the window. Pure. */

import { oneSpaced } from './matching.js';

/**
 * @param {string} before the text before the cursor
 * @returns {?string} what was typed of a name behind an `@`, at its end; null if nothing was
 */
export function nameQuery(before) {
  const start = before.lastIndexOf('@');
  const query = before.slice(start + 1);
  const isOfAddress = /[\w.+-]/.test(before[start - 1] ?? ' ');
  return start < 0 || query.length > 32 || /^\s|\n/.test(query) || isOfAddress ? null : query;
}

/**
 * @param {string} query
 * @param {string[]} names
 * @returns {string[]} the names that may be meant: first those that begin so, then those of which another word does
 */
export function nameChoices(query, names) {
  const prefix = oneSpaced(query);
  const sorted = [...names].sort((one, other) => one.localeCompare(other));
  const begins = (name) => oneSpaced(name).startsWith(prefix);
  const firsts = sorted.filter(begins);
  const others = sorted.filter((name) => !begins(name) && ` ${oneSpaced(name)}`.includes(` ${prefix}`));
  return [...firsts, ...others].slice(0, 50);
}
