import { nextStep } from '../model/outcome.js';
import { byId } from './dom.js';

/**
 * Shows the conversation from the first visit on, with its buttons, and in the title how many messages came while
 * nobody looked.
 * @param {{session: import('../session.js').Session, later: Promise<void>}} app
 * @param {HTMLElement} root `#room`
 */
export function mountRoom({ session, later }, root) {
  const buttons = byId('header-buttons');
  let unseen = 0;

  function show() {
    root.hidden = !session.room || (session.state === 'refused' && nextStep(session) === 'join');
    byId('search-button').hidden = !session.can('search');
    const name = session.room?.name ?? 'Messango';
    document.title = unseen ? `(${unseen > 99 ? '99+' : unseen}) ${name}` : name;
  }

  /** The buttons are there from the beginning, so that nothing moves when what they show has come. */
  async function showButtons() {
    const press = ({ target }) => later.then(() => target.click());
    byId('people-button').hidden = false;
    buttons.addEventListener('click', press);
    await later;
    buttons.removeEventListener('click', press);
  }

  session.addEventListener('transcript', ({ detail: { added, at } }) => {
    if (!document.hidden || at === 0) return;
    unseen += added.filter((entry) => !entry.own && !entry.notice).length;
    show();
  });
  document.addEventListener('visibilitychange', () => {
    unseen = 0;
    show();
  });
  for (const type of ['state', 'room']) session.addEventListener(type, show);
  session.addEventListener('room', showButtons, { once: true });
}
