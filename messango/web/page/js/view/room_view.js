import { byId } from './dom.js';

/**
 * Shows the conversation from the first visit on, and the title of the page.
 * @param {{session: import('../session.js').Session}} app
 * @param {HTMLElement} root `#room`
 */
export function mountRoom({ session }, root) {
  session.addEventListener('room', () => {
    root.hidden = false;
    byId('join').hidden = true;
    document.title = session.room.name;
  });
}
