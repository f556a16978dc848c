import { formatSize, isPicture } from '../model/files.js';
import { button, byId, element } from './dom.js';
import { iconElement, nameElement } from './file_name.js';
import { Pictures } from './pictures.js';
import { Saving, saveBlob } from './saving.js';
import { mountViewer } from './viewer.js';

/**
 * Files and pictures in messages: a card with the name, the size and Save, or the picture itself.
 * @param {object} app with `session` and `decorators`; gets `keepPicture(file, blob)`
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

  function shownFile({ file, seq }) {
    const isGone = saving.stateOf(file.id)?.isGone;
    if (isPicture(file) && !isGone) return pictures.element(file, seq > 0, () => viewer.open(file));
    return fileCard(file);
  }

  function fileCard(file) {
    const state = saving.stateOf(file.id);
    const note = element('span', { class: state?.reason ? 'error' : 'muted', role: 'status' }, stateText(file, state));
    const lines = element('span', { class: 'file-lines' }, nameElement(file.name), note);
    const card = element('div', { class: 'file-card' }, iconElement(file.name), lines);
    card.dataset.file = file.id;
    if (state?.isMoving) card.append(button('Cancel', () => saving.cancel(file.id)));
    else if (!state?.isGone) card.append(saveButton(file, state));
    return card;
  }

  function saveButton(file, state) {
    const made = button(state?.reason ? 'Try again' : 'Save', () => save(file));
    made.setAttribute('aria-label', `${made.textContent}: ${file.name}`);
    return made;
  }

  function redraw(id) {
    const entry = session.transcript.entries.find(({ file }) => file?.id === id);
    for (const node of byId('messages').querySelectorAll(`[data-file="${CSS.escape(id)}"]`)) {
      const hadFocus = node.contains(document.activeElement);
      const made = shownFile(entry);
      node.replaceWith(made);
      if (hadFocus) made.querySelector('button')?.focus();
    }
  }

  app.keepPicture = (file, blob) => isPicture(file) && pictures.keep(file, blob);
  function decorate(node, entry) {
    if (!entry.file) return;
    const bubble = node.querySelector('.bubble');
    bubble.classList.add('with-file');
    bubble.insertBefore(shownFile(entry), bubble.querySelector('.text'));
  }

  app.decorators.push(decorate);
  for (const entry of session.transcript.entries) {
    const node = app.transcript.nodeOf(entry.key);
    if (node) decorate(node, entry);
  }
}

function stateText(file, state) {
  if (state?.isGone) return 'The room no longer keeps this file';
  if (state?.reason) return state.reason;
  return `${state?.isMoving ? 'Downloading · ' : ''}${formatSize(file.size)}`;
}
