/** All views of the page, in the order in which they need each other. */

import { mountAnnouncer } from './view/announcer.js';
import { mountAnswering } from './view/answering.js';
import { mountComposer } from './view/composer_view.js';
import { byId } from './view/dom.js';
import { mountJoin } from './view/join_view.js';
import { mountMentionChoices } from './view/mention_choices.js';
import { mountMessageSheet } from './view/message_sheet.js';
import { mountNotices } from './view/notice_view.js';
import { mountPeople } from './view/people_view.js';
import { mountPrivate } from './view/private_view.js';
import { mountRoom } from './view/room_view.js';
import { mountSearch } from './view/search_view.js';
import { mountState } from './view/state_view.js';
import { mountTranscript } from './view/transcript_view.js';

/** @param {object} app what the views share: each adds its own part to it */
export function mountViews(app) {
  mountNotices(app, byId('notices'));
  mountRoom(app, byId('room'));
  mountState(app, byId('banner'));
  mountJoin(app, byId('join'));
  mountTranscript(app, byId('conversation'));
  mountAnnouncer(app.session, byId('live'));
  mountComposer(app, byId('composer'));
  mountMentionChoices(app);
  mountAnswering(app);
  mountPrivate(app);
  mountPeople(app, byId('people-panel'));
  mountMessageSheet(app, byId('dialog'));
  mountSearch(app, byId('search-panel'));
  loadFiles(app);
}

/** Nobody sees a file before they are in a room; a load that fails is tried again with the next connection. */
function loadFiles(app) {
  let loading = null;
  app.session.addEventListener('room', () => {
    loading ??= import('./with_files.js').then(({ mountWithFiles }) => mountWithFiles(app), () => { loading = null; });
  });
}
