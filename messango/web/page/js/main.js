/** Puts the parts of the page together. */

import { Storage } from './model/storage.js';
import { takeGuestKey } from './guest_key.js';
import { Session } from './session.js';
import { followViewport } from './view/viewport.js';
import { mountViews } from './views.js';

const storage = new Storage();
takeGuestKey(storage);

/** What the views share: each `mountX(app, root)` may add its own part. */
const app = { session: new Session(storage), storage };

followViewport();
mountViews(app);

addEventListener('hashchange', () => {
  if (takeGuestKey(storage)) app.session.keyChanged();
});
app.session.start();
