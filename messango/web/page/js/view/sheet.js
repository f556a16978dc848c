import { button, byId } from './dom.js';

/**
 * Show the dialog. It gives the focus back by itself, and Escape closes it.
 * @param {?HTMLElement} anchor a sheet on a phone, and a menu beside this on larger screens; null: a question in the
 *   middle
 * @param {{heading: string, parts?: Node[], choices: Array<[string, function(): void, ?string]|Node>}} content each
 *   choice closes it, and is a label, what to do, and a class; or a button of another kind
 */
export function showSheet(anchor, { heading, parts = [], choices }) {
  const dialog = byId('dialog');
  byId('dialog-title').textContent = heading;
  byId('dialog-body').replaceChildren(...parts);
  byId('dialog-buttons').replaceChildren(...choices.map((choice) => (Array.isArray(choice) ? choiceButton(...choice) : choice)));
  dialog.className = anchor ? 'sheet' : '';
  if (!dialog.open) dialog.showModal();
  placeBeside(dialog, anchor);
}

/** Close the dialog. */
export function closeSheet() {
  byId('dialog').close();
}

/** Let Enter choose what changes nothing. */
export function focusLast() {
  byId('dialog-buttons').lastElementChild.focus();
}

function choiceButton(label, act, kind) {
  return button(label, () => {
    closeSheet();
    act();
  }, kind);
}

/** On a large screen beside the anchor, elsewhere where the styles put it. */
function placeBeside(dialog, anchor) {
  const { bottom, left } = anchor && innerWidth >= 700 ? anchor.getBoundingClientRect() : {};
  const fit = (place, size, most) => (place === undefined ? '' : `${Math.max(Math.min(place, most - size - 8), 8)}px`);
  dialog.style.top = fit(bottom, dialog.offsetHeight, innerHeight);
  dialog.style.left = fit(left, dialog.offsetWidth, innerWidth);
}
