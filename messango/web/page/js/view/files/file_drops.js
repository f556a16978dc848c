import { datedName, endingOf } from '../../model/files/files.js';

const DROP_HERE = 'Drop files here to send them to everybody';
const FIRST_LOOK = 'You see them once more before they go.';

/**
 * Files that are dropped on the page or pasted into the message field.
 * @param {HTMLElement} hint covers the page while something is dragged above it
 * @param {HTMLTextAreaElement} field
 * @param {{add: function(object[]): void, refusal: function(): string}} sending
 */
export function mountDrops(hint, field, { add, refusal }) {
  const [text, note] = hint.children;

  addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files') || !hint.hidden) return;
    text.textContent = refusal() || DROP_HERE;
    note.textContent = refusal() ? '' : FIRST_LOOK;
    hint.hidden = false;
  });
  addEventListener('dragleave', ({ relatedTarget }) => {
    if (!relatedTarget) hint.hidden = true;
  });
  addEventListener('drop', (event) => {
    hint.hidden = true;
    if (event.dataTransfer.files.length) add([...event.dataTransfer.files].map((blob) => ({ name: blob.name, blob })));
  });
  field.addEventListener('paste', (event) => {
    const { files, types } = event.clipboardData;
    // Office programs also offer a picture of a text, and the text is meant.
    if (!files.length || (types.includes('text/plain') && types.includes('text/html'))) return;
    event.preventDefault();
    add([...files].map((blob) => ({ name: pastedName(blob), blob })));
  });
}

/** Browsers call each picture in the clipboard the same. */
function pastedName({ name, type }) {
  const isNameless = type.startsWith('image/') && name === `image.${endingOf(name)}`;
  return isNameless ? datedName('Picture', new Date(), endingOf(name)) : name;
}
