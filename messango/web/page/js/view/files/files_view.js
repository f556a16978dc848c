import { isPicture } from '../../model/files/files.js';
import { byId } from '../dom.js';
import { fileElement } from './file_element.js';
import { Pictures } from './pictures.js';
import { Saving, saveBlob } from './saving.js';
import { mountViewer } from './viewer.js';

/**
 * Fetches the files and pictures in messages.
 * @param {object} app with `session`; gets `files`, for `fileElement` and for what is sent
 */
export function mountFiles(app) {
  const { session } = app;
  const saving = new Saving(session, redraw);
  const pictures = new Pictures(session, byId('conversation'), {
    onGone: (id) => saving.gone(id),
    onChange: (id) => viewer.refresh(id),
  });
  const viewer = mountViewer(byId('viewer'), pictures, save);

  async function save(file) {
    const blob = pictures.blobOf(file.id);
    if (blob) saveBlob(blob, file.name);
    else await saving.save(file);
  }

  function redraw(id) {
    const entry = session.transcript.entries.find(({ file }) => file?.id === id);
    for (const node of byId('messages').querySelectorAll(`[data-file="${CSS.escape(id)}"]`)) {
      const hadFocus = node.contains(document.activeElement);
      const made = fileElement(entry, app);
      node.replaceWith(made);
      if (hadFocus) (made.querySelector('button') ?? made).focus();
    }
  }

  app.files = {
    save,
    stateOf: (id) => saving.stateOf(id),
    cancel: (id) => saving.cancel(id),
    show: (node, file, isShared) => pictures.show(node, file, isShared),
    view: (file) => viewer.open(file),
    keepPicture: (file, blob) => isPicture(file) && pictures.keep(file, blob),
  };
  for (const { file } of session.transcript.entries) if (file) redraw(file.id);
}
