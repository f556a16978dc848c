import { plainName } from '../model/texts.js';
import { clockTime, machineTime } from '../model/time.js';
import { button, element } from './dom.js';
import { hueOf } from './name_hue.js';

const WHO_CAN_READ = 'Only you two and the host can read this';

/**
 * @param {object} entry of the transcript
 * @param {{session: import('../session.js').Session}} app
 * @returns {HTMLElement} with `.name` (of others), `.bubble`, in it `.text` and `.meta`, and `.trouble` if it failed;
 *   other views may add to each
 */
export function messageElement(entry, { session }) {
  const kinds = ['message', entry.own && 'own', entry.private && 'private', entry.state];
  const node = element('li', { class: kinds.filter(Boolean).join(' ') });
  if (!entry.own) node.append(element('span', { class: `name ${hueOf(entry.name)}`, dir: 'auto' }, entry.name));
  node.append(bubble(entry));
  if (entry.state === 'failed') node.append(trouble(entry, session));
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
  const node = element('div', { class: 'bubble' });
  if (entry.private) node.append(element('span', { class: 'private-mark' }, privateMark(entry)));
  const text = entry.deleted ? 'This message was deleted' : entry.text;
  node.append(element('span', { class: entry.deleted ? 'text gone' : 'text', dir: 'auto' }, text), ' ', meta(entry));
  return node;
}

function privateMark({ own, toName }) {
  const name = toName ? plainName(toName) : 'one member';
  return own ? `Only to ${name}. ${WHO_CAN_READ}` : `Only to you. ${WHO_CAN_READ}`;
}

function meta(entry) {
  const node = element('span', { class: 'meta' });
  if (entry.edited) node.append('edited ');
  if (entry.state === 'waiting') node.append('sending… ');
  node.append(element('time', { dateTime: machineTime(entry.time) }, clockTime(entry.time)));
  return node;
}

function trouble(entry, session) {
  const again = button('Send again', () => session.sendAgain(entry.id), 'link');
  const discard = button('Remove', () => session.discard(entry.id), 'link');
  const reason = `Not sent. ${entry.reason} ${entry.hint}`.trim();
  return element('div', { class: 'trouble' }, `${reason} `, again, ' ', discard);
}
