import { counted } from '../../model/text/texts.js';
import { byId } from '../dom.js';
import { MOST_ENTRIES, mountEarlier } from './earlier_view.js';
import { messageElement, noticeElement } from './message_element.js';
import { MessageList } from './message_list.js';
import { ReadingPlace } from './reading_place.js';

/** So near to the end counts as there. */
const END_PIXELS = 48;

/** With more entries than these, a reader at the end keeps only the last ones. */
const MAX_ENTRIES = 3000;
const KEPT_ENTRIES = 2000;

/** A wait that is worth a word. */
const WAIT_NOTE_MS = 400;

/** Long enough to find a message, too short to be taken for a state. */
const JUMPED_MS = 1_500;

/**
 * The conversation. It stays at the end while new messages come, unless the reader has scrolled up: then what they
 * read stays where it is. `app.transcript` has `nodeOf(key)`, `scrollToEnd()`, `isAtEnd` and `goTo(seq)`.
 * @param {{session: import('../../session.js').Session}} app
 * @param {HTMLElement} root `#conversation`
 */
export function mountTranscript(app, root) {
  const { session } = app;
  const [ol, newest] = ['messages', 'newest-button'].map(byId);
  const list = new MessageList(ol, draw);
  const place = new ReadingPlace(root, ol);
  let [isAtEnd, unseen, sought, height] = [true, 0, 0, 0];

  function draw(entry) {
    return entry.notice ? noticeElement(entry) : messageElement(entry, app);
  }

  function changed({ added, changed: others, at }) {
    const { entries } = session.transcript;
    const isAbove = at === 0 && added.length > 0 && list.end > 0;
    if (!isAbove) countUnseen(added);
    list.update(entries, others, isAtEnd);
    if (added.some((entry) => entry.state === 'waiting')) wrote();
    settle();
    if (isAtEnd && !sought && entries.length > MAX_ENTRIES) session.trim(KEPT_ENTRIES);
    else if (entries.length > 1.1 * MOST_ENTRIES) session.trim(MOST_ENTRIES);
  }

  function countUnseen(added) {
    const isReading = isAtEnd && !document.hidden;
    const isUnseen = ({ own, notice, seq }) => !own && !notice && seq > session.seen
      && (!isReading || (seq <= session.latest && session.isFirstVisit));
    const news = added.filter(isUnseen);
    list.newKey ||= news[0]?.key ?? '';
    if (!isAtEnd) unseen += news.length;
  }

  /** The person has written something, so they have read what is above. */
  function wrote() {
    list.newKey = '';
    scrollToEnd();
  }

  /** Stay where the reader is, after anything has changed. */
  function settle() {
    height = root.clientHeight;
    if (isAtEnd) root.scrollTop = root.scrollHeight;
    else keepPlace();
    scrolled();
  }

  function keepPlace() { place.keep((key) => list.nodeOf(key)); }

  function scrollToEnd() {
    list.showEnd(session.transcript.entries);
    isAtEnd = true;
    settle();
  }

  function scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = root;
    const below = scrollHeight - scrollTop - clientHeight;
    if (scrollTop < 2 * clientHeight && list.start > 0) move(-1);
    else if (below < 2 * clientHeight && !list.hasEnd) move(1);
    isAtEnd = list.hasEnd && below < END_PIXELS;
    if (isAtEnd) unseen = 0;
    newest.hidden = isAtEnd;
    newest.textContent = unseen ? `${counted(unseen, 'new message')} ↓` : 'Newest messages ↓';
    place.note();
    earlier.load();
  }

  function move(direction) {
    place.note();
    list.move(session.transcript.entries, direction);
    keepPlace();
  }

  /**
   * Show a message in the middle of the view, loaded up to there if need be.
   * @returns {Promise<boolean>} false if the room does not keep it any more
   */
  async function goTo(seq) {
    const timer = setTimeout(() => app.notify('Loading earlier messages…'), WAIT_NOTE_MS);
    sought += 1;
    const entry = await earlier.find(seq);
    sought -= 1;
    clearTimeout(timer);
    if (!entry) app.notify('That message is not in the room any more');
    if (!entry) return false;
    const { entries } = session.transcript;
    if (!list.nodeOf(entry.key)) list.showAround(entries, entries.indexOf(entry));
    const node = list.nodeOf(entry.key);
    isAtEnd = false;
    root.scrollTop = node.offsetTop - Math.max(root.clientHeight - node.offsetHeight, 0) / 2;
    scrolled();
    node.classList.add('jumped');
    setTimeout(() => node.classList.remove('jumped'), JUMPED_MS);
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
    return true;
  }

  const earlier = mountEarlier(app, root, () => list.start === 0);
  root.addEventListener('scroll', () => {
    // After a keyboard has appeared, an earlier scroll is told first, as if the reader had left the end.
    if (root.clientHeight !== height) {
      settle();
    } else {
      keepPlace(); // Something above may have grown since the last frame.
      scrolled();
    }
  }, { passive: true });
  newest.addEventListener('click', scrollToEnd);
  const observer = new ResizeObserver(settle);
  for (const part of [root, ol]) observer.observe(part);
  session.addEventListener('transcript', (event) => changed(event.detail));
  for (const type of ['state', 'room']) session.addEventListener(type, earlier.load);
  app.transcript = {
    nodeOf: (key) => list.nodeOf(key), scrollToEnd, goTo, get isAtEnd() { return isAtEnd; },
  };
}
