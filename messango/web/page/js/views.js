/** All views of the page, in the order in which they need each other. */

import { mountAnnouncer } from './view/conversation/announcer.js';
import { mountComposer } from './view/composer/composer_view.js';
import { byId } from './view/dom.js';
import { mountFileButtons } from './view/files/file_buttons.js';
import { mountJoin } from './view/join_view.js';
import { mountNotices } from './view/notice_view.js';
import { mountPrivate } from './view/composer/private_view.js';
import { mountRoom } from './view/room_view.js';
import { mountState } from './view/state_view.js';
import { mountTranscript } from './view/conversation/transcript_view.js';

const LATER_RETRY_MS = 2_000;

/** @param {object} app what the views share: each adds its own part to it; `later` resolves when all have */
export function mountViews(app) {
  app.later = mountRest(app);
  mountNotices(app, byId('notices'));
  mountRoom(app, byId('room'));
  mountState(app, byId('banner'));
  mountJoin(app, byId('join'));
  mountTranscript(app, byId('conversation'));
  mountAnnouncer(app.session, byId('live'));
  mountComposer(app, byId('composer'));
  mountPrivate(app);
  mountFileButtons(app, byId('composer-tools'));
}

/** Load and mount the rest, once a person is in the room. */
async function mountRest(app) {
  const { mountLater } = await laterModule(app.session);
  mountLater(app);
}

async function laterModule(session) {
  for (;;) {
    await inRoom(session);
    try {
      return await import('./later.js');
    } catch {
      await new Promise((resolve) => setTimeout(resolve, LATER_RETRY_MS)); // The network broke just then.
    }
  }
}

/** Wait for a seat: without one, the server may have nothing for us any more. */
function inRoom(session) {
  if (session.state === 'joined') return null;
  return new Promise((resolve) => session.addEventListener('room', resolve, { once: true }));
}
