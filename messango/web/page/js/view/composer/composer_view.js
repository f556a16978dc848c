import { Drafts } from '../../model/drafts.js';
import { MAX_TEXT, counterText, lengthOf, plainName } from '../../model/text/texts.js';
import { messageOf } from '../../model/text/typed.js';
import { showComposerBar } from './composer_bar.js';
import { byId } from '../dom.js';

/** A draft is stored when nothing was typed for this long. */
const STORE_AFTER_MS = 400;

/**
 * The message field. Other views may take over what is sent: `app.composer` has `text`, `focus()`, `send` (a function
 * that takes the text), `onInput`, `refresh()`, and `enter(mode)` for what a text is for, if not for everybody. A mode
 * is `{title, quote, note, placeholder, label, to, mayBeEmpty, send, blocked, keeps, left}`: the last four are
 * functions, and `to` is the one member who gets it, who has a draft of their own. `blocked` returns why the text can't be sent, `keeps` why no other mode can take its place, and `left` is
 * called at its end. With `isEdit` the text before it comes back.
 * @param {{session: import('../../session.js').Session, storage: import('../../model/storage.js').Storage}} app
 * @param {HTMLFormElement} root `#composer`
 */
export function mountComposer(app, root) {
  const { session, storage } = app;
  const [field, error, count, send] = ['composer-text', 'composer-error', 'composer-count', 'send-button'].map(byId);
  const hasKeyboard = matchMedia('(hover: hover) and (pointer: fine)');
  const drafts = new Drafts();
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
    /** Takes a text that is too long for a message, if it can go in another way. */
    takeLong: () => false,
    focus: () => field.focus(),
    showError: (text) => { error.textContent = text; },
    /** What the text is for; null: for everybody. */
    mode: null,
    /** Write for something else, with another text if one is given. */
    enter(mode, text) {
      const refusal = mode && composer.mode?.keeps?.();
      if (refusal) {
        composer.showError(refusal);
        return;
      }
      composer.mode?.left?.();
      const from = composer.mode?.kept ?? { text: field.value, mode: composer.mode };
      if (mode?.isEdit) mode.kept = from;
      composer.mode = mode;
      composer.text = text ?? drafts.exchange(audienceOf(from.mode), audienceOf(mode), from.text);
      field.focus();
    },
    /** Write what one wrote before, or for everybody. */
    leave() {
      const { kept, to } = composer.mode ?? {};
      const typed = field.value;
      composer.enter(kept?.mode ?? null, kept?.text);
      if (to && !kept && typed.trim() && field.value !== typed) {
        composer.showError(`Your text to ${plainName(to.name)} is kept until you write to them again`);
      }
    },
    /** Begin with what was half written at the last visit; `writeTo` begins a text for one member. */
    restore(writeTo) {
      if (field.value || composer.mode) return;
      const { text = '', privateText = '', to = null } = storage.draft ?? {};
      composer.text = text;
      if (!privateText) return;
      if (writeTo(to)) {
        drafts.keep('', text);
        composer.text = privateText;
      } else {
        // It can't go to everybody by mistake: the page sends no commands.
        composer.text = text || `/msg ${plainName(to.name)} ${privateText}`;
      }
    },
    /** Show what is so now. */
    refresh() {
      count.textContent = counterText(field.value);
      const everybody = session.room ? `Write to ${session.room.name}` : '';
      field.placeholder = composer.mode?.placeholder ?? everybody;
      send.textContent = composer.mode?.label ?? 'Send';
      showComposerBar(byId('composer-bar'), composer);
      root.classList.toggle('private', Boolean(composer.mode?.to));
      field.disabled = send.disabled = session.isOver;
      fit(field);
    },
  };
  app.composer = composer;

  function store() {
    clearTimeout(storeTimer);
    if (session.code === 'left') return;
    const { text, mode } = composer.mode?.kept ?? { text: field.value, mode: composer.mode }; // What is edited is there.
    const draft = mode?.to ? { text: drafts.forAll, privateText: text, to: mode.to } : { text };
    storage.draft = draft.text || draft.privateText ? draft : null;
  }

  function submit() {
    const text = field.value.trim();
    const { mode } = composer;
    if (!text && !mode?.mayBeEmpty) return;
    const isLong = lengthOf(text) > MAX_TEXT;
    if (isLong && !mode && composer.takeLong(text)) return;
    const message = messageOf(text);
    const problem = isLong ? 'The message is too long. Shorten it, or send it in parts.' : mode?.blocked?.() || message.refusal;
    error.textContent = problem;
    if (problem) return;
    (mode ?? composer).send(message.text);
    field.value = '';
    if (!mode?.isEdit) drafts.sent();
    composer.leave();
    store();
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
  addEventListener('resize', () => fit(field));
  session.addEventListener('room', () => {
    composer.restore(app.writeTo);
    composer.refresh();
    if (hasKeyboard.matches && document.activeElement === document.body) field.focus();
  });
  session.addEventListener('state', composer.refresh);
}

/** @returns {string} the id of the one member for whom a text is; empty for everybody */
function audienceOf(mode) {
  return mode?.to?.id ?? '';
}

/** Make the field as high as its text; an empty one has one line, however long the hint in it is. */
function fit(field) {
  field.style.height = '';
  if (field.value) field.style.height = `${field.scrollHeight + 2}px`;
}
