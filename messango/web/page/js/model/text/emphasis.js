/** Bold, italic and struck words, by the rules of Messango's other front ends. Pure. */

const EMPHASIS_MARK = /\\([*_~`])|\*+|_+|~+/g;
const EMPHASIS_MARKS = ['*', '**', '_', '~', '~~'];
const EMPHASIS_CONTENT = /[^*_~\s]/;

/** What may stand before an opening mark, and after a closing one, besides spaces. */
const EMPHASIS_BEFORE = /^[([{<"'|*_~]$/;
const EMPHASIS_AFTER = /^[)\]}>"'|*_~.,;:!?]$/;
/** These end a sentence, but also join the parts of a name: `_init_.py`. */
const EMPHASIS_JOINING = /^[.,;:!?]$/;
const EMPHASIS_BORDER = /^[\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\p{Pd}\p{So}\p{Cf}\p{Mn}]$/u;
const EMPHASIS_WORD = /^[\p{L}\p{N}]$/u;

/** Scripts without spaces between words, for a class of characters. */
export const UNSPACED_SCRIPTS = ['Thai', 'Lao', 'Tibt', 'Mymr', 'Khmr', 'Hani', 'Hira', 'Kana', 'Bopo']
  .map((script) => `\\p{sc=${script}}`).join('');
const EMPHASIS_UNSPACED = new RegExp(`^[${UNSPACED_SCRIPTS}]$`, 'u');

/** So many marks may be open at the same time; more would only be a hostile text. */
const EMPHASIS_OPEN = 12;

/**
 * @param {string} line
 * @param {function(number): boolean} isLiteral whether there are no marks at a place, but code or a link
 * @returns {{kind: string, start: number, textStart: number, textEnd: number, end: number}[]} the emphasized parts;
 *   `kind` is `*`, `_` or `~`, or a backslash, which makes the mark after it a character
 */
export function findEmphasis(line, isLiteral) {
  const found = [];
  let openers = [];
  for (const match of line.matchAll(EMPHASIS_MARK)) {
    const [start, end] = [match.index, match.index + match[0].length];
    if (isLiteral(start)) continue;
    const [opens, closes] = emphasisSides(line, start, end);
    if (match[1]) {
      if (opens || closes) found.push({ kind: '\\', start, textStart: start + 1, textEnd: start + 1, end: start + 1 });
      continue;
    }
    if (!EMPHASIS_MARKS.includes(match[0])) continue;
    const place = closes ? matchingOpener(line, openers, match) : -1;
    if (place >= 0) {
      const opener = openers[place];
      openers = openers.slice(0, place);
      found.push({ kind: match[0][0], start: opener.start, textStart: opener.end, textEnd: start, end });
    } else if (opens) {
      openers = [...openers, { mark: match[0], start, end }].slice(-EMPHASIS_OPEN);
    }
  }
  return found;
}

/** The nearest opener that a mark closes, if there is something between them. */
function matchingOpener(line, openers, { 0: mark, index }) {
  const place = openers.map((each) => each.mark).lastIndexOf(mark);
  return place >= 0 && EMPHASIS_CONTENT.test(line.slice(openers[place].end, index)) ? place : -1;
}

/** Whether a mark may open, and whether it may close. */
function emphasisSides(line, start, end) {
  const before = [...line.slice(Math.max(start - 2, 0), start)].pop() ?? '';
  const [after = '', second = ''] = line.slice(end, end + 4);
  const opens = /^[^\s/]/.test(after) && mayPrecede(before); // `~/` is a home folder.
  return [opens, /\S/.test(before) && mayFollow(after, second)];
}

function mayPrecede(character) {
  if (!/\S/.test(character)) return true;
  return isAscii(character) ? EMPHASIS_BEFORE.test(character) : isEmphasisBorder(character);
}

function mayFollow(first, second) {
  if (!/\S/.test(first)) return true;
  if (!isAscii(first)) return isEmphasisBorder(first);
  if (first === '-') return EMPHASIS_WORD.test(second); // `*well*-known`, but `-_-` is a face
  const joins = EMPHASIS_JOINING.test(first) && EMPHASIS_WORD.test(second) && !EMPHASIS_UNSPACED.test(second);
  return EMPHASIS_AFTER.test(first) && !joins;
}

function isEmphasisBorder(character) {
  return EMPHASIS_BORDER.test(character) || EMPHASIS_UNSPACED.test(character);
}

function isAscii(character) {
  return character < '\x80';
}
