import { clockTime, machineTime } from '../model/time.js';
import { button, element } from './dom.js';
import { hueOf } from './name_hue.js';

const WHO_CAN_READ = 'Only you two and the host can read this';

/**
 * @param {object} entry of the transcript
 * @param {{session: import('../session.js').Session}} app
 * @returns {HTMLElement} with `.name`, `.bubble` and `.meta`, in which other views may add
 */
export function messageElement(entry, { session }) {
  const kinds = ['message', entry.own && 'own', entry.private && 'private', entry.state];
  const node = element('li', { class: kinds.filter(Boolean).join(' ') });
  if (!entry.own) node.append(element('span', { class: `name ${hueOf(entry.name)}`, dir: 'auto' }, entry.name));
  node.append(bubble(entry), meta(entry, session));
  return node;
}

/**
 * @param {object} entry a notice
 * @returns {HTMLElement} a quiet line
 */
export function noticeElement({ notice }) {
  return element('li', { class: 'notice', dir: 'auto' }, notice);
}

function bubble(entry) {
  const node = element('div', { class: 'bubble', dir: 'auto' });
  if (entry.private) node.append(element('span', { class: 'private-mark' }, privateMark(entry)));
  if (entry.deleted) {
    node.classList.add('gone');
    node.append('This message was deleted');
  } else {
    node.append(element('span', { class: 'text', dir: 'auto' }, entry.text));
  }
  return node;
}

function privateMark({ own, toName }) {
  return own ? `Only to ${toName}. ${WHO_CAN_READ}` : `Only to you. ${WHO_CAN_READ}`;
}

function meta(entry, session) {
  const node = element('div', { class: 'meta' });
  node.append(element('time', { dateTime: machineTime(entry.time) }, clockTime(entry.time)));
  if (entry.edited) node.append(' · edited');
  if (entry.state === 'waiting') node.append(' · sending…');
  if (entry.state !== 'failed') return node;
  const reason = ` · Not sent. ${entry.reason} ${entry.hint} `;
  const again = button('Send again', () => session.sendAgain(entry.id), 'link');
  const discard = button('Remove', () => session.discard(entry.id), 'link');
  node.append(reason, again, ' ', discard);
  return node;
}
