/** Puts the parts of the page together. */

import { Storage } from './model/storage.js';
import { takeGuestKey } from './guest_key.js';
import { Session } from './session.js';
import { mountComposer } from './view/composer_view.js';
import { byId } from './view/dom.js';
import { mountJoin } from './view/join_view.js';
import { mountRoom } from './view/room_view.js';
import { mountState } from './view/state_view.js';
import { mountTranscript } from './view/transcript_view.js';
import { followViewport } from './view/viewport.js';

const storage = new Storage();
takeGuestKey(storage);

/** What the views share: each `mountX(app, root)` may add its own part. */
const app = { session: new Session(storage), storage, decorators: [] };

followViewport();
mountRoom(app, byId('room'));
mountState(app, byId('banner'));
mountJoin(app, byId('join'));
mountTranscript(app, byId('conversation'));
mountComposer(app, byId('composer'));

addEventListener('hashchange', () => {
  if (takeGuestKey(storage)) app.session.keyChanged();
});
app.session.start();
