import { formatSize, isPicture, pictureSize } from '../../model/files/files.js';
import { button, element } from '../dom.js';
import { iconElement, nameElement } from './file_name.js';

/** How large a picture is in the conversation, in pixels. */
const PICTURE_BOX = [320, 280];

/**
 * @param {object} entry with a file
 * @param {object} app with `later`, and with `files` once they can be fetched
 * @returns {HTMLElement} a card with the name, the size and Save, or the picture, or the place for it: nothing moves
 *   when it comes
 */
export function fileElement({ file, seq }, app) {
  const state = app.files?.stateOf(file.id);
  const made = isPicture(file) && !state?.isGone ? pictureElement(file, seq > 0, app) : fileCard(file, state, app);
  made.dataset.file = file.id;
  return made;
}

function pictureElement(file, isShared, app) {
  const node = button('', () => app.later.then(() => app.files.view(file)), 'picture', {
    'aria-label': `View picture ${file.name}`,
  });
  const [width, height] = pictureSize(file, PICTURE_BOX);
  node.style.width = `${width}px`;
  node.style.aspectRatio = `${width} / ${height}`;
  app.files?.show(node, file, isShared);
  return node;
}

function fileCard(file, state, app) {
  const note = element('span', { class: state?.reason ? 'error' : 'muted', role: 'status' }, stateText(file, state));
  const lines = element('span', { class: 'file-lines' }, nameElement(file.name), note);
  const card = element('div', { class: 'file-card' }, iconElement(file.name), lines);
  if (state?.isMoving) card.append(button('Cancel', () => app.files.cancel(file.id)));
  else if (!state?.isGone) card.append(saveButton(file, state, app));
  return card;
}

function saveButton(file, state, app) {
  const label = state?.reason ? 'Try again' : 'Save';
  return button(label, () => app.later.then(() => app.files.save(file)), '', { 'aria-label': `${label}: ${file.name}` });
}

function stateText(file, state) {
  if (state?.isGone) return 'The room no longer keeps this file';
  if (state?.reason) return state.reason;
  return `${state?.isMoving ? 'Downloading · ' : ''}${formatSize(file.size)}`;
}
