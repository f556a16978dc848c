import { USUAL_REACTIONS, actionsFor, reactionOf } from '../../model/transcript/message_actions.js';
import { whoReacted } from '../../model/text/message_texts.js';
import { button, byId, element } from '../dom.js';
import { closeSheet, focusLast, showSheet } from '../sheet.js';

/** In the words of the window, with the keys that work while the button of the message has the focus. */
const ACTION_LABELS = {
  reply: 'Reply', copy: 'Copy', edit: 'Edit', delete: 'Delete…', privately: 'Reply privately',
};
const ACTION_KEYS = { r: 'reply', '+': 'react', e: 'edit', Delete: 'delete', p: 'privately' };

/**
 * What one can do with a message: `app.actions.open(entry, anchor)` shows a sheet on a phone, and a menu beside the
 * message on larger screens. The dialog gives the focus back by itself.
 * @param {object} app with `session` and `answering`; `writeTo(member)` if one can write to one member
 * @param {HTMLDialogElement} dialog
 */
export function mountMessageSheet(app, dialog) {
  const { session } = app;
  const list = byId('messages');
  const actions = {
    reply: (entry) => app.answering.answer(entry),
    copy,
    edit: (entry) => app.answering.edit(entry),
    delete: askDelete,
    privately: ({ member, name }) => app.writeTo({ id: member, name }),
  };

  function possible(entry) {
    return actionsFor(entry, session).filter((action) => action !== 'privately' || app.writeTo);
  }

  function open(entry, anchor) {
    const found = possible(entry).filter((action) => action !== 'react');
    const who = entry.reactions.map((each) => element('li', {}, whoReacted(each, session.people.me?.name)));
    showSheet(anchor, {
      heading: entry.own ? 'Your message' : entry.name,
      parts: [...(possible(entry).includes('react') ? [reactionRow(entry), emojiForm(entry)] : []),
        element('ul', { class: 'muted' }, ...who)],
      choices: found.map((action) => [ACTION_LABELS[action], () => actions[action](entry, anchor)]),
    });
  }

  function react(entry, emoji) {
    closeSheet();
    session.react(entry.seq, emoji, !entry.reactions.some((each) => each.mine && each.emoji === emoji));
  }

  function reactionRow(entry) {
    const mine = entry.reactions.filter((each) => each.mine).map((each) => each.emoji);
    const chips = USUAL_REACTIONS.map((emoji) => button(emoji, () => react(entry, emoji), 'chip', {
      'aria-label': `React with ${emoji}`, 'aria-pressed': mine.includes(emoji),
    }));
    return element('div', { class: 'reactions', role: 'group', 'aria-label': 'React' }, ...chips);
  }

  function emojiForm(entry) {
    const label = 'Another emoji';
    const field = element('input', { 'aria-label': label, placeholder: label, autocomplete: 'off' });
    const error = element('p', { class: 'error', role: 'alert' });
    const form = element('form', { class: 'emoji-form' }, field, element('button', {}, 'React'), error);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const emoji = reactionOf(field.value);
      if (emoji) react(entry, emoji);
      else error.textContent = 'A reaction is one emoji. Choose one emoji.';
    });
    return form;
  }

  function askDelete(entry, anchor) {
    const label = entry.private ? 'Delete for both of you' : 'Delete for everybody';
    const choices = [[label, () => session.remove(entry.seq), 'danger'], ['Keep it', () => {}]];
    showSheet(anchor, { heading: 'Delete this message?', choices });
    focusLast();
  }

  async function copy({ text }) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      app.notify('The text could not be copied. Select it in the message instead.');
    }
  }

  function entryOf(node) {
    const key = node.closest('li')?.dataset.key;
    return session.transcript.entries.find((entry) => entry.key === key);
  }

  /** The arrow keys go from one message's button to the next, letters do what the sheet offers. */
  function pressed(event) {
    const from = event.target;
    if (from.name !== 'more' || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = [...list.querySelectorAll('.more')];
    const steps = { ArrowUp: -1, ArrowDown: 1, Home: -all.length, End: all.length };
    const action = ACTION_KEYS[event.key];
    const entry = entryOf(from);
    if (steps[event.key]) {
      all[Math.min(Math.max(all.indexOf(from) + steps[event.key], 0), all.length - 1)].focus();
    } else if (action && possible(entry).includes(action)) {
      if (action === 'react') open(entry, from);
      else actions[action](entry, from);
    } else {
      return;
    }
    event.preventDefault();
  }

  /** Tab comes to one of the buttons only: the one that had the focus, or the newest. */
  function rove(chosen) {
    for (const node of list.querySelectorAll('.more[tabindex="0"]')) node.tabIndex = -1;
    if (chosen) chosen.tabIndex = 0;
  }

  function roveToNewest() {
    if (!list.querySelector('.more[tabindex="0"]') || !list.contains(document.activeElement)) {
      rove([...list.querySelectorAll('.more')].pop());
    }
  }

  list.addEventListener('keydown', pressed);
  list.addEventListener('focusin', ({ target }) => target.name === 'more' && rove(target));
  session.addEventListener('transcript', roveToNewest);
  roveToNewest();
  dialog.addEventListener('click', (event) => event.target === dialog && closeSheet());
  app.actions = { open };
}
