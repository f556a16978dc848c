import { MAX_TEXT, counterText, lengthOf } from '../model/texts.js';
import { byId } from './dom.js';

/** A draft is stored when nothing was typed for this long. */
const STORE_AFTER_MS = 400;

/**
 * The message field. Other views may take over what is sent: `app.composer` has `text`, `focus()`, `send` (a function
 * that takes the text and returns whether it was sent), `onInput` and `refresh()`.
 * @param {{session: import('../session.js').Session, storage: import('../model/storage.js').Storage}} app
 * @param {HTMLFormElement} root `#composer`
 */
export function mountComposer(app, root) {
  const { session, storage } = app;
  const [field, error, count, send] = ['composer-text', 'composer-error', 'composer-count', 'send-button'].map(byId);
  const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)');
  let storeTimer = 0;

  const composer = {
    /** Sends a text; others may put their own here. */
    send: (text) => session.say(text),
    /** Called after each change of the text. */
    onInput: () => session.typing(),
    get text() { return field.value; },
    set text(text) {
      field.value = text;
      composer.refresh();
    },
    focus: () => field.focus(),
    showError: (text) => { error.textContent = text; },
    /** Show what is so now. */
    refresh() {
      fit(field);
      count.textContent = counterText(field.value);
      field.placeholder = session.room ? `Write to ${session.room.name}` : '';
      const isOver = ['refused', 'closed', 'elsewhere'].includes(session.state);
      field.disabled = isOver;
      send.disabled = isOver;
    },
  };
  app.composer = composer;

  function store() {
    clearTimeout(storeTimer);
    storage.draft = field.value || null;
  }

  function submit() {
    const text = field.value.trim();
    const length = lengthOf(text);
    if (!text) return;
    if (length > MAX_TEXT) {
      error.textContent = 'The message is too long. Shorten it, or send it in parts.';
      return;
    }
    composer.send(text);
    field.value = '';
    store();
    composer.refresh();
    field.focus();
  }

  root.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener('keydown', (event) => {
    // With a touch keyboard, Enter begins a new line; while an input method composes, Enter is its own.
    const sends = event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.keyCode !== 229;
    if (!sends || !hasKeyboard.matches) return;
    event.preventDefault();
    submit();
  });
  field.addEventListener('input', () => {
    error.textContent = '';
    composer.refresh();
    clearTimeout(storeTimer);
    storeTimer = setTimeout(store, STORE_AFTER_MS);
    if (field.value.trim()) composer.onInput(field.value);
  });
  addEventListener('pagehide', store);
  session.addEventListener('room', () => {
    if (!field.value) field.value = storage.draft ?? '';
    composer.refresh();
    if (hasKeyboard.matches && document.activeElement === document.body) field.focus();
  });
  session.addEventListener('state', composer.refresh);
}

/** Make the field as high as its text. */
function fit(field) {
  field.style.height = 'auto';
  field.style.height = `${field.scrollHeight + 2}px`;
}
