import { nextStep } from '../model/outcome.js';

/**
 * Shows the conversation from the first visit on, and in the title how many messages came while nobody looked.
 * @param {{session: import('../session.js').Session}} app
 * @param {HTMLElement} root `#room`
 */
export function mountRoom({ session }, root) {
  let unseen = 0;

  function show() {
    root.hidden = !session.room || (session.state === 'refused' && nextStep(session) === 'join');
    const name = session.room?.name ?? 'Messango';
    document.title = unseen ? `(${unseen > 99 ? '99+' : unseen}) ${name}` : name;
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
}
