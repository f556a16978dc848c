import { counted } from '../model/texts.js';
import { dayText, isSameGroup } from '../model/time.js';
import { byId, element } from './dom.js';
import { messageElement, noticeElement } from './message_element.js';

/** So near to the end counts as there. */
const END_PIXELS = 48;

/**
 * The conversation. It stays at the end while new messages come, unless the reader has scrolled up. `app.transcript`
 * has `nodeOf(key)`, `scrollToEnd()` and `isAtEnd`; `app.decorators` are functions `(node, entry)` by which other views
 * add to the element of each message.
 * @param {{session: import('../session.js').Session}} app
 * @param {HTMLElement} root `#conversation`
 */
export function mountTranscript(app, root) {
  const { session } = app;
  const [list, newest] = ['messages', 'newest-button'].map(byId);
  const nodes = new Map();
  let [isAtEnd, unseen] = [true, 0];

  function draw(entry) {
    if (entry.notice) return noticeElement(entry);
    const node = messageElement(entry, { session });
    for (const decorate of app.decorators) decorate(node, entry);
    return node;
  }

  function put(entry, before) {
    const node = draw(entry);
    node.dataset.key = entry.key;
    nodes.get(entry.key)?.remove();
    nodes.set(entry.key, node);
    list.insertBefore(node, before);
  }

  function removeAll(entries) {
    for (const { key } of entries) {
      nodes.get(key)?.remove();
      nodes.delete(key);
    }
  }

  function addAll(entries, at) {
    const following = session.transcript.entries[at + entries.length];
    let before = following ? nodes.get(following.key) ?? null : null;
    if (before?.previousElementSibling?.className === 'day') before = before.previousElementSibling;
    for (const entry of entries) put(entry, before);
  }

  function replace(entry) {
    const old = nodes.get(entry.key);
    if (old) put(entry, old.nextElementSibling);
  }

  /** Set what depends on the entry above: day lines, and who needs a name; from `from` to one below `to`. */
  function group(from, to) {
    const { entries } = session.transcript;
    for (let index = from; index <= Math.min(to, entries.length - 1); index += 1) {
      const [last, entry] = [entries[index - 1], entries[index]];
      const node = nodes.get(entry.key);
      const day = dayText(entry.time);
      if (node.previousElementSibling?.className === 'day') node.previousElementSibling.remove();
      if (last ? dayText(last.time) !== day : day !== dayText(Date.now() / 1000)) {
        node.before(element('li', { class: 'day' }, day));
      }
      node.classList.toggle('first', !last || !isSameGroup(last, entry));
    }
  }

  function changed({ added, changed: others, removed, at }) {
    const distance = root.scrollHeight - root.scrollTop;
    const isAbove = at === 0 && nodes.size > 0 && added.length > 0;
    removeAll(removed);
    for (const entry of others) replace(entry);
    addAll(added, at);
    const { entries } = session.transcript;
    if (removed.length) group(0, entries.length - 1);
    else if (added.length) group(at, at + added.length);
    for (const entry of others) group(entries.indexOf(entry), entries.indexOf(entry));
    if (isAtEnd) scrollToEnd();
    else if (isAbove) root.scrollTop = root.scrollHeight - distance;
    if (!isAtEnd && !isAbove) unseen += added.filter((entry) => !entry.notice && !entry.own).length;
    if (added.some((entry) => entry.state === 'waiting')) scrollToEnd();
    showNewest();
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
  new ResizeObserver(() => isAtEnd && scrollToEnd()).observe(root);
  session.addEventListener('transcript', (event) => changed(event.detail));
  app.transcript = { nodeOf: (key) => nodes.get(key), scrollToEnd, get isAtEnd() { return isAtEnd; } };
}
