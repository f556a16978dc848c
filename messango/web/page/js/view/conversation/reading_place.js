/** Keeps what somebody reads where it is on the screen, whatever appears, grows or goes above it. */
export class ReadingPlace {
  #scroller;
  #list;
  #key = '';
  #top = 0;

  /**
   * @param {HTMLElement} scroller the offset parent of what is in the list
   * @param {HTMLElement} list
   */
  constructor(scroller, list) {
    this.#scroller = scroller;
    this.#list = list;
  }

  /** Note the first entry that is visible, as a whole if there is one. */
  note() {
    const { children } = this.#list;
    const top = this.#scroller.scrollTop;
    let [low, high] = [0, children.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (children[middle].offsetTop + children[middle].offsetHeight > top) high = middle;
      else low = middle + 1;
    }
    const next = children[low + 1];
    const isCut = children[low]?.offsetTop < top && next?.offsetTop < top + this.#scroller.clientHeight;
    let node = isCut ? next : children[low];
    while (node && !node.dataset.key) node = node.nextElementSibling;
    this.#key = node?.dataset.key ?? '';
    this.#top = node?.offsetTop ?? 0;
  }

  /**
   * Scroll by as much as that entry has moved.
   * @param {function(string): HTMLElement|undefined} nodeOf
   */
  keep(nodeOf) {
    const node = nodeOf(this.#key);
    if (!node) return;
    const moved = node.offsetTop - this.#top;
    this.#top = node.offsetTop;
    if (moved) this.#scroller.scrollTop += moved;
  }
}
