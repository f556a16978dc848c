import { Pace } from '../../pace.js';
import { memberStatus, memberWarning } from '../../model/text/member_texts.js';
import { privateRefusal } from '../../model/private_talk.js';
import { button, byId, element } from '../dom.js';
import { hueOf } from '../conversation/name_hue.js';
import { askName, askToLeave } from './own_place.js';
import { mountPeoplePanel } from './people_panel.js';
import { showSheet } from '../sheet.js';
import { mountTyping } from '../composer/typing_view.js';

/** The members beyond this are only counted: nobody reads down so far. */
const PEOPLE_LISTED = 200;

/** Those who lost the connection are not listed for long. */
const PEOPLE_REFRESH_MS = 20_000;

/**
 * @param {object[]} members
 * @returns {object[]} those at other servers of a linked room last, by server
 */
export function byServer(members) {
  return [...members].sort((one, other) => one.server.localeCompare(other.server));
}

/**
 * @param {object[]} members by server
 * @param {object[]} lost those below them who lost the connection
 * @param {string} own the name of our server
 * @returns {string[]} what stands above each of them: the name of a server, or nothing
 */
export function headingsOf(members, lost, own) {
  if (!members.some(({ server }) => server)) return [];
  const names = members.map(({ server }) => server || own || 'Here');
  return [...names.map((name, at) => (name === names[at - 1] ? '' : name)), lost.length ? 'Away' : ''];
}

function heading(name) {
  return element('li', { class: 'server muted', dir: 'auto' }, name);
}

/**
 * Who is in the room, beside the conversation or over it. Each row leads to what one can do with a member; a row that
 * has the focus keeps it, whatever comes and goes.
 * @param {object} app with `session`, `composer` and `writeTo`
 * @param {HTMLElement} root `#people-panel`
 */
export function mountPeople(app, root) {
  const { session, composer } = app;
  const [title, list] = ['people-title', 'people-list'].map(byId);
  const panel = mountPeoplePanel(session, root);
  const rows = new Map();
  let timer = 0;

  function show() {
    clearTimeout(timer);
    const now = Date.now() / 1000;
    const { all, count } = session.people;
    const lost = session.people.lost(now);
    const focused = rowWithFocus();
    title.textContent = `In the room: ${count}`;
    const listed = byServer(all).slice(0, PEOPLE_LISTED);
    const wanted = [...listed, ...lost].map(update);
    const next = focused && (wanted.find((each) => each === focused) ?? wanted[Math.min(focused.place, wanted.length - 1)]);
    const headings = headingsOf(listed, lost, session.people.server);
    list.replaceChildren(...wanted.flatMap(({ node }, at) => (headings[at] ? [heading(headings[at]), node] : node)));
    for (const [id, row] of rows) if (!wanted.includes(row)) rows.delete(id);
    next?.button.focus({ preventScroll: true });
    if (lost.length) timer = setTimeout(show, PEOPLE_REFRESH_MS);
  }

  function rowWithFocus() {
    return [...rows.values()].find((row) => row.button === document.activeElement);
  }

  function update(member, place) {
    const row = rows.get(member.id) ?? rowFor(member.id);
    const status = memberStatus(member, app.typing.has(member.id));
    const warning = memberWarning(member);
    row.place = place;
    row.member = member;
    row.button.classList.toggle('lost', Boolean(member.isLost));
    row.button.replaceChildren(
      element('b', { class: member.isLost ? '' : hueOf(member.name), dir: 'auto' }, member.name), ' ',
      element('span', { class: 'muted' }, status), ' ',
      element('small', { class: member.resembles || !member.encrypted ? 'warning' : 'muted' }, warning),
    );
    return row;
  }

  function rowFor(id) {
    const row = { button: button('', () => choose(row), 'person') };
    row.node = element('li', {}, row.button);
    rows.set(id, row);
    return row;
  }

  function choose({ member, button: anchor }) {
    if (member.you) {
      askName(app);
      return;
    }
    const refusal = privateRefusal(session, member);
    const choices = refusal ? [] : [choice('Message privately', () => app.writeTo(member))];
    if (!member.isLost) choices.push(choice('Mention', () => mention(member.name)));
    showSheet(anchor, {
      heading: member.name,
      parts: [refusal || memberWarning(member)].filter(Boolean).map((text) => element('p', { class: 'muted' }, text)),
      choices,
    });
  }

  function choice(label, act) {
    return [label, () => {
      panel.close();
      act();
    }];
  }

  function mention(name) {
    const before = composer.text;
    const space = !before || /\s$/.test(before) ? '' : ' ';
    composer.text = `${before}${before.trim() ? `${space}${name} ` : `${name}: `}`;
    composer.focus();
  }

  byId('people-foot').append(button('Change name', () => askName(app)), button('Leave', () => askToLeave(app)));
  const showing = new Pace(show);
  mountTyping(app, show);
  for (const type of ['people', 'room', 'state']) session.addEventListener(type, () => showing.request());
  show();
}
