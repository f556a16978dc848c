import { element } from './dom.js';

const NOTICE_MS = 6_000;

/**
 * Short sentences about what did not work: `app.notify(text)`.
 * @param {object} app
 * @param {HTMLElement} root `#notices`
 */
export function mountNotices(app, root) {
  app.notify = (text) => {
    const node = element('p', { class: 'banner' }, text);
    root.replaceChildren(node);
    setTimeout(() => node.remove(), NOTICE_MS);
  };
  app.session.addEventListener('problem', ({ detail: { reason, hint } }) => app.notify(`${reason} ${hint}`.trim()));
}
