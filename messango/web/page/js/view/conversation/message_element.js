import { isMentionOfUs } from '../../model/text/mentions.js';
import { actionText, whoReacted } from '../../model/text/message_texts.js';
import { WHO_CAN_READ } from '../../model/private_talk.js';
import { MAX_QUOTE, plainName } from '../../model/text/texts.js';
import { clockTime, machineTime } from '../../model/text/time.js';
import { button, element } from '../dom.js';
import { fileElement } from '../files/file_element.js';
import { textNodes } from './message_text.js';
import { hueOf } from './name_hue.js';

/**
 * @param {object} entry of the transcript
 * @param {object} app with `session` and `transcript`; after `later` with `actions` and `files`
 * @returns {HTMLElement} with `.name` (of others), `.bubble`, in it `.text` and `.meta`, and `.trouble` if it failed
 */
export function messageElement(entry, app) {
  const isMention = isMentionOfUs(entry, app.session);
  const kinds = ['message', entry.own && 'own', entry.private && 'private', isMention && 'mention', entry.state];
  const node = element('li', { class: kinds.filter(Boolean).join(' ') });
  if (!entry.own) node.append(element('span', { class: `name ${hueOf(entry.name)}`, dir: 'auto' }, entry.name));
  node.append(bubble(entry, app, isMention));
  if (entry.reactions.length) node.append(reactionChips(entry, app.session));
  if (entry.state === 'failed') node.append(trouble(entry, app.session));
  if (!entry.deleted) node.append(moreButton(entry, app));
  return node;
}

/**
 * @param {object} entry a notice
 * @returns {HTMLElement} a quiet line
 */
export function noticeElement({ notice }) {
  return element('li', { class: 'notice' }, notice);
}

function bubble(entry, app, isMention) {
  const node = element('div', { class: entry.file ? 'bubble with-file' : 'bubble' });
  if (entry.private) node.append(element('span', { class: 'private-mark' }, privateMark(entry)));
  if (entry.reply) node.append(quote(entry.reply, app));
  if (entry.file) node.append(fileElement(entry, app));
  node.append(textOf(entry), ' ', meta(entry, isMention));
  return node;
}

function textOf(entry) {
  if (entry.deleted) return element('span', { class: 'text gone' }, 'This message was deleted');
  const action = actionText(entry.text);
  if (!action) return element('span', { class: 'text', dir: 'auto' }, ...textNodes(entry.text));
  const name = element('b', {}, entry.name);
  return element('span', { class: 'text action', dir: 'auto' }, name, ' ', ...textNodes(action, false));
}

/** What is answered; it leads to that message. */
function quote({ seq, name, text }, app) {
  const node = button('', () => app.transcript.goTo(seq), 'quote', { name: 'quote' });
  const shown = text.length >= MAX_QUOTE ? `${text}…` : text || 'deleted message';
  if (name) node.append(element('b', { class: hueOf(name), dir: 'auto' }, name), ' ');
  node.append(element('span', { dir: 'auto' }, name ? shown : 'a message that the room no longer keeps'));
  return node;
}

function privateMark({ own, toName }) {
  const name = toName ? plainName(toName) : 'one member';
  return own ? `Only to ${name}. ${WHO_CAN_READ}` : `Only to you. ${WHO_CAN_READ}`;
}

function meta(entry, isMention) {
  const node = element('span', { class: 'meta' });
  if (isMention) node.append('mentions you ');
  if (entry.edited) node.append('edited ');
  if (entry.state === 'waiting') node.append('sending… ');
  node.append(element('time', { dateTime: machineTime(entry.time) }, clockTime(entry.time)));
  return node;
}

function reactionChips({ seq, reactions }, session) {
  const node = element('div', { class: 'reactions' });
  for (const reaction of reactions) {
    const { emoji, count, mine } = reaction;
    const who = whoReacted(reaction, session.people.me?.name);
    node.append(button(`${emoji} ${count > 999 ? '999+' : count}`, () => session.react(seq, emoji, !mine), 'chip', {
      name: `react ${emoji}`, title: who, disabled: !seq || !session.can('reactions'), 'aria-pressed': mine, 'aria-label': who,
    }));
  }
  return node;
}

/** The keyboard comes to the newest of these buttons, and goes from there to the others by the arrow keys. */
function moreButton(entry, app) {
  const whose = entry.own ? 'your message' : `the message of ${plainName(entry.name)}`;
  const node = button('⋯', () => app.later.then(() => app.actions.open(entry, node)), 'more', {
    name: 'more', tabIndex: -1, 'aria-label': `Actions for ${whose}`, 'aria-haspopup': 'dialog',
  });
  return node;
}

function trouble(entry, session) {
  const again = button('Send again', () => session.sendAgain(entry.id), 'link');
  const discard = button('Discard', () => session.discard(entry.id), 'link');
  const reason = `Not sent. ${entry.reason} ${entry.hint}`.trim();
  return element('div', { class: 'trouble' }, `${reason} `, again, ' ', discard);
}
