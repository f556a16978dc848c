import { formatSize } from '../model/files.js';
import { button, element } from './dom.js';

/**
 * A picture as large as the page. Escape, the phone's Back, and a tap close it.
 * @param {{pictures: import('./pictures.js').Pictures, save: function(object): void}} actions
 * @returns {{open: function(object): void, refresh: function(string): void}}
 */
export function mountViewer({ pictures, save }) {
  const title = element('span', { class: 'viewer-title', dir: 'auto' });
  const keep = button('Save', () => save(file));
  const close = button('✕', () => dialog.close(), 'quiet');
  const place = element('div', { class: 'viewer-place' });
  const dialog = element('dialog', { class: 'viewer', 'aria-label': 'Picture' }, element('div', { class: 'viewer-bar' }, title, keep, close), place);
  let file = null;

  close.setAttribute('aria-label', 'Close');
  document.body.append(dialog);

  function show() {
    const url = pictures.urlOf(file.id);
    const note = element('p', { role: 'status' }, pictures.noteOf(file));
    place.replaceChildren(url ? element('img', { src: url, alt: file.name }) : note);
  }

  place.addEventListener('click', () => dialog.close());
  dialog.addEventListener('close', () => {
    file = null;
    place.replaceChildren();
    if (history.state?.viewer) history.back();
  });
  addEventListener('popstate', () => dialog.open && dialog.close());

  return {
    open(chosen) {
      file = chosen;
      title.textContent = `${file.name} · ${formatSize(file.size)}`;
      if (!pictures.urlOf(file.id)) pictures.request(file);
      show();
      dialog.showModal();
      history.pushState({ viewer: true }, '');
    },
    refresh(id) {
      if (file?.id === id && dialog.open) show();
    },
  };
}
