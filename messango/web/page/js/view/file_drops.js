import { datedName, endingOf } from '../model/files.js';
import { element } from './dom.js';

const DROP_HERE = 'Drop files here to send them to everybody';
const FIRST_LOOK = 'You see them once more before they go.';

/**
 * Files that are dropped on the room or pasted into the message field.
 * @param {HTMLElement} room
 * @param {HTMLTextAreaElement} field
 * @param {{add: function(object[]): void, refusal: function(): string}} sending
 */
export function mountDrops(room, field, { add, refusal }) {
  const text = element('strong');
  const note = element('p');
  const hint = element('div', { class: 'drop-hint', hidden: true }, text, note);
  room.append(hint);

  room.addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    if (!hint.hidden) return;
    text.textContent = refusal() || DROP_HERE;
    note.textContent = refusal() ? '' : FIRST_LOOK;
    hint.hidden = false;
  });
  room.addEventListener('dragleave', (event) => {
    if (!room.contains(event.relatedTarget)) hint.hidden = true;
  });
  room.addEventListener('drop', (event) => {
    hint.hidden = true;
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    add([...event.dataTransfer.files].map((file) => ({ name: file.name, blob: file })));
  });
  field.addEventListener('paste', (event) => {
    const { files, types } = event.clipboardData;
    // Office programs also offer a picture of a text, and the text is meant.
    if (!files.length || (types.includes('text/plain') && types.includes('text/html'))) return;
    event.preventDefault();
    add([...files].map((file) => ({ name: pastedName(file), blob: file })));
  });
}

function pastedName(file) {
  const isNameless = file.type.startsWith('image/') && file.name === `image.${endingOf(file.name)}`;
  return isNameless ? datedName('Picture', new Date(), endingOf(file.name)) : file.name;
}
