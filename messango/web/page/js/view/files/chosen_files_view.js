import { formatSize } from '../../model/files/files.js';
import { button, element } from '../dom.js';
import { iconElement, nameElement } from './file_name.js';

const METADATA_REMOVED = 'The place and camera data in pictures are removed.';
const METADATA_KEPT = 'Pictures keep the place where they were taken, and camera data.';

/** Shows what is about to be sent: which files, how large, and what is removed from pictures. */
export class ChosenFilesView {
  node = element('div', { class: 'chosen', hidden: true });
  #chosen;
  #onChange;
  #urls = new Map();

  /**
   * @param {import('../../model/files/chosen_files.js').ChosenFiles} chosen
   * @param {function(): void} onChange called after the person has changed something here
   */
  constructor(chosen, onChange) {
    this.#chosen = chosen;
    this.#onChange = onChange;
  }

  /** Show them as they are now. */
  show() {
    const { files } = this.#chosen;
    const hadFocus = this.node.contains(document.activeElement);
    const keys = new Set(files.map(({ key }) => key));
    for (const [key, url] of this.#urls) {
      if (keys.has(key)) continue;
      URL.revokeObjectURL(url);
      this.#urls.delete(key);
    }
    const list = element('ul', { 'aria-label': 'Files to send' }, ...files.map((file) => this.#row(file)));
    this.node.replaceChildren(list, ...(this.#chosen.hasPicture ? [this.#metadata()] : []));
    this.node.hidden = files.length === 0;
    if (hadFocus) this.node.querySelector('button')?.focus();
  }

  #row(file) {
    const remove = button('✕', () => {
      this.#chosen.remove(file.key);
      this.#onChange();
    }, 'quiet', { 'aria-label': `Do not send ${file.name}` });
    const size = file.ready ? formatSize(file.size) : 'Reading…';
    const lines = element('span', { class: 'file-lines' }, nameElement(file.name));
    if (file.problem) lines.append(element('span', { class: 'error', role: 'alert' }, file.problem));
    else lines.append(element('span', { class: 'muted' }, [size, file.note].filter(Boolean).join(' · ')));
    return element('li', { class: 'file-card' }, this.#sign(file), lines, remove);
  }

  #sign({ key, name, ready, problem }) {
    if (!ready?.width || problem) return iconElement(name);
    if (!this.#urls.has(key)) this.#urls.set(key, URL.createObjectURL(ready.blob));
    return element('img', { class: 'file-icon', src: this.#urls.get(key), alt: '' });
  }

  #metadata() {
    const { keepMetadata } = this.#chosen;
    const label = keepMetadata ? 'Remove' : 'Keep';
    const toggle = button(label, () => {
      this.#chosen.keepMetadata = !keepMetadata;
      this.#onChange();
    }, 'link', { 'aria-label': `${label} place and camera data` });
    return element('p', { class: 'muted' }, keepMetadata ? METADATA_KEPT : METADATA_REMOVED, ' ', toggle);
  }
}
