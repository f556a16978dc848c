import { button, element } from '../dom.js';

/**
 * Show above the field what the text is for.
 * @param {HTMLElement} root `#composer-bar`
 * @param {object} composer
 */
export function showComposerBar(root, composer) {
  const { mode } = composer;
  root.hidden = !mode;
  if (!mode) return;
  root.classList.toggle('private', Boolean(mode.to));
  const note = mode.blocked?.() || mode.note;
  const close = button('✕', composer.leave, 'quiet', { 'aria-label': 'Close' });
  const lines = element('div', { role: 'status' }, element('strong', {}, mode.title));
  if (mode.quote) lines.append(element('p', { class: 'muted one-line', dir: 'auto' }, mode.quote));
  if (note) lines.append(element('p', { class: mode.blocked?.() ? 'error' : 'muted' }, note));
  root.replaceChildren(lines, close);
}
