/** Questions about one's own place in the room: another name, and leaving. */

import { MAX_NAME, counted, quotedName } from '../../model/text/texts.js';
import { element } from '../dom.js';
import { nameProblem } from '../join_view.js';
import { closeSheet, focusLast, showSheet } from '../sheet.js';

/**
 * Ask for another name.
 * @param {object} app with `session`
 */
export function askName({ session }) {
  const error = element('p', { class: 'error', role: 'alert', id: 'name-error' });
  const field = element('input', { id: 'new-name', value: session.people.me?.name ?? '', maxLength: 2 * MAX_NAME,
    autocomplete: 'nickname', spellcheck: false, enterKeyHint: 'done', dir: 'auto', 'aria-describedby': error.id });
  const form = element('form', { id: 'name-form', noValidate: true }, element('label', { htmlFor: field.id }, 'Your name'), field, error);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    error.textContent = nameProblem(field.value);
    field.toggleAttribute('aria-invalid', Boolean(error.textContent));
    if (error.textContent) return;
    closeSheet();
    session.rename(field.value);
  });
  const save = element('button', { class: 'primary' }, 'Change name');
  save.setAttribute('form', form.id);
  showSheet(null, { heading: 'Change name', parts: [form], choices: [save, ['Cancel', () => {}]] });
  field.select();
}

/**
 * Ask whether to leave the room.
 * @param {object} app with `session`
 */
export function askToLeave({ session }) {
  const unsent = session.transcript.entries.filter((entry) => entry.state === 'waiting').length;
  const lost = unsent ? `${counted(unsent, 'message')} of yours ${unsent === 1 ? 'is' : 'are'} not sent yet. ` : '';
  const text = element('p', {}, `${lost}The others read that you left. You can rejoin as long as the host's link is valid.`);
  const choices = [['Leave', () => session.leave(), 'danger'], ['Stay', () => {}]];
  showSheet(null, { heading: `Leave ${quotedName(session.room.name)}?`, parts: [text], choices });
  focusLast();
}
