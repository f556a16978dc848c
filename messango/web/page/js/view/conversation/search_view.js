import { foundMessage } from '../../model/transcript/found_message.js';
import { searchWords } from '../../model/text/matching.js';
import { counted } from '../../model/text/texts.js';
import { button, byId, element } from '../dom.js';
import { hueOf } from './name_hue.js';

/** After the last key; the room answers two searches in a second. */
const SEARCH_PAUSE_MS = 500;
const SEARCH_MOST_CHARACTERS = 256;

/**
 * Searches all that the room keeps, the newest results first; each leads to its message.
 * @param {object} app with `session` and `transcript`
 * @param {HTMLElement} root `#search-panel`
 */
export function mountSearch(app, root) {
  const { session } = app;
  const opener = byId('search-button');
  const label = 'Search the whole room';
  const field = element('input', { type: 'search', 'aria-label': label, placeholder: label,
    maxLength: SEARCH_MOST_CHARACTERS, enterKeyHint: 'search', autocomplete: 'off' });
  const status = element('p', { class: 'muted', role: 'status' });
  const results = element('ol');
  const more = button('Older results', () => ask(), 'link');
  let [words, oldest, count, timer] = [[], undefined, 0, 0];

  root.append(element('div', { class: 'search-row' }, field, button('Close', close, 'quiet')), status, results, more);
  more.hidden = true;

  function open() {
    if (!root.hidden) {
      close();
      return;
    }
    setOpen(true);
    field.focus();
    field.select();
  }

  function setOpen(isOpen) {
    root.hidden = !isOpen;
    opener.setAttribute('aria-expanded', isOpen);
  }

  function close() {
    setOpen(false);
    opener.focus();
  }

  function begin() {
    const wanted = searchWords(field.value);
    if (wanted.join(' ') === words.join(' ')) return;
    clearTimeout(timer);
    [words, oldest, count] = [wanted, undefined, 0];
    more.hidden = true;
    status.textContent = words.length ? 'Searching the whole room…' : '';
    if (words.length) timer = setTimeout(ask, SEARCH_PAUSE_MS);
    else results.replaceChildren();
  }

  async function ask() {
    const [asked, before] = [words, oldest];
    more.disabled = true;
    try {
      const answer = await session.search(field.value.trim(), before);
      if (asked === words) show(answer, before);
    } catch ({ reason }) {
      if (asked === words) status.textContent = reason || 'The room could not search.';
    }
    more.disabled = false;
  }

  function show({ entries, more: hasMore }, before) {
    const found = [...entries].reverse();
    // The former results stay until then, so that nothing jumps while one types.
    if (before === undefined) results.replaceChildren();
    results.append(...found.map(resultElement));
    count += found.length;
    oldest = found[found.length - 1]?.seq ?? before;
    more.hidden = !hasMore || !found.length;
    const number = more.hidden ? counted(count, 'message') : `${count.toLocaleString('en')}+ messages`;
    status.textContent = count ? `${number} in the whole room` : 'Nothing found in the whole room';
  }

  function resultElement(entry) {
    const { name, when, parts } = foundMessage(entry, words, Date.now() / 1000);
    const node = button('', () => choose(entry.seq, node), entry.private ? 'found private' : 'found');
    const texts = parts.map(({ text, isFound }) => (isFound ? element('mark', {}, text) : text));
    node.append(
      element('span', { class: 'found-head' },
        element('b', { class: hueOf(entry.name), dir: 'auto' }, name), element('span', { class: 'muted' }, when)),
      entry.private ? element('span', { class: 'private-mark' }, 'private') : '',
      element('span', { dir: 'auto' }, ...texts),
    );
    return element('li', {}, node);
  }

  async function choose(seq, node) {
    for (const each of results.querySelectorAll('[aria-current]')) each.removeAttribute('aria-current');
    node.setAttribute('aria-current', 'true');
    const text = status.textContent;
    status.textContent = 'Loading earlier messages…';
    const isThere = await app.transcript.goTo(seq);
    status.textContent = text;
    // On a phone the message is below the panel, which has the results again when it is opened.
    if (isThere && innerWidth < 700) setOpen(false);
  }

  field.addEventListener('input', begin);
  root.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
    else if (event.key === 'Enter' && event.target === field) begin();
    else return;
    event.preventDefault();
  });
  opener.addEventListener('click', open);
}
