/** Finding words and names in what people wrote, much as the room's search does. Pure. */

import { UNSPACED_SCRIPTS } from './emphasis.js';

/** What people do not type when they search: accents and points, invisible characters, skin tones. */
const FOLDED_AWAY = /[\p{Mn}\p{Cf}\u0640\u{1f3fb}-\u{1f3ff}]/gu;

/** Marks that look alike and that keyboards interchange: each line by the first. */
const FOLDED_ALIKE = new Map(["'‘’‚‛‹›′ʼʻ", '"“”„‟«»″', '-‐‑‒–—―−', 'يىی', 'كک', 'iı', 'dđ', 'lł', 'oø', 'σς']
  .flatMap(([first, ...others]) => others.map((other) => [other, first])));

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

function isWordBorder(text, at, mayHaveParticle) {
  const left = [...text.slice(Math.max(at - 2, 0), at)].pop() ?? '';
  const right = [...text.slice(at, at + 2)].shift() ?? '';
  if (/^\p{M}/u.test(right)) return false;
  if (!FOLDED_WORD.test(left) || !FOLDED_WORD.test(right)) return true;
  return (mayHaveParticle && FOLDED_HANGUL.test(right)) || FOLDED_UNSPACED.test(left) || FOLDED_UNSPACED.test(right);
}
