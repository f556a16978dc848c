import { spansOf } from '../../model/text/markup.js';
import { element } from '../dom.js';

/** With more parts than anybody writes, a text is shown as it was sent: hundreds of such would block a phone. */
const MOST_SPANS = 1_500;

/** So many marks on one character that drawing it takes a second. */
const MARK_PILE = /(\p{M}{20})\p{M}+/gu;

const TEXT_TAGS = { code: 'code', bold: 'b', italic: 'i', struck: 's' };

/**
 * @param {string} text as it was sent
 * @param {boolean} [hasBlocks] whether it may have quotes and lists
 * @returns {(Node|string)[]} its links, code, quotes and emphasized words as elements; marks are left out
 */
export function textNodes(text, hasBlocks) {
  const shownWhole = text.replace(MARK_PILE, '$1');
  const spans = spansOf(shownWhole, hasBlocks);
  if (spans.length > MOST_SPANS) return [shownWhole];
  const nodes = [];
  let [quote, isAfterBlock] = [null, false];
  for (const { text: part, styles } of spans) {
    const has = (style) => styles.includes(style);
    if (!has('quote')) quote = null;
    else if (!quote) nodes.push(quote = element('blockquote'));
    // A block ends its line by itself.
    const endsLine = isAfterBlock && !quote && !has('mark') && part[0] === '\n';
    const shown = endsLine ? part.slice(1) : shownText(part, has);
    if (quote) quote.append(styledNode(shown, has));
    else if (shown) nodes.push(styledNode(shown, has));
    isAfterBlock = Boolean(quote) || has('block');
  }
  return nodes;
}

function shownText(part, has) {
  if (!has('mark')) return part;
  return has('list') && /^[-*] $/.test(part) ? '• ' : '';
}

function styledNode(text, has) {
  if (has('mark')) return text;
  if (has('block')) return element('code', { class: 'block', dir: 'ltr' }, text);
  let node = has('link') ? element('a', { href: text, target: '_blank', rel: 'noopener noreferrer' }, text) : text;
  for (const [style, tag] of Object.entries(TEXT_TAGS)) if (has(style)) node = element(tag, {}, node);
  return node;
}
