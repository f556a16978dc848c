import { dayText, isSameGroup } from '../../model/text/time.js';
import { element } from '../dom.js';

/** So many entries are elements at a time: a phone stays quick, whatever the length of the conversation. */
const LIST_MOST = 300;
const LIST_STEP = 60;

/**
 * The elements of a part of the conversation: the entries from `start` to `end`, with lines between them. It follows
 * the end until another part is shown.
 */
export class MessageList {
  /** The key of the entry above which "New messages" stands. */
  newKey = '';
  start = 0;
  end = 0;
  /** Whether the newest entry is among those that are shown. */
  hasEnd = true;
  #list;
  #draw;
  #nodes = new Map();
  #lines = new Map();

  /**
   * @param {HTMLElement} list
   * @param {function(object): HTMLElement} draw
   */
  constructor(list, draw) {
    this.#list = list;
    this.#draw = draw;
  }

  /**
   * @param {string} key
   * @returns {HTMLElement|undefined} the element of an entry, if it is shown
   */
  nodeOf(key) { return this.#nodes.get(key); }

  /**
   * Show what has changed.
   * @param {object[]} entries all
   * @param {object[]} changed those that are where they were
   * @param {boolean} isAtEnd whether the reader is there, so that the first ones may go
   */
  update(entries, changed, isAtEnd) {
    for (const entry of changed) this.#redraw(entry);
    const isShown = ({ key }) => this.#nodes.has(key);
    const start = entries.findIndex(isShown);
    const last = this.hasEnd ? entries.length - 1 : entries.map(isShown).lastIndexOf(true);
    const isMany = last - start >= 2 * LIST_MOST;
    if (start < 0 || last < start || (isMany && isAtEnd)) this.showEnd(entries);
    else this.#show(entries, start, isMany ? start + 2 * LIST_MOST : last + 1);
  }

  /** Show the newest ones. */
  showEnd(entries) { this.#show(entries, entries.length - LIST_MOST, entries.length); }

  /** Show those around an index. */
  showAround(entries, index) { this.#show(entries, index - LIST_MOST / 2, index + LIST_MOST / 2); }

  /**
   * Show more at one end, and fewer at the other.
   * @param {object[]} entries
   * @param {number} direction -1 or 1
   */
  move(entries, direction) {
    const { start, end } = this;
    if (direction < 0) this.#show(entries, start - LIST_STEP, Math.min(end, start - LIST_STEP + LIST_MOST));
    else this.#show(entries, Math.max(start, end + LIST_STEP - LIST_MOST), end + LIST_STEP);
  }

  #show(entries, from, to) {
    [this.start, this.end] = [Math.max(from, 0), Math.min(to, entries.length)];
    this.hasEnd = this.end === entries.length;
    const wanted = [];
    for (let index = this.start; index < this.end; index += 1) {
      this.#collect(entries[index - 1], entries[index], wanted);
    }
    this.#put(wanted);
  }

  /** Collect the element of an entry, and the lines above it. */
  #collect(last, entry, wanted) {
    const day = dayText(entry.time);
    const isOtherDay = dayText(last?.time ?? Date.now() / 1000) !== day;
    if (isOtherDay) wanted.push(this.#line('day', day, entry));
    if (entry.key === this.newKey) wanted.push(this.#line('new-line', 'New messages', entry));
    const node = this.#nodes.get(entry.key) ?? this.#drawn(entry);
    node.classList.toggle('first', !last || !isSameGroup(last, entry));
    wanted.push(node);
  }

  #line(kind, text, { key }) {
    const id = kind + key;
    if (!this.#lines.has(id)) this.#lines.set(id, element('li', { class: kind }, text));
    return this.#lines.get(id);
  }

  #drawn(entry) {
    const node = this.#draw(entry);
    node.dataset.key = entry.key;
    this.#nodes.set(entry.key, node);
    return node;
  }

  #redraw(entry) {
    const old = this.#nodes.get(entry.key);
    if (!old) return;
    const { name } = old.contains(document.activeElement) ? document.activeElement : {};
    const node = this.#drawn(entry);
    old.replaceWith(node);
    const again = name && ([...node.querySelectorAll('button')].find((each) => each.name === name)
      ?? node.querySelector('.more'));
    again?.focus({ preventScroll: true });
  }

  #put(wanted) {
    const kept = new Set(wanted);
    for (const nodes of [this.#nodes, this.#lines]) {
      for (const [key, node] of nodes) if (!kept.has(node)) nodes.delete(key);
    }
    for (const node of [...this.#list.children]) if (!kept.has(node)) node.remove();
    let next = this.#list.firstElementChild;
    for (const node of wanted) {
      if (node === next) next = next.nextElementSibling;
      else this.#list.insertBefore(node, next);
    }
  }
}
