/** Finding words and names in what people wrote, much as the room's search does. Pure. */

import { UNSPACED_SCRIPTS } from './emphasis.js';

/** What people do not type when they search: accents and points, invisible characters, skin tones. */
const FOLDED_AWAY = /[\p{Mn}\p{Cf}\u0640\u{1f3fb}-\u{1f3ff}]/gu;

/** Marks that look alike and that keyboards interchange: each line by the first. */
const FOLDED_ALIKE = new Map(["'‘’‚‛‹›′ʼʻ", '"“”„‟«»″', '-‐‑‒–—―−', 'يىی', 'كک', 'iı', 'dđ', 'lł', 'oø', 'σς']
  .flatMap(([first, ...others]) => others.map((other) => [other, first])));

/** A character and the marks that belong to it. */
const FOLDED_CLUSTER = /[^][\p{M}\p{Cf}\u{1f3fb}-\u{1f3ff}]*/gu;

/** In scripts without spaces a name ends anywhere. */
const FOLDED_WORD = /^[\p{L}\p{N}_]$/u;
const FOLDED_UNSPACED = new RegExp(`^[${UNSPACED_SCRIPTS}]$`, 'u');
const FOLDED_HANGUL = /^\p{sc=Hang}$/u;

/**
 * @param {string} text
 * @returns {string} the form in which equal texts are the same
 */
export function fold(text) {
  // U+00B4 first: NFKD would make a space and a mark of it.
  const whole = text.replaceAll('´', "'").normalize('NFKD').replace(FOLDED_AWAY, '').normalize('NFC');
  return Array.from(whole.toUpperCase().toLowerCase(), (each) => FOLDED_ALIKE.get(each) ?? each).join('');
}

/**
 * @param {string} query
 * @returns {string[]} its folded words
 */
export function searchWords(query) {
  return query.split(/\s+/u).map((part) => fold(part).trim()).filter(Boolean);
}

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

/**
 * @param {string} text
 * @param {string} name
 * @returns {boolean} whether the text contains the name as a word of its own
 */
export function mentionsName(text, name) {
  const [folded, wanted] = [oneSpaced(text), oneSpaced(name)];
  for (let at = folded.indexOf(wanted); wanted && at >= 0; at = folded.indexOf(wanted, at + 1)) {
    const end = at + wanted.length;
    if (isWordBorder(folded, at, false) && isWordBorder(folded, end, true)) return true;
  }
  return false;
}

/**
 * @param {string} text
 * @returns {string} its folded words, with single spaces
 */
export function oneSpaced(text) {
  return searchWords(text).join(' ');
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

function isWordBorder(text, at, mayHaveParticle) {
  const left = [...text.slice(Math.max(at - 2, 0), at)].pop() ?? '';
  const right = [...text.slice(at, at + 2)].shift() ?? '';
  if (/^\p{M}/u.test(right)) return false;
  if (!FOLDED_WORD.test(left) || !FOLDED_WORD.test(right)) return true;
  return (mayHaveParticle && FOLDED_HANGUL.test(right)) || FOLDED_UNSPACED.test(left) || FOLDED_UNSPACED.test(right);
}
