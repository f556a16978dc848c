/** What is in the text of a message: links, code, bold words, quotes, lists; as in the other front ends. Pure. */

import { findEmphasis } from './emphasis.js';
import { linkEnd } from './links.js';

const MARKUP_LITERAL = /(\\?)(?:(```(?:[\w+-]*\n)?)([^]+?)(\n?```)|`([^`\n]+)`|https?:\/\/)/gi;

/** Most texts have none of these. */
const MARKUP_MAY = /[*_~`\\]|:\/\/|^(?:>| {0,8}(?:[-•]|\d{1,3}[.)]) )/m;
const MARKUP_QUOTE = /^(?:(?:> )+(?=\S)|>(?=\p{L}))/u;
const MARKUP_EMPTY_QUOTE = /^> *$/;
const MARKUP_LIST = /^( {0,8})(?:([-*] )|(?:•|\d{1,3}[.)]) )(?=\S)/;
const MARKUP_KINDS = { '*': 'bold', '_': 'italic', '~': 'struck' };

/** The styles of a character are the bits of a number. */
const MARKUP_BITS = { bold: 1, italic: 2, struck: 4, code: 8, block: 16, link: 32, quote: 64, list: 128, mark: 256 };

/**
 * @param {string} text
 * @param {boolean} [hasBlocks] whether it begins a line, so that it may have quotes and lists
 * @returns {{text: string, styles: string[]}[]} its parts, which together are the text; what has the style `mark`
 *   marks other parts
 */
export function spansOf(text, hasBlocks = true) {
  if (!text) return [];
  if (!MARKUP_MAY.test(text)) return [{ text, styles: [] }];
  const bits = new Uint16Array(text.length);
  const add = (start, end, kind) => { for (let at = start; at < end; at += 1) bits[at] |= MARKUP_BITS[kind]; };
  const starts = addLiterals(text, add);
  addLines(text, bits, add, hasBlocks);
  return splitByBits(text, bits, starts);
}

/** @returns {Set<number>} where links begin */
function addLiterals(text, add) {
  const starts = new Set();
  const pattern = new RegExp(MARKUP_LITERAL);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const [, slash, fence, block, close, code] = match;
    const start = match.index + slash.length;
    const end = pattern.lastIndex;
    const isCode = block ?? code;
    if (isCode && slash) {
      pattern.lastIndex = start + 1; // The first sign is a character.
    } else if (isCode) {
      add(start, end, block ? 'block' : 'code');
      add(start, start + (fence?.length ?? 1), 'mark');
      add(end - (close?.length ?? 1), end, 'mark');
    } else {
      const last = linkEnd(text, start);
      add(start, last, 'link');
      if (last > start) starts.add(start);
      if (last > start) pattern.lastIndex = last;
    }
  }
  return starts;
}

function addLines(text, bits, add, hasBlocks) {
  const isLiteral = (at) => (bits[at] & (MARKUP_BITS.code | MARKUP_BITS.block | MARKUP_BITS.link)) > 0;
  const lines = text.split('\n');
  let [start, wasQuote] = [0, false];
  lines.forEach((line, index) => {
    const begin = start;
    start += line.length + 1;
    if (bits[begin] & MARKUP_BITS.block) return;
    let from = 0;
    if (hasBlocks) {
      const isBeside = wasQuote || MARKUP_QUOTE.test(lines[index + 1] ?? '');
      const quote = MARKUP_QUOTE.exec(line) ?? (isBeside ? MARKUP_EMPTY_QUOTE.exec(line) : null);
      from = addBlock(line, begin, quote, { kind: 'quote', mark: quote?.[0], pattern: MARKUP_QUOTE, add });
      wasQuote = from > 0;
      const list = MARKUP_LIST.exec(line.slice(from));
      const options = { kind: 'list', mark: list?.[2], pattern: MARKUP_LIST, add };
      from += addBlock(line.slice(from), begin + from, list, options);
    }
    for (const each of findEmphasis(line.slice(from), (at) => isLiteral(begin + from + at))) {
      const base = begin + from;
      if (MARKUP_KINDS[each.kind]) add(base + each.start, base + each.end, MARKUP_KINDS[each.kind]);
      add(base + each.start, base + each.textStart, 'mark');
      add(base + each.textEnd, base + each.end, 'mark');
    }
  });
}

/** @returns {number} where the text of a line of a quote or list begins; 0 if it is none */
function addBlock(line, begin, match, { kind, mark = '', pattern, add }) {
  if (match) {
    const indent = kind === 'list' ? match[1].length : 0;
    add(begin, begin + line.length, kind);
    add(begin + indent, begin + indent + mark.length, 'mark');
    return match[0].length;
  }
  if (line[0] === '\\' && pattern.test(line.slice(1))) add(begin, begin + 1, 'mark');
  return 0;
}

function splitByBits(text, bits, starts) {
  const spans = [];
  let start = 0;
  for (let at = 1; at <= text.length; at += 1) {
    if (at < text.length && bits[at] === bits[start] && !starts.has(at)) continue;
    const styles = Object.keys(MARKUP_BITS).filter((kind) => bits[start] & MARKUP_BITS[kind]);
    spans.push({ text: text.slice(start, at), styles });
    start = at;
  }
  return spans;
}
