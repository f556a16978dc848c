/** Where the words of a search are in a text. Pure. */

import { fold } from './matching.js';

/** A character and the marks that belong to it. */
const FOLDED_CLUSTER = /[^][\p{M}\p{Cf}\u{1f3fb}-\u{1f3ff}]*/gu;

/**
 * @param {string} text
 * @param {string[]} words folded ones
 * @returns {number[][]} where they are in the text: `[start, end]`, in order, apart
 */
export function findWords(text, words) {
  let folded = '';
  const origins = [];
  for (const { 0: cluster, index } of text.matchAll(FOLDED_CLUSTER)) {
    const part = fold(cluster);
    folded += part;
    for (let count = 0; count < part.length; count += 1) origins.push([index, index + cluster.length]);
  }
  const places = [];
  for (const word of new Set(words)) {
    for (let at = folded.indexOf(word); at >= 0; at = folded.indexOf(word, at + word.length)) {
      places.push([origins[at][0], origins[at + word.length - 1][1]]);
    }
  }
  return merged(places.sort(([a], [b]) => a - b));
}

function merged(places) {
  const ranges = [];
  for (const [start, end] of places) {
    const last = ranges[ranges.length - 1];
    if (last && start < last[1]) last[1] = Math.max(last[1], end);
    else ranges.push([start, end]);
  }
  return ranges;
}
