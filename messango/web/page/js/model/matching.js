/** Finding words and names in what people wrote, by the rules of the room's search. Pure. */

/** Accents of Latin, Greek and Cyrillic, Hebrew points and Arabic harakat; invisible characters; skin tones. */
const FOLDED_AWAY = new RegExp('[\\u0300-\\u0305\\u0307-\\u0337\\u0339-\\u036f\\u0591-\\u05bd\\u05bf\\u05c1\\u05c2\\u05c4'
  + '\\u05c5\\u05c7\\u0610-\\u061a\\u0640\\u064b-\\u065f\\u0670\\u06d6-\\u06dc\\u06df-\\u06e4\\u06e7\\u06e8\\u06ea-\\u06ed'
  + '\\u00ad\\u200b-\\u200f\\u2060-\\u206f\\ufe00-\\ufe0f\\ufeff\\u{1f3fb}-\\u{1f3ff}]', 'gu');

/** Marks that look alike and that keyboards interchange: each line by the first. */
const FOLDED_ALIKE = new Map(["'‘’‚‛‹›′ʼʻ´", '"“”„‟«»″', '-‐‑‒–—―−', '\u064a\u0649\u06cc', '\u0643\u06a9', 'iı', 'dđ', 'lł',
  'oø', 'σς'].flatMap(([first, ...others]) => others.map((other) => [other, first])));

/** A character and the marks that belong to it. */
const FOLDED_CLUSTER = /[^][\p{M}\u200b-\u200f\u{1f3fb}-\u{1f3ff}]*/gu;

/** In scripts without spaces a name ends anywhere. */
const FOLDED_WORD = /^[\p{L}\p{N}_]$/u;
const FOLDED_UNSPACED = /^[\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Han}\p{sc=Hira}\p{sc=Kana}]$/u;
const FOLDED_HANGUL = /^\p{sc=Hang}$/u;

/**
 * @param {string} text
 * @returns {string} the form in which equal texts are the same
 */
export function fold(text) {
  // U+00B4 first: NFKD would make a space and a mark of it.
  const bare = text.replaceAll('´', "'").normalize('NFKD').replace(FOLDED_AWAY, '');
  const whole = bare.replace(/([^\u0400-\u052f])\u0306/gu, '$1').normalize('NFC'); // й is a letter of its own.
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
