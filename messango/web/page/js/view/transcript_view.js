import { counted } from '../model/texts.js';
import { dayText, isSameGroup } from '../model/time.js';
import { byId, element } from './dom.js';
import { messageElement, noticeElement } from './message_element.js';

/** So near to the end counts as there. */
const END_PIXELS = 48;

/** With more entries than these, a reader at the end keeps only the last ones. */
const MAX_ENTRIES = 3000;
const KEPT_ENTRIES = 2000;

/** A move of own messages concerns at most so many entries at the end. */
const MOVED_ENTRIES = 150;

/**
 * The conversation. It stays at the end while new messages come, unless the reader has scrolled up. `app.transcript`
 * has `nodeOf(key)`, `scrollToEnd()` and `isAtEnd`; `app.decorators` are functions `(node, entry)` by which other views
 * add to the element of each message, also when it is drawn again.
 * @param {{session: import('../session.js').Session}} app
 * @param {HTMLElement} root `#conversation`
 */
export function mountTranscript(app, root) {
  const { session } = app;
  const [list, newest] = ['messages', 'newest-button'].map(byId);
  const nodes = new Map();
  let [isAtEnd, unseen, unseenKey] = [true, 0, ''];

  function draw(entry) {
    const node = entry.notice ? noticeElement(entry) : messageElement(entry, { session });
    node.dataset.key = entry.key;
    if (!entry.notice) for (const decorate of app.decorators) decorate(node, entry);
    nodes.set(entry.key, node);
    return node;
  }

  function remove({ key }) {
    const node = nodes.get(key);
    if (!node) return;
    removeLines(node);
    node.remove();
    nodes.delete(key);
  }

  function addAll(entries, at) {
    const following = session.transcript.entries[at + entries.length];
    const before = following ? nodes.get(following.key) : null;
    if (before) removeLines(before);
    list.insertBefore(fragmentOf(entries.map(draw)), before ?? null);
  }

  /** Set what depends on the entry above: the lines between, and who needs a name. */
  function group(from, to) {
    const { entries } = session.transcript;
    for (let index = Math.max(from, 0); index <= Math.min(to, entries.length - 1); index += 1) {
      const [last, entry] = [entries[index - 1], entries[index]];
      const node = nodes.get(entry.key);
      removeLines(node);
      node.before(...linesAbove(last, entry));
      node.classList.toggle('first', !last || !isSameGroup(last, entry));
    }
  }

  function linesAbove(last, entry) {
    const day = dayText(entry.time);
    const isOtherDay = last ? dayText(last.time) !== day : day !== dayText(Date.now() / 1000);
    const lines = isOtherDay ? [element('li', { class: 'day' }, day)] : [];
    if (entry.key === unseenKey) lines.push(element('li', { class: 'new-line' }, 'New messages'));
    return lines;
  }

  function changed({ added, changed: others, removed, at }) {
    const distance = root.scrollHeight - root.scrollTop;
    const isAbove = at === 0 && added.length > 0 && nodes.size > 0;
    const { entries } = session.transcript;
    removed.forEach(remove);
    for (const entry of others) nodes.get(entry.key)?.replaceWith(draw(entry));
    addAll(added, at);
    if (!isAbove) countUnseen(added);
    if (removed.length) group(entries.length - MOVED_ENTRIES, entries.length - 1);
    if (added.length) group(at, at + added.length);
    if (removed.length) group(0, 0);
    for (const entry of others) group(entries.lastIndexOf(entry), entries.lastIndexOf(entry));
    if (isAtEnd) scrollToEnd();
    else if (isAbove) root.scrollTop = root.scrollHeight - distance;
    if (added.some((entry) => entry.state === 'waiting')) wrote();
    if (isAtEnd && entries.length > MAX_ENTRIES) session.trim(KEPT_ENTRIES);
    showNewest();
  }

  function countUnseen(added) {
    const isReading = isAtEnd && !document.hidden;
    const isUnseen = ({ own, notice, seq }) => !own && !notice && seq > session.seen
      && (!isReading || (seq <= session.latest && session.isFirstVisit));
    const news = added.filter(isUnseen);
    unseenKey ||= news[0]?.key ?? '';
    if (!isAtEnd) unseen += news.length;
  }

  /** The person has written something, so they have read what is above. */
  function wrote() {
    const node = nodes.get(unseenKey);
    unseenKey = '';
    if (node) group(...Array(2).fill(session.transcript.entries.findIndex(({ key }) => key === node.dataset.key)));
    scrollToEnd();
  }

  function scrollToEnd() {
    root.scrollTop = root.scrollHeight;
    [isAtEnd, unseen] = [true, 0];
    showNewest();
  }

  function showNewest() {
    newest.hidden = isAtEnd;
    newest.textContent = unseen ? `${counted(unseen, 'new message')} ↓` : 'Newest messages ↓';
  }

  root.addEventListener('scroll', () => {
    isAtEnd = root.scrollHeight - root.scrollTop - root.clientHeight < END_PIXELS;
    if (isAtEnd) unseen = 0;
    showNewest();
  }, { passive: true });
  newest.addEventListener('click', scrollToEnd);
  const observer = new ResizeObserver(() => isAtEnd && scrollToEnd());
  for (const part of [root, list]) observer.observe(part);
  session.addEventListener('transcript', (event) => changed(event.detail));
  app.transcript = { nodeOf: (key) => nodes.get(key), scrollToEnd, get isAtEnd() { return isAtEnd; } };
}

/** Remove the lines above an element, which are no entries. */
function removeLines(node) {
  while (node.previousElementSibling && !node.previousElementSibling.dataset.key) node.previousElementSibling.remove();
}

function fragmentOf(nodes) {
  const fragment = document.createDocumentFragment();
  fragment.append(...nodes);
  return fragment;
}
