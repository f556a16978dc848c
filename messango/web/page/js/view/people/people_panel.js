import { byId } from '../dom.js';

/**
 * Where the people are: beside the conversation on wide screens; on others over it, until it is closed by its button,
 * Escape, a tap beside it, or the phone's Back.
 * @param {import('../../session.js').Session} session
 * @param {HTMLElement} root `#people-panel`
 * @returns {{close: function(): void}}
 */
export function mountPeoplePanel(session, root) {
  const [opener, talk, room, close] = ['people-button', 'talk', 'room', 'people-close'].map(byId);
  const isWide = matchMedia('(min-width: 700px)');
  let isOpen = false;
  if (history.state?.people) history.replaceState(null, ''); // From before a reload.

  function show() {
    const hasPeople = session.people.count > 0 && !session.isOver;
    if (!hasPeople || isWide.matches) setOpen(false);
    opener.hidden = !hasPeople;
    close.hidden = isWide.matches;
    root.hidden = !hasPeople || !(isOpen || isWide.matches);
    talk.inert = isOpen;
    opener.setAttribute('aria-expanded', isOpen);
  }

  function setOpen(wanted) {
    if (wanted === isOpen) return;
    isOpen = wanted;
    if (isOpen) history.pushState({ people: true }, '');
    else if (history.state?.people) history.back();
  }

  function open() {
    setOpen(true);
    show();
    close.focus();
  }

  function shut() {
    if (!isOpen) return;
    const hadFocus = root.contains(document.activeElement);
    setOpen(false);
    show();
    if (hadFocus) opener.focus();
  }

  opener.addEventListener('click', () => (isOpen ? shut() : open()));
  close.addEventListener('click', shut);
  room.addEventListener('click', (event) => event.target === room && shut());
  root.addEventListener('keydown', (event) => event.key === 'Escape' && shut());
  addEventListener('popstate', shut);
  isWide.addEventListener('change', show);
  for (const type of ['people', 'room', 'state']) session.addEventListener(type, show);
  show();
  return { close: shut };
}
