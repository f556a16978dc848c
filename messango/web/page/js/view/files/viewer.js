import { formatSize } from '../../model/files/files.js';
import { element } from '../dom.js';
import { nameElement } from './file_name.js';

/**
 * A picture as large as the page. Escape, the phone's Back, and a tap close it.
 * @param {HTMLDialogElement} dialog
 * @param {import('./pictures.js').Pictures} pictures
 * @param {function(object): void} save
 * @returns {{open: function(object): void, refresh: function(string): void}}
 */
export function mountViewer(dialog, pictures, save) {
  const [title, keep, close] = dialog.firstElementChild.children;
  const place = dialog.lastElementChild;
  let file = null;

  function show() {
    const url = pictures.urlOf(file.id);
    const shown = url ? element('img', { src: url, alt: file.name }) : element('p', { role: 'status' }, pictures.noteOf(file));
    place.replaceChildren(shown);
  }

  keep.addEventListener('click', () => save(file));
  for (const part of [close, place]) part.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    file = null;
    place.replaceChildren();
    if (history.state?.viewer) history.back();
  });
  addEventListener('popstate', () => dialog.open && dialog.close());

  return {
    open(chosen) {
      file = chosen;
      title.replaceChildren(nameElement(file.name), ` · ${formatSize(file.size)}`);
      if (!pictures.urlOf(file.id)) pictures.request(file);
      show();
      dialog.showModal();
      history.pushState({ viewer: true }, '');
    },
    refresh: (id) => file?.id === id && show(),
  };
}
