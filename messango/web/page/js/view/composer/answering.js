import { partnerOf } from '../../model/transcript/message_actions.js';
import { blockedText } from '../../model/text/message_texts.js';
import { plainName, quotedText } from '../../model/text/texts.js';
import { editableText } from '../../model/text/typed.js';
import { byId } from '../dom.js';

/**
 * Answers and edits in the message field: `app.answering` has `answer(entry)` and `edit(entry)`. Arrow up in the empty
 * field edits the last own message, Escape closes.
 * @param {object} app with `session` and `composer`, and `writeTo(member, entry)` for what is private
 */
export function mountAnswering(app) {
  const { session, composer } = app;
  const field = byId('composer-text');

  function answer(entry) {
    const to = partnerOf(entry);
    const replyTo = entry.seq;
    if (to) {
      app.writeTo(to, entry);
      return;
    }
    composer.enter({
      title: `Answering ${plainName(entry.name)}`,
      quote: quotedText(entry.text),
      placeholder: `Answer ${plainName(entry.name)}`,
      blocked: () => blockedText(entry),
      send: (text) => session.say(text, { replyTo }),
      replyTo,
    });
  }

  function edit(entry) {
    const to = partnerOf(entry);
    composer.enter({
      title: to ? `Editing your message to ${plainName(to.name)}` : 'Editing your message',
      placeholder: 'The new text',
      label: 'Save',
      isEdit: true,
      to,
      mayBeEmpty: Boolean(entry.file),
      blocked: () => blockedText(entry),
      send: (text) => text !== entry.text && session.edit(entry.seq, text),
    }, editableText(entry.text));
  }

  function editLast() {
    const last = session.transcript.entries.filter((entry) => entry.own && !entry.deleted).pop();
    if (!last || !session.can('edits')) return;
    if (last.state === 'waiting') composer.showError("Your last message is not sent yet, so it can't be edited.");
    else if (last.seq) edit(last);
  }

  field.addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if (event.key === 'Escape' && composer.mode) composer.leave();
    else if (event.key === 'ArrowUp' && !field.value && !composer.mode) editLast();
    else return;
    event.preventDefault();
  });
  session.addEventListener('transcript', () => composer.mode && composer.refresh());
  app.answering = { answer, edit };
}
