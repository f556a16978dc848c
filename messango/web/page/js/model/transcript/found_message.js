/** One result of a search: who, when, and the words around what was found. Pure. */

import { findWords } from '../text/found_words.js';
import { oneLine, plainName } from '../text/texts.js';
import { clockTime, dayText } from '../text/time.js';

/** What is shown: some words before the first found one, and as much as fits into a line or two. */
const FOUND_BEFORE = 32;
const FOUND_LONGEST = 160;

/**
 * @param {object} entry
 * @param {string[]} words the folded words of the search
 * @param {number} now seconds since 1970
 * @returns {{name: string, when: string, parts: {text: string, isFound: boolean}[]}}
 */
export function foundMessage(entry, words, now) {
  const sender = plainName(entry.name);
  const receiver = entry.own ? plainName(entry.toName) : 'you';
  const day = dayText(entry.time);
  const snippet = snippetOf(oneLine(entry.text || entry.file?.name || ''), words);
  return {
    name: entry.private ? `${sender} → ${receiver}` : sender,
    when: `${day === dayText(now) ? 'Today' : day}, ${clockTime(entry.time)}`,
    parts: markedParts(snippet, findWords(snippet, words)),
  };
}

function snippetOf(line, words) {
  const [first, last] = findWords(line, words)[0] ?? [0, 0];
  let start = line.length <= FOUND_LONGEST || last <= FOUND_LONGEST / 2 ? 0 : Math.max(first - FOUND_BEFORE, 0);
  const space = start ? line.slice(0, first).indexOf(' ', start) : -1;
  if (space >= 0) start = space + 1;
  const end = start + FOUND_LONGEST;
  return `${start ? '… ' : ''}${line.slice(start, end).trim()}${end < line.length ? ' …' : ''}`;
}

function markedParts(text, ranges) {
  const parts = [];
  let at = 0;
  for (const [start, end] of ranges) {
    parts.push({ text: text.slice(at, start), isFound: false }, { text: text.slice(start, end), isFound: true });
    at = end;
  }
  return [...parts, { text: text.slice(at), isFound: false }].filter((part) => part.text);
}
